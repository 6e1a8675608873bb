using System.Text;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Data;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;
using Cria.Data.Stories;
using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Runs;

/// <summary>Runs on the token files of other programs, as they are.</summary>
public sealed class TokenFileRunTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly BpeTokenizer _tokenizer;
    int _recipes;

    public TokenFileRunTests()
    {
        _tokenizer = BpeTrainer.Train(
            Stories(0, 60).Select(story => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(story)), new() { VocabSize = 300, Threads = 1 });
        TokenizerJson.WriteFolder(_tokenizer, _folder["tok"]);
        Pack(Stories(0, 60), "train");
        Pack(Stories(60, 10), "held");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_tokens_in_a_file_of_nanoGPT_and_in_shards_give_the_same_losses_and_the_same_model()
    {
        Write(TokenFileFormat.Bin, "train", "nano");
        CriaProcess.Succeed("train", Recipe("train", "held"), "--out", _folder["ours"], "--threads", "1");
        CriaProcess.Succeed("train", Recipe("nano/train.bin", "nano/val.bin"), "--out", _folder["theirs"], "--threads", "2");
        TinyRun.AssertSame(_folder["ours"], _folder["theirs"]);
        Assert.Contains(TinyRun.Metrics(_folder["theirs"]), line => line.Contains("bits_per_byte", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TokenFileFormat.Bin, "other/train.bin", "other/val.bin")]
    [InlineData(TokenFileFormat.Llmc, "other/x_train.bin", "other/x_val.bin")]
    [InlineData(TokenFileFormat.FineWeb, "other/x_train_*.bin", "other/x_val_*.bin")]
    public void Every_format_gives_the_samples_of_the_shards(TokenFileFormat format, string train, string validation)
    {
        Write(format, "train", "other");
        AssertSameSamples(RecipeFile.Read(Recipe("train", "held")), RecipeFile.Read(Recipe(train, validation)));
    }

    [Fact]
    public void A_folder_of_lit_gpt_and_a_mixture_of_files_and_shards_are_read()
    {
        using ShardSet set = ShardSet.Open(_folder["train"]);
        TokenFileExport.WriteFolder(TokenFileFormat.LitPkds, _folder["lit"], "x", set, null, 1000);
        Recipe recipe = RecipeFile.Read(Recipe("lit", "held"));
        AssertSameSamples(RecipeFile.Read(Recipe("train", "held")), recipe, sameLength: false); // the last file is filled up
        Recipe mixture = recipe with
        {
            Data = recipe.Data with { Train = [], Mixture = [new() { Train = _folder["lit"], Weight = 1 }, new() { Train = _folder["train"], Weight = 3 }] },
        };
        using TrainingData mixed = Open(mixture);
        Assert.Null(mixed.Documents);
        Assert.InRange(mixed.Tokens, 2 * set.Tokens, 2 * set.Tokens + 1000);
    }

    [Fact]
    public void An_id_outside_the_vocabulary_a_missing_tokenizer_and_tokens_beside_text_are_refused_in_a_sentence()
    {
        Write(TokenFileFormat.Bin, "train", "nano");
        byte[] bytes = File.ReadAllBytes(_folder["nano/train.bin"]);
        (bytes[^40], bytes[^39]) = (0x2C, 0x01); // 300
        File.WriteAllBytes(_folder["nano/bad.bin"], bytes);
        var (code, output, error) = CriaProcess.Run(
            "train", Recipe("nano/bad.bin", "held"), "--out", _folder["out"], "--set", "data.reader={type: permutation}");
        Refusal.Assert(1, code, output, error, "bad.bin holds the id 300", "vocabulary has 300");

        Recipe recipe = RecipeFile.Read(Recipe("nano/train.bin", "held"));
        string without = Message(recipe with { Tokenizer = new() });
        Assert.Contains("nano/train.bin holds tokens", without, StringComparison.Ordinal);
        Assert.Contains("tokenizer.path", without, StringComparison.Ordinal);
        string text = _folder.Write("text.txt", "words");
        Assert.Contains("data.validation", Message(recipe with { Data = recipe.Data with { Validation = [text] } }), StringComparison.Ordinal);
        Assert.Contains("absent.bin does not exist", Message(RecipeFile.Read(Recipe("nano/absent.bin", "held"))), StringComparison.Ordinal);
        Assert.Contains("name one of them", Message(RecipeFile.Read(Recipe("nano", "held"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_and_a_separator_of_another_name_give_the_data_of_the_plain_text()
    {
        string[] stories = [.. Stories(0, 40)];
        string plain = _folder.Write("plain.txt", string.Join($"\n{Document.Separator}\n", stories));
        string own = _folder.Write("own.txt", string.Join("\n=====\n", stories));
        string table = _folder.Write("table.csv", "id,story\n" + string.Concat(stories.Select((story, i) => $"{i},\"{story.Replace("\"", "\"\"")}\"\n")));
        Recipe recipe = RecipeFile.Read(Recipe("train", "held"));
        string Hash(string name, DataRecipe data)
        {
            PreparedCorpus made = Prepare(recipe with { Data = data }, name);
            using var set = ShardSet.Open(Assert.Single(made.Train));
            return set.ManifestHash;
        }

        DataRecipe of = recipe.Data with { Validation = [], ValidationFraction = 0.2 };
        string expected = Hash("plain", of with { Train = [plain] });
        Assert.Equal(expected, Hash("own", of with { Train = [own], Separator = "=====" }));
        Assert.Equal(expected, Hash("table", of with { Train = [table], TextColumn = "story" }));
        Assert.Contains("text", Assert.Throws<DataException>(() => Hash("wrong", of with { Train = [table] })).Message, StringComparison.Ordinal);
    }

    string Recipe(string train, string validation)
    {
        string text = TinyRun.Recipe(steps: 8)
            .Replace("synth: {stories: 200, validation_stories: 10, seed: 1}",
                $"train: \"{train}\"\n  validation: \"{validation}\"\n  reader: {{type: sequential}}", StringComparison.Ordinal)
            .Replace("{vocab_size: 300}", "{path: tok}", StringComparison.Ordinal)
            .Replace("evaluate: {every: 25, tokens: 500}", "evaluate: {every: 4, tokens: 0}", StringComparison.Ordinal);
        return _folder.Write($"recipe-{++_recipes}.yaml", text);
    }

    void AssertSameSamples(Recipe ours, Recipe theirs, bool sameLength = true)
    {
        using TrainingData one = Open(ours), other = Open(theirs);
        const int count = 8;
        int length = one.Reader.SequenceLength;
        int[] expected = new int[count * length], actual = new int[count * length];
        int[] targets = new int[count * length], starts = new int[count * length + 1];
        one.Reader.Read(0, count, expected, targets, starts);
        other.Reader.Read(0, count, actual, targets, starts);
        Assert.Equal(expected, actual);
        if (sameLength)
            Assert.Equal(one.Tokens, other.Tokens);
    }

    TrainingData Open(Recipe recipe)
    {
        PreparedCorpus corpus = Prepare(recipe, "data");
        return new(recipe, corpus.Train, corpus.Tokenizer);
    }

    string Message(Recipe recipe) => Assert.Throws<DataException>(() => Prepare(recipe, "data")).Message;

    PreparedCorpus Prepare(Recipe recipe, string folder) =>
        new CorpusPreparation(recipe, _folder[folder], 1, _ => { }, CancellationToken.None).Run();

    void Write(TokenFileFormat format, string train, string folder)
    {
        using ShardSet set = ShardSet.Open(_folder[train]), held = ShardSet.Open(_folder["held"]);
        TokenFileExport.WriteFolder(format, _folder[folder], "x", set, held, null);
    }

    void Pack(IEnumerable<string> stories, string folder)
    {
        string text = _folder.Write($"{folder}.txt", string.Join($"\n{Document.Separator}\n", stories));
        new ShardPacker(_tokenizer, TokenizerJson.TokenizerHash(_tokenizer), threads: 1).Pack(DocumentReader.Open([text]), _folder[folder]);
    }

    static IEnumerable<string> Stories(int first, int count)
    {
        var generator = new StoryGenerator(3);
        return Enumerable.Range(first, count).Select(index => generator.At(index).Text);
    }
}
