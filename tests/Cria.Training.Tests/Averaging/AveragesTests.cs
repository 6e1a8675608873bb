using Cria.Engine.Tensors;
using Cria.Training.Averaging;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Training.Tests.Averaging;

public sealed class AveragesTests
{
    /// <summary>One of each kind, and what it should be after a run, from the weights after every step.</summary>
    public static TheoryData<AverageRecipe> Kinds => new((AverageRecipe[])
    [
        new EmaRecipe { Decay = 0.8, Start = 3 },
        new EmaRecipe { HalfLifeTokens = 128 * 4, Interval = 2 },
        new EmaRecipe { HalfLifeSteps = 6, Interval = 3, Start = 1 },
        new WindowRecipe { Horizon = 12, Interval = 3, Start = 2 },
        new LawaRecipe { Count = 3, Interval = 4, Start = 1 },
        new LawaRecipe { Count = 50 },
    ]);

    [Theory, MemberData(nameof(Kinds))]
    public void An_average_is_what_its_definition_says(AverageRecipe average)
    {
        using var run = new SmallRun(change: With(average with { Use = AverageUse.Final }));
        var history = Train(run);
        Assert.True(run.Trainer.Run());
        double[] expected = Defined(average, history);
        float[] actual = run.Model.Parameters.Weights.ToArray<float>();
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6);
    }

    [Fact]
    public void Averages_and_their_evaluations_change_no_bit_of_training()
    {
        using var plain = new SmallRun();
        using var averaged = new SmallRun(change: With([.. Kinds.Select((kind, i) => kind.Data with { Name = $"average_{i}" })]));
        plain.Trainer.Run();
        averaged.Trainer.Run();
        Assert.Equal(plain.Model.Parameters.Weights.ToArray<float>(), averaged.Model.Parameters.Weights.ToArray<float>());
        Assert.Equal(plain.Seen.Steps.Select(step => step.Loss), averaged.Seen.Steps.Select(step => step.Loss));
        Assert.Equal(plain.Seen.Evaluations, averaged.Seen.Evaluations.Where(evaluation => evaluation.Weights.Length == 0));
        Assert.Equal(6, averaged.Seen.Evaluations.Count(evaluation => evaluation is { Step: 60, Weights.Length: > 0 }));
    }

    [Fact]
    public void The_checkpoint_keeps_the_weights_in_training_and_a_finished_run_finds_its_average_again()
    {
        string folder = Directory.CreateTempSubdirectory("cria-averages-").FullName;
        try
        {
            var change = With(new EmaRecipe { Decay = 0.9, Use = AverageUse.Final });
            float[] average;
            using (var run = new SmallRun(folder: folder, change: change))
            {
                run.Trainer.Run();
                average = run.Model.Parameters.Weights.ToArray<float>();
            }
            using var again = new SmallRun(folder: folder, change: change);
            Assert.NotEqual(average, again.Model.Parameters.Weights.ToArray<float>());
            again.Trainer.Run();
            Assert.Equal(average, again.Model.Parameters.Weights.ToArray<float>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static TheoryData<string> WithOtherWeights => ["schedule_free", "adamw"];

    [Theory, MemberData(nameof(WithOtherWeights))]
    public void An_evaluation_is_told_while_the_model_has_the_weights_it_is_of(string optimizer)
    {
        using var run = new SmallRun(change: r => With(new EmaRecipe { Decay = 0.9 })(r) with
        {
            Optimizer = optimizer == "schedule_free" ? new ScheduleFreeRecipe { LearningRate = 1e-2f } : r.Optimizer,
            Schedule = new ConstantRecipe { WarmupSteps = 5 },
            Evaluate = new() { Every = 20, Tokens = 0 },
        });
        int told = 0;
        run.Seen.AtEvaluation = metrics =>
        {
            Assert.Equal(metrics.Nats, run.Validation.Run(run.Kernels, metrics.Step)!.Nats);
            told++;
        };
        Assert.True(run.Trainer.Run());
        Assert.Equal(6, told);
    }

    [Fact]
    public void Of_an_evaluation_that_is_cancelled_nothing_is_told_and_of_a_whole_one_everything()
    {
        using var run = new SmallRun(change: With(new EmaRecipe { Decay = 0.9 }, new LawaRecipe()));
        for (int i = 0; i < 8; i++)
            run.Trainer.TrainStep();
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        float[] before = run.Model.Parameters.Weights.ToArray<float>();
        Assert.Null(run.Trainer.Evaluate(0, cancel.Token));
        Assert.Empty(run.Seen.Evaluations);
        Assert.NotNull(run.Trainer.Evaluate(0));
        Assert.Equal(["", "ema", "lawa"], run.Seen.Evaluations.Select(evaluation => evaluation.Weights));
        Assert.Equal(before, run.Model.Parameters.Weights.ToArray<float>());
    }

    [Fact]
    public void Their_memory_is_foretold_to_the_byte()
    {
        var device = new CountingDevice();
        using var plain = new SmallRun(device: device);
        long without = device.Bytes;
        var more = new CountingDevice();
        using var averaged = new SmallRun(change: With(new LawaRecipe { Count = 4 }, new WindowRecipe { Horizon = 10 }), device: more);
        Assert.Equal(0, plain.Trainer.Memory.Averages);
        Assert.Equal(more.Bytes - without, averaged.Trainer.Memory.Total - plain.Trainer.Memory.Total); // a snapshot copies them too
        Assert.Equal(7 * plain.Trainer.Memory.Weights, averaged.Trainer.Memory.Averages - 512); // 4, 2, and 1 to wait in
    }

    static Func<Recipe, Recipe> With(params AverageRecipe[] averages) => recipe => recipe with { Average = averages };

    // Steps until the last but one, so that Run has something to finish.
    static List<float[]> Train(SmallRun run)
    {
        List<float[]> history = [];
        while (run.Trainer.Step < 60)
        {
            run.Trainer.TrainStep();
            history.Add(run.Model.Parameters.Weights.ToArray<float>());
        }
        return history;
    }

    static double[] Defined(AverageRecipe average, List<float[]> history)
    {
        int start = average.Start ?? 5;
        var samples = Enumerable.Range(1, history.Count).Where(step => step >= start && (step - start) % average.Interval == 0)
            .Select(step => history[step - 1]).ToList();
        return average switch
        {
            EmaRecipe ema => Weighted(samples, i => Math.Pow(ema.DecayAt(128), samples.Count - 1 - i)),
            WindowRecipe window => Whole(samples, window.Horizon / window.Interval),
            LawaRecipe lawa => Weighted(samples.TakeLast(lawa.Count).ToList(), _ => 1),
            _ => throw new NotSupportedException(),
        };
    }

    static double[] Whole(List<float[]> samples, int window) =>
        Weighted(samples.Take(samples.Count / window * window).TakeLast(window).ToList(), _ => 1);

    static double[] Weighted(List<float[]> samples, Func<int, double> weight)
    {
        double[] mean = new double[samples[0].Length];
        double sum = 0;
        for (int s = 0; s < samples.Count; s++)
        {
            sum += weight(s);
            for (int i = 0; i < mean.Length; i++)
                mean[i] += weight(s) * samples[s][i];
        }
        return [.. mean.Select(value => value / sum)];
    }
}
