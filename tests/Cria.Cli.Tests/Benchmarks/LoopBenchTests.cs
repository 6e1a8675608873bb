using System.Text.Json;
using Cria.Cli.Benchmarks;
using Cria.Cli.Tests.Runs;
using Cria.Training;

namespace Cria.Cli.Tests.Benchmarks;

public sealed class LoopBenchTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shares_are_of_the_time_between_two_steps_without_evaluations_and_checkpoints_are_counted_at_the_recipes_pace_too()
    {
        var time = new HandClock();
        var clock = new PhaseClock(time);
        var watch = new PhaseWatch(clock, first: 1, last: 5);
        for (int step = 1; step <= 5; step++)
        {
            Spend(Phase.Data, 0.1);
            Spend(Phase.Gradients, 8);
            Spend(Phase.Clip, 0.3);
            Spend(Phase.Update, 0.5);
            Spend(Phase.Loop, 0.05);
            clock.Enter(Phase.Observers);
            watch.Stepped(new(step, 1, 1e-3f, 1, 100, 8.9));
            time.Seconds += 0.05;
            if (step is 2 or 4)
                Spend(Phase.Checkpoint, 1);
            if (step == 3)
                Spend(Phase.Evaluation, 10);
            clock.Enter(Phase.Loop);
        }
        var result = LoopResult.Of(watch, saved: 2, recipesPace: 100);

        const double steps = 4 * (0.1 + 8 + 0.8 + 0.05 + 0.05) + 2, overhead = 4 * (0.1 + 0.05 + 0.05) + 2;
        Assert.Equal(4, result.Steps);
        Assert.Equal(steps / 4 * 1000, result.StepMilliseconds, 1e-6);
        Assert.Equal(overhead / steps, result.OverheadShare, 1e-9);
        Assert.Equal(1000, result.CheckpointMilliseconds!.Value, 1e-6);
        Assert.Equal((overhead - 2 + 0.04) / (steps - 2 + 0.04), result.OverheadShareAtRecipesPace, 1e-9);
        Assert.Equal(1, result.Phases.Where(phase => phase.Name != "evaluation").Sum(phase => phase.Share), 1e-9);
        Assert.Equal(10, Assert.Single(result.Phases, phase => phase.Name == "evaluation").Seconds, 1e-9);
        Assert.Equal(3.2, Assert.Single(result.Phases, phase => phase.Name == "clip and update").Seconds, 1e-9);

        void Spend(Phase phase, double seconds)
        {
            clock.Enter(phase);
            time.Seconds += seconds;
        }
    }

    [Fact]
    public void A_real_run_is_timed_with_its_checkpoints_and_leaves_nothing_behind()
    {
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe(every: 10)), scratch = _folder["scratch"];
        string json = CriaProcess.Succeed("bench", "loop", recipe, "--steps", "12", "--threads", "1", "--scratch", scratch, "--json");
        JsonElement run = Assert.Single(JsonDocument.Parse(json).RootElement.GetProperty("recipes").EnumerateArray());
        Assert.Equal("tiny", run.GetProperty("recipe").GetString());
        Assert.Equal(128, run.GetProperty("tokens_per_step").GetInt32());
        Assert.Equal(12, run.GetProperty("steps").GetInt32());
        Assert.Equal(4, run.GetProperty("checkpoints").GetInt32());
        Assert.Equal((3, 10), (run.GetProperty("checkpoint_every").GetInt32(), run.GetProperty("recipe_checkpoint_every").GetInt32()));
        double Share(string name) => run.GetProperty("phases").EnumerateArray()
            .Single(phase => phase.GetProperty("name").GetString() == name).GetProperty("share").GetDouble();
        foreach (string spent in (string[])["forward and backward", "clip and update", "reading data", "metrics and displays", "checkpoints", "the loop"])
            Assert.True(Share(spent) > 0, $"{spent} took no time");
        Assert.Equal(1 - Share("forward and backward") - Share("clip and update"), run.GetProperty("overhead_share").GetDouble(), 1e-9);
        Assert.False(Directory.Exists(scratch));
    }

    [Fact]
    public void A_folder_that_exists_and_a_chain_are_refused()
    {
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe());
        var (code, output, error) = CriaProcess.Run("bench", "loop", recipe, "--scratch", _folder.Root);
        Refusal.Assert(1, code, output, error, $"{_folder.Root} exists already");
        (code, output, error) = CriaProcess.Run("bench", "loop", recipe, "--set", "chain.generations=2", "--scratch", _folder["scratch"]);
        Refusal.Assert(2, code, output, error, "chain");
    }

    sealed class HandClock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => (long)Math.Round(Seconds * TimestampFrequency);
    }
}
