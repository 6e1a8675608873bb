using System.Text.Json;
using Cria.Cli.Results;
using Cria.Cli.Verbs;
using Cria.Data;
using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Stories;
using Cria.Data.Tokenizers;
using Cria.Interop;
using Cria.Interop.HuggingFace;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>
/// From what a recipe says of its data to shards: read, clean, split, train a tokenizer, pack. Done once a run: what an
/// earlier start finished is used again, what it left half done is made anew.
/// </summary>
sealed class CorpusPreparation(Recipe recipe, string folder, int threads, Action<string> tell, CancellationToken cancellation)
{
    /// <summary>Validation stories come from here on: no training set is so long.</summary>
    public const long FirstValidationStory = 1L << 32;

    /// <summary>Where validation is split off, a longer document is divided: a whole book must not fall on one side.</summary>
    const int MaxDocumentCharacters = 50_000, MinDocumentCharacters = 1000;

    /// <summary>Pieces at least, unless they would be too short: even a single book gives some of itself to validation.</summary>
    const int FewestPieces = 400;

    const string Absent = "";

    string TrainText => Path.Combine(folder, "train.jsonl");

    string ValidationText => Path.Combine(folder, "validation.jsonl");

    string TrainShards => Path.Combine(folder, "train");

    string ValidationShards => Path.Combine(folder, "validation");

    string TokenizerFolder => TokenizerIn(folder);

    ReaderOptions Reading => new() { TextField = recipe.Data.TextColumn, Separator = recipe.Data.Separator };

    string Done => Path.Combine(folder, "prepared.txt");

    /// <summary>Where a preparation in a folder leaves the tokenizer.</summary>
    public static string TokenizerIn(string folder) => Path.Combine(folder, "tokenizer");

    public PreparedCorpus Run()
    {
        if (recipe.Data.Mixture.Length > 0)
            return OfTokens();
        if (recipe.Data.Synth is null && recipe.Data.Train.Length == 0)
            throw new DataException("the recipe names no text; name yours with --set data.train=PATH (several: [A, B]), give data.synth, or several shard folders by data.mixture.");
        if (recipe.Data.Train.Concat(recipe.Data.Validation).Any(TokenStreams.Has))
            return OfTokens();
        if (IsDone())
            return Prepared(TokenizerJson.Read(TokenizerFolder), null, null);
        NeedFiles();
        Directory.CreateDirectory(folder);
        Clear();
        var (report, statistics) = Clean();
        var tokenizer = recipe.Tokenizer.Path is { } path ? TokenizerFile.Open(path).ToTrainWith() : TrainTokenizer();
        TokenizerJson.WriteFolder(tokenizer, TokenizerFolder);
        Pack(tokenizer);
        WholeFile.Write(Done, string.Concat(Key().Select(line => line + "\n")));
        return Prepared(tokenizer, report, statistics);
    }

    // Published recipes name corpora that are not shipped.
    void NeedFiles()
    {
        (string Key, string[] Paths)[] named =
            [("data.train", recipe.Data.Train), ("data.validation", recipe.Data.Validation), ("tokenizer.path", recipe.Tokenizer.Path is { } path ? [path] : [])];
        foreach (var (key, paths) in named)
            foreach (string absent in paths.Where(path => !path.AsSpan().ContainsAny('*', '?') && !Path.Exists(path)))
                throw new DataException($"{absent} does not exist, and {key} of the recipe names it; put it there, or name yours with --set {key}=PATH.");
        foreach (var source in recipe.Data.Mixture)
            if (!TokenStreams.Has(source.Train))
                throw new DataException($"{source.Train} is no shard folder and no token file, and data.mixture names it; a mixture draws from tokens: " +
                    "make shards with `cria data pack`, all with one tokenizer.");
    }

    PreparedCorpus OfTokens()
    {
        NeedFiles();
        bool mixes = recipe.Data.Mixture.Length > 0;
        string[] train = mixes ? [.. recipe.Data.Mixture.Select(source => source.Train)] : recipe.Data.Train;
        bool oneEach = (mixes || train.Length == 1) && recipe.Data.Validation.Length == 1;
        if (!oneEach || !train.Concat(recipe.Data.Validation).All(TokenStreams.Has))
            throw new DataException("with tokens, data.train and data.validation name one shard folder each, or one token file, folder or pattern of " +
                "*.bin; several to train on go under data.mixture.");
        string path = recipe.Tokenizer.Path ?? throw new DataException($"{train[0]} holds tokens, and the recipe names no tokenizer; " +
            "name the one that made them in tokenizer.path.");
        var tokenizer = TokenizerFile.Open(path).ToTrainWith();
        string hash = TokenizerJson.TokenizerHash(tokenizer);
        foreach (string named in train.Append(recipe.Data.Validation[0]))
        {
            var stream = TokenStreams.Open(named, tokenizer);
            using var opened = stream as IDisposable;
            if (stream.TokenizerSha256 != hash)
                throw new DataException($"{named} was packed with another tokenizer than {path}; name the right one in tokenizer.path.");
        }
        return new(train, recipe.Data.Validation[0], tokenizer, Files(tokenizer), null);
    }

    (CleaningReport, ReaderStatistics?) Clean()
    {
        bool hasValidation = recipe.Data.Synth is not null || recipe.Data.Validation.Length > 0;
        var split = new CorpusSplit { ValidationFraction = hasValidation ? 0 : recipe.Data.ValidationFraction, Seed = recipe.Seed };
        var cleaner = new CorpusCleaner(CleaningRecipe.Basic, split, threads);
        var reader = recipe.Data.Synth is null ? DocumentReader.Open(recipe.Data.Train, Reading) : null;
        tell(reader is null ? $"writing {recipe.Data.Synth!.Stories:N0} stories" : $"cleaning {Reports.Human.Bytes(reader.TotalBytes)} of text");
        using var train = new CorpusWriter(TrainText);
        using var validation = new CorpusWriter(ValidationText);
        var documents = reader is null
            ? Stories(0, recipe.Data.Synth!.Stories)
            : hasValidation ? reader : DocumentDivision.Divide(reader, PieceOf(reader));
        bool mayBeShort = !hasValidation && recipe.Data.ValidationFraction > 0 && reader!.TotalBytes <= ShortText.MostBytes;
        var cleaned = cleaner.Clean(DataVerb.Until(documents, cancellation)).Select(document => (document.Text, document.IsValidation));
        foreach (var (text, isValidation) in mayBeShort ? ShortText.Divided([.. cleaned], recipe.Data.ValidationFraction, tell) : cleaned)
            (isValidation ? validation : train).Add(text);
        var report = cleaner.Report;
        if (hasValidation)
        {
            var held = recipe.Data.Synth is { } synth
                ? Stories(FirstValidationStory, synth.ValidationStories)
                : DocumentReader.Open(recipe.Data.Validation, Reading);
            foreach (var document in new CorpusCleaner(CleaningRecipe.Basic, threads: threads).Clean(DataVerb.Until(held, cancellation)))
                validation.Add(document.Text);
        }
        if (validation.Documents == 0 || train.Documents == 0)
            throw new DataException($"the text has {train.Documents + validation.Documents} {(train.Documents + validation.Documents == 1 ? "document" : "documents")}, too few to hold {recipe.Data.ValidationFraction:P1} " +
                $"out for validation; separate documents by lines of {Document.Separator}, raise data.validation_fraction, or name data.validation files.");
        train.Complete();
        validation.Complete();
        return (report, reader?.Statistics);
    }

    IEnumerable<Document> Stories(long first, int count)
    {
        var generator = new StoryGenerator(recipe.Data.Synth!.Seed);
        for (long index = first; index < first + count; index++)
            yield return new(generator.At(index).Text, "story", index);
    }

    BpeTokenizer TrainTokenizer()
    {
        tell($"learning a vocabulary of {recipe.Tokenizer.VocabSize:N0} tokens");
        var texts = DocumentReader.Open([TrainText]).Select(document => document.Utf8);
        return BpeTrainer.Train(texts, new() { VocabSize = recipe.Tokenizer.VocabSize, Threads = threads }, null, cancellation);
    }

    void Pack(ITokenizer tokenizer)
    {
        tell("turning the text into tokens");
        var packer = new ShardPacker(tokenizer, TokenizerJson.TokenizerHash(tokenizer), threads);
        packer.Pack(DataVerb.Until(DocumentReader.Open([ValidationText]), cancellation), ValidationShards);
        packer.Pack(DataVerb.Until(DocumentReader.Open([TrainText]), cancellation), TrainShards);
    }

    PreparedCorpus Prepared(ITokenizer tokenizer, CleaningReport? report, ReaderStatistics? statistics) =>
        new([TrainShards], ValidationShards, tokenizer, FolderStore.TokenizerFiles(TokenizerFolder), TrainText, report,
            statistics);

    static Dictionary<string, byte[]> Files(ITokenizer tokenizer)
    {
        string folder = Directory.CreateTempSubdirectory("cria-tokenizer-").FullName;
        try
        {
            TokenizerJson.WriteFolder(tokenizer, folder);
            return FolderStore.TokenizerFiles(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A source that has moved away since says nothing against what was made of it.
    bool IsDone()
    {
        if (!File.Exists(Done))
            return false;
        string[] then = File.ReadAllLines(Done), now = Key();
        return then.Length == now.Length && then.Zip(now).All(line => line.First == line.Second || line.Second == Absent);
    }

    // What the prepared data depends on: change it, and they are made anew. The recipe, then each source.
    string[] Key()
    {
        var data = recipe.Data with { Reader = new(), Mixture = [] }; // in which order it is read says nothing of the data
        string text = JsonSerializer.Serialize(new { Data = data, recipe.Tokenizer, recipe.Seed });
        return [Sha256.Of(text), .. recipe.Data.Train.Concat(recipe.Data.Validation).Select(Stamp)];

        static string Stamp(string path) =>
            File.Exists(path) ? $"{new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path):O}" : Absent;
    }

    // Only what an earlier preparation of this run made.
    void Clear()
    {
        foreach (string file in (string[])[TrainText, ValidationText, Done])
            File.Delete(file);
        foreach (string shards in (string[])[TrainShards, ValidationShards, TokenizerFolder])
            if (Directory.Exists(shards))
                Directory.Delete(shards, recursive: true);
    }

    static int PieceOf(DocumentReader reader) =>
        (int)Math.Clamp(reader.TotalBytes / FewestPieces, MinDocumentCharacters, MaxDocumentCharacters);
}
