using System.Diagnostics;
using System.Text.Json;
using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Cli.Sweeps;
using Cria.Cli.Tests.Runs;

namespace Cria.Cli.Tests.Sweeps;

/// <summary>Whole sweeps of the built program.</summary>
public sealed class SweepTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_grid_trains_every_point_once_on_one_corpus_writes_the_best_and_is_not_repeated()
    {
        SlowTests.Only();
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe(stories: 60, steps: 6, every: 0)), sweep = _folder["sweep"];
        string output = CriaProcess.Succeed("sweep", recipe, "--over", "optimizer.learning_rate=1e-3,1e-2", "--seeds", "1,2", "--jobs", "2",
            "--threads", "1", "--out", sweep, "--json");
        JsonElement points = JsonSerializer.Deserialize<JsonElement>(output).GetProperty("points");
        Assert.Equal(2, points.GetArrayLength());
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(sweep, "data")));
        string[] runs = Directory.GetDirectories(Path.Combine(sweep, "runs"));
        Assert.Equal(4, runs.Length);
        Assert.All(runs, run => Assert.False(Directory.Exists(Path.Combine(run, "checkpoints"))));
        Assert.All(runs, run => Assert.True(File.Exists(Path.Combine(run, "model", "model.safetensors"))));

        // A point is what `train` makes of the same recipe.
        string alone = _folder["alone"];
        CriaProcess.Succeed("train", recipe, "--set", "optimizer.learning_rate=1e-2", "--seed", "2", "--brief", "--threads", "1", "--out", alone);
        string same = Assert.Single(runs, run => Path.GetFileName(run).StartsWith("learning_rate=1e-2,seed=2", StringComparison.Ordinal));
        // Only the division of the text follows the recipe's own seed; here the text is not divided.
        Assert.Equal(TinyRun.Weights(alone), TinyRun.Weights(same));

        var best = RecipeFile.Read(Path.Combine(sweep, "best.yaml"), []);
        Assert.Equal(points[0].GetProperty("values").GetProperty("optimizer.learning_rate").GetString() == "1e-2" ? 1e-2f : 1e-3f, best.Optimizer.LearningRate);
        Assert.Contains("<svg", File.ReadAllText(Path.Combine(sweep, "sweep.html")), StringComparison.Ordinal);
        Assert.Equal(4, File.ReadLines(Path.Combine(sweep, "sweep.jsonl")).Count());

        (int code, string refused, string error) = CriaProcess.Run("sweep", recipe, "--out", sweep);
        Refusal.Assert(1, code, refused, error, "--resume");
        var written = runs.ToDictionary(run => run, run => File.GetLastWriteTimeUtc(ResultFile.In(run)));
        CriaProcess.Succeed("sweep", recipe, "--over", "optimizer.learning_rate=1e-3,1e-2,3e-2", "--seeds", "1,2", "--jobs", "2",
            "--threads", "1", "--out", sweep, "--resume");
        Assert.All(written, run => Assert.Equal(run.Value, File.GetLastWriteTimeUtc(ResultFile.In(run.Key))));
        Assert.Equal(6, SweepRecord.Read(sweep).Lines.Count);

        // What now varies beside it leaves the names of what is trained as they are.
        CriaProcess.Succeed("sweep", recipe, "--over", "optimizer.learning_rate=1e-2", "--over", "seed=5", "--seeds", "1,2",
            "--threads", "1", "--out", sweep, "--resume");
        Assert.All(written, run => Assert.Equal(run.Value, File.GetLastWriteTimeUtc(ResultFile.In(run.Key))));
        Assert.Equal(6, Directory.GetDirectories(Path.Combine(sweep, "runs")).Length);
        Assert.Empty(SweepRecord.Read(sweep).Sweep.Axes);
    }

    [Fact]
    public void Halving_goes_on_where_the_rate_is_constant_and_begins_again_where_it_falls()
    {
        SlowTests.Only();
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe(stories: 60, steps: 8, every: 0));
        (int code, _, string error) = CriaProcess.Run("sweep", recipe, "--over", "optimizer.learning_rate=1e-4,1e-3,1e-2,3e-2", "--halving", "2,4",
            "--threads", "1", "--out", _folder["falls"]);
        Assert.True(code == 0, error);
        Assert.Contains("start again", error, StringComparison.Ordinal);
        var lines = SweepRecord.Read(_folder["falls"]).Lines;
        Assert.Equal((4, 2), (lines.Count(line => line.Steps == 4), lines.Count(line => line.Steps == 8)));
        Assert.Equal(6, Directory.GetDirectories(_folder["falls/runs"]).Length);
    }

    [Fact]
    public void Text_that_is_divided_is_divided_once_for_all_seeds()
    {
        CriaProcess.Succeed("data", "synth", "--stories", "60", "--seed", "7", "--out", _folder["corpus.txt"]);
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe(steps: 2, every: 0)
            .Replace("synth: {stories: 200, validation_stories: 10, seed: 1}", "train: [corpus.txt]\n  validation_fraction: 0.2", StringComparison.Ordinal));
        string sweep = _folder["deep/sweep"];
        CriaProcess.Succeed("sweep", recipe, "--seeds", "1,2", "--threads", "1", "--out", sweep);
        var runs = Directory.GetDirectories(Path.Combine(sweep, "runs")).Select(run => ResultFile.Read(ResultFile.In(run))).ToList();
        Assert.Equal(2, runs.Count);
        Assert.Equal(runs[0].Validation.Hash, runs[1].Validation.Hash);
        Assert.Equal(runs[0].DataHash, runs[1].DataHash);
        Assert.NotEqual(runs[0].Validation.Nats, runs[1].Validation.Nats);
        string best = File.ReadAllText(Path.Combine(sweep, "best.yaml"));
        Assert.Contains("../../corpus.txt", best, StringComparison.Ordinal); // from where it lies
        Assert.Equal([_folder["corpus.txt"]], RecipeFile.Read(Path.Combine(sweep, "best.yaml"), []).Data.Train);
    }

    [Fact]
    public void A_job_that_dies_is_named_with_its_last_sentence_and_the_others_are_finished()
    {
        SlowTests.Only();
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe(stories: 60, steps: 4, every: 0)), sweep = _folder["sweep"];
        string[] arguments = ["sweep", recipe, "--over", "data.sequence_length=16,32", "--threads", "1", "--out", sweep];
        // What stands in a run's place and is none.
        CriaProcess.Succeed(arguments);
        string victim = Directory.GetDirectories(Path.Combine(sweep, "runs")).Order().First();
        Directory.Delete(victim, recursive: true);
        File.WriteAllText(victim, "not a folder");
        (int code, string output, string error) = CriaProcess.Run([.. arguments, "--resume"]);
        Assert.Equal(1, code);
        Assert.Contains("is a file", error, StringComparison.Ordinal);
        Assert.Contains("    1  32", output, StringComparison.Ordinal); // the other point has its place
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Interrupted_it_passes_the_word_on_and_resumed_it_ends_as_if_it_had_not_been()
    {
        SlowTests.Only();
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe(stories: 60, steps: 1500, every: 0)), sweep = _folder["sweep"];
        string[] arguments = ["sweep", recipe, "--seeds", "1,2", "--jobs", "2", "--threads", "1", "--out", sweep];
        using (CriaProcess process = CriaProcess.Start(arguments))
        {
            var patience = Stopwatch.StartNew();
            while (!Started() && patience.Elapsed < TimeSpan.FromSeconds(200) && !process.HasEnded)
                Thread.Sleep(20);
            process.Signal(Interruption.Terminate);
            Assert.Equal(130, process.Finish().Code);
        }
        string[] runs = Directory.GetDirectories(Path.Combine(sweep, "runs"));
        Assert.Equal(2, runs.Length);
        Assert.All(runs, run => Assert.Single(Directory.GetDirectories(Path.Combine(run, "checkpoints"))));
        Assert.All(runs, run => Assert.False(File.Exists(Path.Combine(run, ".lock"))));
        CriaProcess.Succeed([.. arguments, "--resume"]);
        Assert.All(runs, run => Assert.Equal(1500, ResultFile.Read(ResultFile.In(run)).Steps));

        bool Started() => Directory.Exists(Path.Combine(sweep, "runs"))
            && Directory.GetDirectories(Path.Combine(sweep, "runs")) is { Length: 2 } found && found.All(run => TinyRun.Lines(run) > 5);
    }

    [Fact]
    public void What_all_runs_take_is_known_before_the_first()
    {
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe(stories: 30, steps: 6, every: 0));
        SweepCost steps = Cost(), tokens = Cost("steps=0", "stop={tokens: 700}"), time = Cost("steps=0", "stop={time: 90s}");
        Assert.Equal((4, 0, 0.0), (steps.Runs, steps.TimedRuns, steps.Seconds));
        double perStep = RecipeFile.Read(recipe).WithVocabulary().Model.FlopsPerToken(32) * 128.0;
        Assert.InRange(steps.Flops / (2 * (6 + 12) * perStep), 0.99, 1.01);
        Assert.InRange(tokens.Flops / (4 * 6 * perStep), 0.99, 1.01);
        Assert.Equal((4, 0.0, 4, 360.0), (time.Runs, time.Flops, time.TimedRuns, time.Seconds));

        SweepCost Cost(params string[] set)
        {
            SweepAxis axis = SweepAxis.Parse(set.Length == 0 ? "steps=6,12" : "optimizer.learning_rate=1e-3,1e-2");
            SweepPlan plan = new([recipe], [axis], 0, [1, 2], null, 1) { Common = set };
            SweepData data = new(_folder["data"], 1, _ => { }, default);
            return new SweepExecution(plan, SweepPoint.Of(plan), _folder["sweep"], 1, 1, default) { Data = data }.Cost();
        }
    }

    [Theory]
    [InlineData("optimizer.learning_rate=1e-3,-1", "learning_rate=-1: optimizer.learning_rate -1 is not above 0")]
    [InlineData("model.num_attention_heads=4,5", "num_attention_heads=5: ")]
    [InlineData("stop={time: 3h},null", "stop={time: 3h}: ")]
    public void A_point_that_cannot_be_is_named_before_anything_is_done_for_the_others(string over, string said)
    {
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe());
        (int code, string output, string error) = CriaProcess.Run("sweep", recipe, "--over", over, "--out", _folder["sweep"]);
        Refusal.Assert(2, code, output, error, said);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.False(Path.Exists(_folder["sweep"]));
    }

    [Theory]
    [InlineData("--over", "a", "PATH=VALUES")]
    [InlineData("--over", "optimizer.learning_rat=1,2", "learning_rate")]
    [InlineData("--seeds", "1,x", "1,2,3")]
    [InlineData("--halving", "0,1", "ETA,STEPS")]
    public void Wrong_use_is_said_in_a_sentence(string option, string value, string expected)
    {
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe());
        (int code, string output, string error) = CriaProcess.Run("sweep", recipe, option, value, "--out", _folder["sweep"]);
        Refusal.Assert(2, code, output, error, expected);
    }
}
