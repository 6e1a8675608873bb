using Cria.Engine.Tensors;
using Cria.Training.Checkpoints;
using Cria.Training.Observation;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Training.Tests.Guards;

/// <summary>A step that makes no update leaves no trace in any optimizer: neither in its state nor in what it counts.</summary>
public sealed class SkippedUpdateTests
{
    const int SamplesPerStep = 4, Bad = 3;

    public static TheoryData<string> Optimizers => [.. Recipes.Keys];

    static Dictionary<string, OptimizerRecipe> Recipes { get; } = new()
    {
        ["adamw"] = new AdamWRecipe(),
        ["compact"] = new AdamWRecipe(),
        ["ademamix"] = new AdEmaMixRecipe { AlphaWarmupSteps = 5, Beta3WarmupSteps = 5 },
        ["lion"] = new LionRecipe(),
        ["sgd"] = new SgdRecipe(),
        ["schedule_free"] = new ScheduleFreeRecipe(),
        ["muon"] = new MuonRecipe(),
        ["d_muon"] = new DMuonRecipe(),
        ["soap"] = new SoapRecipe(),
    };

    [Theory, MemberData(nameof(Optimizers))]
    public void A_run_whose_first_steps_are_skipped_goes_on_as_one_that_begins_there(string name)
    {
        Recipe Change(Recipe r) => r with
        {
            Optimizer = Recipes[name],
            Schedule = new ConstantRecipe { WarmupSteps = 0 },
            Precision = name == "compact" ? r.Precision with { Moments = Storage.BF16 } : r.Precision,
        };
        using var whole = new SmallRun(change: Change,
            spoil: (inner, _) => new MovedGradients(inner, first => first + Bad * SamplesPerStep));
        using var late = new SmallRun(change: Change, spoil: (inner, model) =>
            new SpoiledGradients(inner, model, first => first < Bad * SamplesPerStep ? Spoilt.Gradient : Spoilt.Nothing));
        for (int step = 0; step < Bad; step++)
            Assert.Equal(0, late.Trainer.TrainStep().ClipFactor);
        for (int step = 0; step < 4; step++)
        {
            Assert.NotEqual(0, whole.Trainer.TrainStep().ClipFactor);
            late.Trainer.TrainStep();
            Assert.Equal(whole.Everything(), late.Everything());
        }
    }

    [Fact]
    public void A_run_that_went_back_counts_from_the_updates_of_its_good_state()
    {
        // Updates 21 to 24 are lost, steps 25 to 28 are skipped; 21 and on are made with the samples after those.
        using var back = new SmallRun(change: r => r with { Guard = new() { MaxSkipped = 4 } }, spoil: (inner, model) =>
            new SpoiledGradients(inner, model, first => first / SamplesPerStep is >= 24 and < 28 ? Spoilt.Gradient : Spoilt.Nothing));
        using var whole = new SmallRun(spoil: (inner, _) =>
            new MovedGradients(inner, first => first < 20 * SamplesPerStep ? first : first + 8 * SamplesPerStep));
        Assert.True(back.Trainer.Run());
        Assert.True(whole.Trainer.Run());
        Assert.Equal(20, Assert.Single(back.Seen.Events.OfType<RolledBack>()).To);
        Assert.Equal(whole.Everything(), back.Everything());
        Assert.Equal(60, back.Checkpoints.Newest(_ => { })!.Value.State.Updates);
    }

    [Theory]
    [InlineData(Spoilt.Gradient), InlineData(Spoilt.Loss), InlineData(Spoilt.Spike)]
    public void The_curvature_takes_in_nothing_of_a_step_that_is_refused(object what)
    {
        const int Step = 20;
        using var run = new SmallRun(
            change: r => r with
            {
                Optimizer = new SophiaRecipe { CurvatureEvery = 1 },
                Guard = new() { Spike = new() { Window = 16, Threshold = 20, Action = SpikeAction.Skip } },
            },
            spoil: (inner, model) => new SpoiledGradients(inner, model,
                first => first / SamplesPerStep + 1 == Step ? (Spoilt)what : Spoilt.Nothing));
        for (int step = 1; step < Step; step++)
            run.Trainer.TrainStep();
        byte[] before = run.Everything();
        var refused = run.Trainer.TrainStep();
        Assert.Equal(0, refused.ClipFactor);
        Assert.True(float.IsNaN(refused.WinRate));
        Assert.Equal(before, run.Everything());
        Assert.True(float.IsFinite(run.Trainer.TrainStep().WinRate));
        Assert.NotEqual(before, run.Everything());
    }

    [Fact]
    public void The_first_step_knows_no_curvature_and_the_estimate_that_a_refused_step_owed_is_made_at_the_next_update()
    {
        using var run = new SmallRun(change: r => r with { Optimizer = new SophiaRecipe { CurvatureEvery = 5 } },
            spoil: (inner, model) => new SpoiledGradients(inner, model,
                first => first / SamplesPerStep + 1 == 6 ? Spoilt.Gradient : Spoilt.Nothing));
        var told = Enumerable.Range(1, 12).Where(_ => float.IsFinite(run.Trainer.TrainStep().WinRate));
        Assert.Equal([1, 7, 12], told);
    }
}
