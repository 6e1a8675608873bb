using Cria.Engine.Tensors;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Training.Tests.Stopping;

/// <summary>The trainer itself, on a clock that counts 0.37 seconds a step.</summary>
public sealed class TimedRunTests
{
    static Recipe Timed(Recipe recipe) => recipe with
    {
        Steps = 0,
        Stop = new() { Time = TimeSpan.FromSeconds(20) },
        Evaluate = new() { Every = 0 },
        Checkpoint = new() { Every = 0 },
        Schedule = new CosineRecipe { WarmupSteps = 5 },
    };

    [Fact]
    public void It_ends_at_its_time_with_its_rate_at_the_end_and_says_what_it_planned()
    {
        FakeTime time = new(0.37);
        using var run = new SmallRun(change: Timed, time: time);
        Assert.True(run.Trainer.Run());
        Assert.InRange(run.Trainer.Seconds, 18.5, 20);
        Assert.Equal(run.Trainer.Step, run.Trainer.Planned.LastStep);
        Assert.Equal(0, run.Seen.Steps[^1].LearningRate, 1e-7);
        Assert.NotEmpty(time.Plans);
        Assert.Equal(run.Trainer.Planned.Estimates, time.Plans.Select(plan => new StepEstimate(plan.Step, plan.PlannedSteps)));

    }

    [Fact]
    public void Every_rate_follows_from_the_recorded_plan_alone()
    {
        using var run = new SmallRun(change: Timed, time: new(0.37));
        run.Trainer.Run();
        var schedule = run.Recipe.Schedule.Create(run.Recipe.Optimizer.LearningRate);
        StepPlan recorded = new([.. run.Trainer.Planned.Estimates]);
        foreach (var step in run.Seen.Steps)
            Assert.Equal(schedule.LearningRate(step.Step - 1, recorded), step.LearningRate);
    }

    [Fact]
    public void A_stopped_run_goes_on_with_the_time_it_has_left_and_gives_the_same_bits()
    {
        using var whole = new SmallRun(change: Timed, time: new(0.37));
        whole.Trainer.Run();
        string folder = Directory.CreateTempSubdirectory("cria-timed-").FullName;
        try
        {
            using CancellationTokenSource stop = new();
            FakeTime early = new(0.37) { AfterStep = step => { if (step == 23) stop.Cancel(); } };
            using (var first = new SmallRun(folder: folder, change: Timed, time: early))
                Assert.False(first.Trainer.Run(stop.Token));
            FakeTime later = new(0.37);
            later.Advance(100_000); // the night between
            using var rest = new SmallRun(folder: folder, change: Timed, time: later);
            Assert.Equal(23 * 0.37, rest.Trainer.Seconds, 1e-2);
            Assert.True(rest.Trainer.Run());
            Assert.Equal(whole.Trainer.Step, rest.Trainer.Step);
            Assert.Equal(whole.Trainer.Seconds, rest.Trainer.Seconds, 1e-2);
            Assert.Equal(whole.Model.Parameters.Weights.ToArray<float>(), rest.Model.Parameters.Weights.ToArray<float>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, InlineData(1, 1), InlineData(128, 1), InlineData(129, 2), InlineData(12_800, 100)]
    public void Tokens_become_whole_steps_that_reach_them(long tokens, int steps)
    {
        var recipe = SmallRun.Base with { Steps = 0, Stop = new() { Tokens = tokens } };
        List<string> said = [];
        var resolved = Training.Stopping.Stops.Resolved(recipe, said.Add);
        Assert.Equal((steps, null), (resolved.Steps, resolved.Stop));
        Assert.Contains(tokens % 128 == 0 ? "128" : "rounded up", Assert.Single(said));
        using var run = new SmallRun(change: _ => recipe with { Schedule = new ConstantRecipe { WarmupSteps = 0 } });
        Assert.Equal(steps, run.Trainer.Planned.LastStep);
    }
}
