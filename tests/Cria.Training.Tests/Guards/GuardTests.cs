using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Observation;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Guards;

/// <summary>Bad numbers planted in a run of 60 steps of 4 samples, in micro-batches of 2.</summary>
public sealed class GuardTests
{
    const int SamplesPerStep = 4;

    [Theory]
    [InlineData(Spoilt.Gradient), InlineData(Spoilt.Loss), InlineData(Spoilt.Batch)]
    public void A_step_that_is_not_finite_changes_nothing_and_is_told_with_its_samples_and_parameter(object what)
    {
        using var run = Spoiled((Spoilt)what, step => step == 7);
        for (int step = 0; step < 6; step++)
            run.Trainer.TrainStep();
        float[] weights = Weights(run), moments = Moments(run);
        long tokens = run.Trainer.TrainedTokens;
        var metrics = run.Trainer.TrainStep();
        Assert.Equal(0, metrics.ClipFactor);
        Assert.Equal(weights, Weights(run));
        Assert.Equal(moments, Moments(run));
        Assert.Equal(tokens, run.Trainer.TrainedTokens);
        run.Trainer.TrainStep();
        Assert.NotEqual(weights, Weights(run));

        using var whole = Spoiled((Spoilt)what, step => step == 7);
        Assert.True(whole.Trainer.Run());
        var skipped = Assert.IsType<StepSkipped>(Assert.Single(whole.Seen.Events));
        Assert.Equal(7, skipped.Step);
        if ((Spoilt)what == Spoilt.Gradient)
        {
            Assert.Equal(new(24, 4), skipped.Samples);
            Assert.Equal(whole.Model.Parameters.Parameters[3].Name, skipped.Parameter);
            Assert.Contains("samples 24 to 27", skipped.Text);
        }
        else
        {
            Assert.Equal(new(26, 2), skipped.Samples); // the second micro-batch alone
            Assert.Equal((Spoilt)what == Spoilt.Batch, skipped.Parameter.Length > 0);
        }
        Assert.Equal(1, whole.Checkpoints.Newest(_ => { })!.Value.State.Guard.Skipped);
        Assert.Equal(59, whole.Checkpoints.Newest(_ => { })!.Value.State.Updates);
    }

    [Fact]
    public void Of_a_batch_of_NaN_nothing_is_left_in_the_arena_or_in_the_gradients()
    {
        using var batch = Spoiled(Spoilt.Batch, step => step is 7 or 9);
        using var loss = Spoiled(Spoilt.Loss, step => step is 7 or 9);
        for (int step = 1; step <= 12; step++)
        {
            var (expected, found) = (loss.Trainer.TrainStep(), batch.Trainer.TrainStep());
            Assert.Equal(step is 7 or 9, double.IsNaN(found.Loss));
            Assert.Equal(expected.ClipFactor, found.ClipFactor);
            Assert.Equal(loss.Everything(), batch.Everything());
        }
    }

    [Theory]
    [InlineData(Spoilt.Gradient), InlineData(Spoilt.Batch)]
    public void After_too_many_in_a_row_the_run_goes_back_and_on_past_the_samples_since(object what)
    {
        using var run = Spoiled((Spoilt)what, step => step is > 24 and <= 28, r => r with { Guard = new() { MaxSkipped = 4 } });
        Assert.True(run.Trainer.Run());
        Assert.Equal(["skipped", "skipped", "skipped", "skipped", "rolled_back"], run.Seen.Events.Select(e => e.Name));
        var back = Assert.IsType<RolledBack>(run.Seen.Events[^1]);
        Assert.Equal((28, 20, 28L * SamplesPerStep), (back.Step, back.To, back.NextSample));
        Assert.Equal([.. Enumerable.Range(1, 28), .. Enumerable.Range(21, 40)], run.Seen.Steps.Select(s => s.Step));
        var state = run.Checkpoints.Newest(_ => { })!.Value.State;
        Assert.Equal((60 + 8) * SamplesPerStep, state.Samples);
        Assert.Equal((4, 1, 0), (state.Guard.Skipped, state.Guard.Rollbacks, state.Guard.SkippedInARow));
        Assert.True(run.Seen.Evaluations[^1].Loss < 1.6, $"{run.Seen.Evaluations[^1].Loss}");
    }

    [Fact]
    public void Before_the_first_checkpoint_it_goes_back_to_the_first_weights()
    {
        using var run = Spoiled(Spoilt.Loss, step => step is > 1 and <= 4, r => r with { Guard = new() { MaxSkipped = 3 }, Steps = 5 });
        float[] first = Weights(run), moved = [], back = [];
        run.Seen.WhenHappens = happening => (moved, back) = happening is RolledBack ? (moved, Weights(run)) : (Weights(run), back);
        Assert.True(run.Trainer.Run());
        Assert.Equal(0, Assert.IsType<RolledBack>(run.Seen.Events[^1]).To);
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4, 5], run.Seen.Steps.Select(s => s.Step));
        Assert.NotEqual(first, moved);
        Assert.Equal(first, back);
        Assert.NotEqual(first, Weights(run));
    }

    [Theory]
    [InlineData(0), InlineData(2)]
    public void It_goes_back_so_often_and_then_ends_with_a_sentence_and_whole_checkpoints(int rollbacks)
    {
        var guard = new GuardRecipe { MaxSkipped = 3, MaxRollbacks = rollbacks };
        using var run = Spoiled(Spoilt.Gradient, step => step > 12, r => r with { Guard = guard });
        string message = Assert.Throws<TrainingException>(() => run.Trainer.Run()).Message;
        Assert.Contains("learning_rate", message);
        Assert.Contains("3 steps in a row", message);
        Assert.DoesNotContain('\n', message);
        Assert.Equal(rollbacks, run.Seen.Events.Count(e => e is RolledBack));
        run.Trainer.Dispose();
        Assert.Equal(10, run.Checkpoints.Newest(_ => { })!.Value.State.Step);
    }

    [Theory]
    [InlineData(SpikeAction.Tell), InlineData(SpikeAction.Skip), InlineData(SpikeAction.RollBack)]
    public void A_spike_is_told_skipped_or_gone_back_from(SpikeAction action)
    {
        using var run = Spoiled(Spoilt.Spike, step => step == 33,
            r => r with { Guard = new() { Spike = new() { Window = 16, Threshold = 20, Action = action } } });
        Assert.True(run.Trainer.Run());
        var spike = Assert.IsType<LossSpike>(run.Seen.Events[0]);
        Assert.Equal(33, spike.Step);
        Assert.InRange(spike.Expected, 1, 2.5);
        Assert.Equal(action != SpikeAction.Tell, spike.IsSkipped);
        Assert.Equal(action == SpikeAction.RollBack ? 2 : 1, run.Seen.Events.Count);
        Assert.Equal(action == SpikeAction.RollBack ? 63 : 60, run.Seen.Steps.Count);
        if (action == SpikeAction.RollBack)
            Assert.Equal(30, Assert.IsType<RolledBack>(run.Seen.Events[1]).To);

        var guard = new GuardRecipe { Spike = new() { Window = 16, Threshold = 20, Action = action } };
        using var calm = new SmallRun(change: r => r with { Guard = guard });
        calm.Trainer.Run();
        Assert.Empty(calm.Seen.Events);
        if (action == SpikeAction.Tell)
            Assert.Equal(Weights(calm), Weights(run));
        else
            Assert.NotEqual(Weights(calm), Weights(run));
    }

    [Theory]
    [InlineData(5), InlineData(23), InlineData(26), InlineData(28), InlineData(35), InlineData(52)]
    public void A_run_with_bad_batches_stopped_and_resumed_anywhere_gives_the_bits_of_one_that_was_not(int stop)
    {
        if (stop != 26) // within the streak
            SlowTests.Only();
        // A streak that is gone back from at 28, a lone bad step, and a spike that is gone back from.
        static Recipe Guarded(Recipe r) => r with
        {
            Guard = new() { MaxSkipped = 4, Spike = new() { Window = 16, Threshold = 20, Action = SpikeAction.RollBack } },
        };
        static Spoilt At(long first) => (first / SamplesPerStep) switch
        {
            >= 24 and < 28 => Spoilt.Gradient,
            40 => Spoilt.Loss,
            55 => Spoilt.Spike,
            _ => Spoilt.Nothing,
        };
        static SmallRun Open(string? folder, int threads = 1) =>
            new(threads, folder, Guarded, spoil: (inner, model) => new SpoiledGradients(inner, model, At));
        using var whole = Open(null);
        whole.Trainer.Run();
        Assert.Equal(2, whole.Seen.Events.Count(e => e is RolledBack));

        string folder = Directory.CreateTempSubdirectory("cria-guard-").FullName;
        try
        {
            using (var part = Open(folder))
            {
                using var cancel = new CancellationTokenSource();
                part.Seen.AfterSteps = stop;
                part.Seen.Then = cancel.Cancel;
                Assert.False(part.Trainer.Run(cancel.Token));
            }
            using var rest = Open(folder, threads: 2);
            Assert.True(rest.Trainer.Run());
            Assert.Equal(SmallRun.Lines(whole.Folder), SmallRun.Lines(folder));
            Assert.Equal(Weights(whole), Weights(rest));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_window_expects_the_median_and_is_not_moved_by_a_few_wild_losses()
    {
        var window = new Cria.Training.Guards.LossWindow(9);
        foreach (double loss in (double[])[100, 3.1, 2.9, 3.0, 3.2, 2.8, 50, 3.05, 2.95])
            window.Add(loss);
        Assert.True(window.IsFull);
        var (median, deviation) = window.Expectation();
        Assert.Equal(3.05, median, 12);
        Assert.Equal(1.4826 * 0.15, deviation, 12); // distances 0, 0.05, 0.05, 0.1, 0.15, 0.15, 0.25, 46.95, 96.95
        window.Add(1);
        var copy = new Cria.Training.Guards.LossWindow(9);
        copy.Restore(window.ToArray());
        Assert.Equal([3.1, 2.9, 3.0, 3.2, 2.8, 50, 3.05, 2.95, 1], copy.ToArray());
        Assert.Equal(window.Expectation(), copy.Expectation());
    }

    [Theory]
    [InlineData("max_skipped", "0"), InlineData("max_rollbacks", "-1"), InlineData("window", "4"), InlineData("threshold", "0")]
    public void A_guard_that_cannot_be_is_refused(string key, string value)
    {
        GuardRecipe guard = key switch
        {
            "max_skipped" => new() { MaxSkipped = 0 },
            "max_rollbacks" => new() { MaxRollbacks = -1 },
            "window" => new() { Spike = new() { Window = 4 } },
            _ => new() { Spike = new() { Threshold = 0 } },
        };
        string message = Assert.Throws<ConfigException>(guard.Validate).Message;
        Assert.Contains(key, message);
        Assert.Contains(value, message);
    }

    static SmallRun Spoiled(Spoilt what, Func<long, bool> steps, Func<Recipe, Recipe>? change = null) => new(change: change,
        spoil: (inner, model) => new SpoiledGradients(inner, model,
            first => steps(first / SamplesPerStep + 1) && (what is not (Spoilt.Loss or Spoilt.Batch) || first % SamplesPerStep != 0)
                ? what
                : Spoilt.Nothing));

    static float[] Weights(SmallRun run) => run.Model.Parameters.Weights.ToArray<float>();

    static float[] Moments(SmallRun run)
    {
        using var copy = new Cria.Training.Checkpoints.Snapshot(run.Recipe, run.Model, run.Trainer.Slots);
        copy.Take(new() { Step = 0, Samples = 0, Tokens = 0, PlannedSteps = 0 });
        return copy.Slots[0].State.ToArray<float>();
    }
}
