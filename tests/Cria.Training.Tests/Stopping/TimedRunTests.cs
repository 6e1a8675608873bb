using Cria.Engine.Tensors;
using Cria.Training.Averaging;
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

    [Fact]
    public void With_averages_evaluations_and_checkpoints_in_the_background_it_ends_on_time_and_its_plan_alone_gives_the_same_bits()
    {
        const double Budget = 60;
        static Recipe Busy(Recipe recipe) => Timed(recipe) with
        {
            Stop = new() { Time = TimeSpan.FromSeconds(Budget) },
            Evaluate = new() { Every = 25, Tokens = 200 },
            Checkpoint = new() { Every = 20, Keep = 2 },
            Average =
            [
                new EmaRecipe { Decay = 0.9, Use = AverageUse.Final }, new WindowRecipe { Horizon = 20 }, new LawaRecipe { Count = 3 },
            ],
        };
        string folder = Directory.CreateTempSubdirectory("cria-timed-").FullName;
        try
        {
            using CancellationTokenSource stop = new();
            using (var first = Busily(new(0.2) { AfterStep = step => { if (step == 70) stop.Cancel(); } }))
                Assert.False(first.Trainer.Run(stop.Token));
            using var rest = Busily(new(0.2));
            Assert.Equal(70, rest.Trainer.Step);
            Assert.InRange(rest.Trainer.Seconds, 70 * 0.2, Budget / 2);
            Assert.True(rest.Trainer.Run());

            Assert.InRange(rest.Trainer.Seconds, 0.97 * Budget, 1.01 * Budget);
            Assert.InRange(rest.Seen.Steps[^1].LearningRate, 0, 0.02f * rest.Recipe.Optimizer.LearningRate);
            Assert.Equal(rest.Trainer.Step, rest.Seen.Checkpoints[^1]);
            Assert.Contains(rest.Seen.Checkpoints, step => step % 20 == 0 && step < rest.Trainer.Step);
            Assert.Equal(["", "ema", "window", "lawa"], rest.Seen.Evaluations.TakeLast(4).Select(evaluation => evaluation.Weights));

            var plan = rest.Trainer.Planned.Estimates;
            using var whole = new SmallRun(change: Busy, standIns: new() { Estimates = plan });
            Assert.True(whole.Trainer.Run());
            Assert.Equal(rest.Trainer.Step, whole.Trainer.Step);
            Assert.Equal(whole.Everything(), rest.Everything());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        SmallRun Busily(FakeTime time) => new(folder: folder, change: Busy, time: time, standIns: new()
        {
            HeldOut = stream => new TimedStream(stream, time, 2e-4),
            Store = store => new TimedStore(store, time, 0.3),
        });
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
