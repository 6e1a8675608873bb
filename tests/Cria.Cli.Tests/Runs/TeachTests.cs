using System.Text.Json.Nodes;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Data;
using Cria.Data.Predictions;
using Cria.Data.Sampling;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;

namespace Cria.Cli.Tests.Runs;

/// <summary><c>cria teach</c>, and runs that learn from what it wrote.</summary>
public sealed class TeachTests(TeachTests.Trained trained) : IDisposable, IClassFixture<TeachTests.Trained>
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_student_of_what_two_teachers_said_stopped_and_resumed_has_the_bits_of_one_that_never_stopped()
    {
        string recipe = trained.Recipe, teacher = trained.Teacher, file = _folder["said"];
        string younger = Path.Combine(teacher, "checkpoints", "step-10");
        var made = JsonNode.Parse(CriaProcess.Succeed("teach", teacher, younger, "--data", $"{teacher}/data/train", "--sequence-length", "32",
            "--top-k", "20", "--temperature", "2", "--json", "--threads", "2", "--out", file))!;
        byte[] whole = File.ReadAllBytes(file);
        Assert.Equal(whole.Length, (long)made["bytes"]!);
        Assert.Equal(20, (int)made["most_kept"]!);
        Assert.Equal((long)made["windows"]!, (long)made["windows_asked"]!);

        string[] loss = [$"loss={{type: cached_distillation, targets: {file}, alpha: 0.3}}",
            $"tokenizer.path={teacher}/model", "data.reader.type=windows", "seed=7"];
        string never = Train(recipe, _folder["never"], loss);
        string[] arguments = ["train", recipe, "--out", _folder["run"], "--brief", .. Set(loss)];
        CriaProcess.Succeed([.. arguments, "--threads", "1", "--until", "13"]);
        CriaProcess.Succeed([.. arguments, "--threads", "2", "--resume"]);
        TinyRun.AssertSame(never, _folder["run"]);

        // What it says is what counts, wherever it lies; what others say is another recipe.
        File.Move(file, _folder["moved"]);
        Ask(Options(teacher, younger) with { Choice = new TopTokens(20), Temperature = 2, Mean = EnsembleMean.Probabilities, Out = file });
        string Hash(string targets)
        {
            var read = RecipeFile.Read(recipe, [.. loss, $"loss.targets={targets}"]);
            using Teachers teachers = new(read);
            return ResumeHash.Of(teachers.Recipe, "", teachers.Hash());
        }
        Assert.NotEqual(Hash(_folder["moved"]), Hash(file));
        File.Copy(_folder["moved"], file, overwrite: true);
        Assert.Equal(Hash(_folder["moved"]), Hash(file));
    }

    [Fact]
    public void What_was_killed_in_the_middle_goes_on_to_the_same_bytes_on_any_number_of_threads()
    {
        string teacher = trained.Teacher;
        var options = Options(teacher) with { Choice = new DrawnTokens(9, 1.5, Seed: 4) };
        var made = Ask(options);
        byte[] whole = File.ReadAllBytes(options.Out);
        File.WriteAllBytes(_folder["again.tmp"], whole[..(whole.Length / 2)]);
        List<string> told = [];
        var again = Ask(options with { Out = _folder["again"], Threads = 3 }, told);
        Assert.Equal(whole, File.ReadAllBytes(_folder["again"]));
        Assert.InRange(again.WindowsAsked, 1, made.WindowsAsked - 1);
        Assert.Contains(told, line => line.StartsWith("going on after", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("tokens/s", StringComparison.Ordinal) && line.EndsWith("left", StringComparison.Ordinal));
        Assert.Equal(0, Ask(options).WindowsAsked);

        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        using Teaching stopped = new(options with { Out = _folder["stopped"] }, _ => { });
        Assert.Throws<OperationCanceledException>(() => stopped.Run(cancelled.Token));
        Assert.True(File.Exists(_folder["stopped.tmp"]));
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        string recipe = trained.Recipe, teacher = trained.Teacher, foreign = trained.Foreign;
        var options = Options(teacher);
        Refused<ConfigException>("context of 64", options with { SequenceLength = 65 });
        Refused<DataException>("the vocabulary has 300", options with { Choice = new TopTokens(301) });
        Refused<DataException>("packed with another tokenizer", options with { Data = $"{foreign}/data/train" });
        Refused<CheckpointException>("different tokenizers", options with { Teachers = [teacher, foreign] });
        Ask(options);
        Refused<DataException>("is not overwritten", options with { Choice = new TopTokens(4) });

        string loss = $"loss={{type: cached_distillation, targets: {options.Out}}}", windows = "data.reader.type=windows";
        NotTrained("data.reader.type permutation", loss);
        NotTrained("windows of 32 tokens", loss, windows, "data.sequence_length=16");
        NotTrained("document_masks is false", loss, windows, "data.reader.document_masks=false");
        NotTrained("does not exist", $"loss={{type: cached_distillation, targets: {_folder["gone"]}}}", windows);
        Attached("other data", teacher, $"{foreign}/data/train");
        Attached("another tokenizer", foreign, $"{teacher}/data/train");

        var (code, output, error) = CriaProcess.Run("teach", teacher, "--data", options.Data, "--sequence-length", "32", "--out", _folder["other"]);
        Refusal.Assert(2, code, output, error, "--top-k 64, or --draws 50");

        void Refused<E>(string said, TeachOptions wrong) where E : Exception =>
            Assert.Contains(said, Assert.Throws<E>(() => Ask(wrong)).Message, StringComparison.Ordinal);

        void NotTrained(string said, params string[] sets)
        {
            var refusal = Assert.ThrowsAny<Exception>(() => new Teachers(RecipeFile.Read(recipe, sets)).Dispose());
            Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
            Assert.True(refusal is ConfigException or DataException, refusal.GetType().Name);
        }

        void Attached(string said, string tokenizer, string data)
        {
            using Teachers teachers = new(RecipeFile.Read(recipe, [loss, windows]));
            using OpenedModel model = new(tokenizer, 1);
            var reader = SampleReaders.Open(new() { Type = "windows" }, TokenStreams.Open(data, model.Tokenizer), 32, seed: 1);
            string hash = TokenizerJson.TokenizerHash(model.Tokenizer);
            var refusal = Assert.Throws<ConfigException>(() => teachers.Taught!.Attach(reader, hash));
            Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        }
    }

    TeachOptions Options(params string[] teachers) => new()
    {
        Teachers = teachers,
        Data = $"{teachers[0]}/data/train",
        SequenceLength = 32,
        Choice = new TopTokens(3),
        Out = _folder["said"],
    };

    static TaughtFile Ask(TeachOptions options, List<string>? told = null)
    {
        using Teaching teaching = new(options, line => told?.Add(line));
        return teaching.Run(CancellationToken.None);
    }

    static string Train(string recipe, string run, params string[] sets)
    {
        CriaProcess.Succeed(["train", recipe, "--out", run, "--threads", "1", "--brief", .. Set(sets)]);
        return run;
    }

    static IEnumerable<string> Set(params string[] values) => values.SelectMany(value => new[] { "--set", value });

    /// <summary>Two models that know nothing of each other.</summary>
    public sealed class Trained : IDisposable
    {
        readonly TemporaryFolder _folder = new();

        public Trained()
        {
            Recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(stories: 60, steps: 20));
            Teacher = Train(Recipe, _folder["teacher"]);
            Foreign = Train(Recipe, _folder["foreign"], "data.synth.seed=2", "steps=1", "schedule.warmup_steps=0");
        }

        public string Recipe { get; }

        public string Teacher { get; }

        public string Foreign { get; }

        public void Dispose() => _folder.Dispose();
    }
}
