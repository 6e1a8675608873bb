using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Tokenizers;
using Cria.Interop;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data pack</c>: text to token shards.</summary>
static class DataPackVerb
{
    static readonly Argument<string[]> Inputs = DataVerb.Inputs();
    static readonly Option<string> Tokenizer = TokenizerVerb.Option();
    static readonly Option<string> Out =
        DataVerb.Out("DIR", "The folder of the shards; with --validation-fraction it holds two, train and validation.");

    static readonly Option<double> ValidationFraction = DataVerb.ValidationFraction(0);

    public static Command Create() => new Verb(
        "pack",
        "Turn text into token shards with a manifest and hashes.",
        "cria data pack --tokenizer tokenizer stories.txt --out shards")
    {
        Tokenizer, Inputs, Out, ValidationFraction, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetRequiredValue(Out);
        int threads = parsed.ThreadCount();
        ITokenizer tokenizer = TokenizerFile.Open(parsed.GetRequiredValue(Tokenizer)).ToTrainWith();
        ShardPacker packer = new(tokenizer, TokenizerJson.TokenizerHash(tokenizer), threads);
        DocumentReader reader = DocumentReader.Open(parsed.GetRequiredValue(Inputs));
        IEnumerable<Document> documents = DataVerb.Until(reader, cancellation);
        double fraction = parsed.GetValue(ValidationFraction);

        (string Folder, ShardManifest Manifest)[] sets = ProgressBar.While(
            "packing", reader.TotalBytes, () => reader.BytesRead, () =>
            {
                if (fraction == 0)
                    return new[] { (folder, packer.Pack(documents, folder)) };
                CorpusSplit split = new() { ValidationFraction = fraction, Seed = parsed.GetValue(GlobalOptions.Seed) ?? 0 };
                CorpusCleaner cleaner = new(CleaningRecipe.None, split, threads);
                string training = Path.Combine(folder, "train"), validation = Path.Combine(folder, "validation");
                var packed = packer.Pack(cleaner.Clean(documents), training, validation);
                return [(training, packed.Training), (validation, packed.Validation)];
            });

        DataVerb.Complain(reader.Statistics);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Sets = sets.Select(set => new
                {
                    set.Folder,
                    set.Manifest.Documents,
                    set.Manifest.TextBytes,
                    set.Manifest.Tokens,
                    Shards = set.Manifest.Shards.Count,
                    set.Manifest.TokenizerSha256,
                }),
            });
            return 0;
        }

        foreach ((string path, ShardManifest manifest) in sets)
        {
            Output.Line($"{path}: {manifest.Documents} documents, {manifest.Tokens} tokens in {manifest.Shards.Count} shards, "
                + $"{(double)manifest.Tokens / manifest.TextBytes:F3} tokens per byte");
        }

        return 0;
    }
}
