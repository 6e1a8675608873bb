using System.Text;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Data;
using Cria.Data.Sampling;
using Cria.Data.Stories;
using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Runs;

/// <summary>Runs whose recipe names a reader or a mixture, from text to model.</summary>
public sealed class ReaderRunTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Readers => [.. SampleReaders.Types];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_packed_run_says_how_full_its_sequences_are_and_reports_it()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 5));
        var (code, _, error) = CriaProcess.Run(
            "train", recipe, "--out", _folder["run"], "--threads", "1", "--set", "data.reader.type=packed");
        Assert.True(code == 0, error);
        Assert.Contains("documents packed into sequences of 32 tokens", error, StringComparison.Ordinal);
        Assert.Contains("% full", File.ReadAllText(_folder["run/report.html"]), StringComparison.Ordinal);
        Assert.Contains("type: packed", File.ReadAllText(_folder["run/recipe.yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mixture_trains_and_resumes_to_the_same_bits_and_its_weights_are_the_recipes()
    {
        string recipe = Mixture();
        CriaProcess.Succeed("train", recipe, "--out", _folder["whole"], "--threads", "1");
        using (CriaProcess process = CriaProcess.Start("train", recipe, "--out", _folder["run"], "--threads", "2"))
        {
            while (TinyRun.Lines(_folder["run"]) < 12 && !process.HasEnded)
                Thread.Sleep(2);
            process.Kill();
            AssertKilled(process.Finish().Code);
        }

        CriaProcess.Succeed("train", recipe, "--out", _folder["run"], "--resume", "--threads", "2");
        TinyRun.AssertSame(_folder["whole"], _folder["run"]);
        var (code, output, error) = CriaProcess.Run("train", recipe, "--out", _folder["run"], "--resume",
            "--set", $"data.mixture=[{{train: {_folder["a"]}, weight: 1}}, {{train: {_folder["b"]}, weight: 1}}]");
        Refusal.Assert(1, code, output, error, "another recipe");
    }

    [Fact]
    public void A_mixture_of_text_or_of_two_tokenizers_is_refused_in_a_sentence()
    {
        Recipe recipe = RecipeFile.Read(Mixture());
        PackStories(300, Tokenizer("other", 310), _folder["c"]);
        _folder.Write("text.txt", "words");
        string Refusal(string second) => Assert.Throws<DataException>(() => Prepare(recipe with
        {
            Data = recipe.Data with { Mixture = [recipe.Data.Mixture[0], new() { Train = second, Weight = 1 }] },
        })).Message;
        Assert.Contains("packed with another tokenizer", Refusal(_folder["c"]), StringComparison.Ordinal);
        Assert.Contains("text.txt is no shard folder", Refusal(_folder["text.txt"]), StringComparison.Ordinal);
        Assert.Contains("nowhere is no shard folder", Refusal(_folder["nowhere"]), StringComparison.Ordinal);
        Assert.Equal(2, Prepare(recipe).Train.Count);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_killed_run_resumed_on_another_number_of_threads_gives_the_bits_of_one_left_alone(string type)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; set CRIA_SLOW=1");
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 40));
        string[] set = ["--set", $"data.reader.type={type}"];
        CriaProcess.Succeed(["train", recipe, "--out", _folder["whole"], "--threads", "1", .. set]);
        using (CriaProcess process = CriaProcess.Start(["train", recipe, "--out", _folder["run"], "--threads", "2", .. set]))
        {
            while (TinyRun.Lines(_folder["run"]) < 22 && !process.HasEnded)
                Thread.Sleep(1);
            process.Kill();
            AssertKilled(process.Finish().Code);
        }

        CriaProcess.Succeed(["train", recipe, "--out", _folder["run"], "--resume", "--threads", "2", .. set]);
        TinyRun.AssertSame(_folder["whole"], _folder["run"]);
    }

    // A run that had ended before would prove nothing.
    static void AssertKilled(int code) => Assert.Equal(OperatingSystem.IsWindows() ? -1 : 128 + 9, code);

    // Two shard sets of one tokenizer, a third for validation, and a recipe over them.
    string Mixture()
    {
        ITokenizer tokenizer = Tokenizer("tok", 300);
        PackStories(0, tokenizer, _folder["a"]);
        PackStories(100, tokenizer, _folder["b"]);
        PackStories(200, tokenizer, _folder["held"], 10);
        string text = TinyRun.Recipe(steps: 30)
            .Replace("synth: {stories: 200, validation_stories: 10, seed: 1}",
                "mixture: [{train: a, weight: 4.5}, {train: b, weight: 0.5}]\n  validation: held", StringComparison.Ordinal)
            .Replace("{vocab_size: 300}", "{path: tok}", StringComparison.Ordinal);
        return _folder.Write("mixture.yaml", text);
    }

    ITokenizer Tokenizer(string name, int size)
    {
        var texts = Stories(0, 100).Select(story => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(story));
        BpeTokenizer tokenizer = BpeTrainer.Train(texts, new() { VocabSize = size, Threads = 1 });
        TokenizerJson.WriteFolder(tokenizer, _folder[name]);
        return tokenizer;
    }

    static IEnumerable<string> Stories(int first, int count)
    {
        var generator = new StoryGenerator(3);
        return Enumerable.Range(first, count).Select(index => generator.At(index).Text);
    }

    void PackStories(int first, ITokenizer tokenizer, string folder, int count = 60)
    {
        string text = _folder.Write($"{Path.GetFileName(folder)}.txt", string.Join($"\n{Data.Readers.Document.Separator}\n", Stories(first, count)));
        new Data.Shards.ShardPacker(tokenizer, TokenizerJson.TokenizerHash(tokenizer), threads: 1)
            .Pack(Data.Readers.DocumentReader.Open([text]), folder);
    }

    PreparedCorpus Prepare(Recipe recipe) => new CorpusPreparation(recipe, _folder["data"], 1, _ => { }, CancellationToken.None).Run();
}
