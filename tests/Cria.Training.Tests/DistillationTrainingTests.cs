using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Observation;
using Cria.Training.Recipes;

namespace Cria.Training.Tests;

/// <summary>A run of a student: what is told of its loss, in steps and in evaluations.</summary>
public sealed class DistillationTrainingTests : IDisposable
{
    const float Alpha = 0.25f, Temperature = 2;
    const double Factor = (1 - Alpha) * Temperature * Temperature;

    readonly ILanguageModel _teacher = Teacher(seed: 5), _other = Teacher(seed: 6);

    public void Dispose()
    {
        _teacher.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Every_step_and_every_evaluation_tells_what_the_loss_is_made_of()
    {
        using var run = Run();
        run.Trainer.Run();
        Assert.Equal(20, run.Seen.Steps.Count);
        foreach (var step in run.Seen.Steps)
            Assert.Equal(Alpha * step.Parts!.Value.CrossEntropy + Factor * step.Parts.Value.Divergence, step.Loss, 1e-5 * step.Loss);
        double first = run.Seen.Steps[0].Parts!.Value.Divergence, last = run.Seen.Steps[^1].Parts!.Value.Divergence;
        Assert.True(last < first, "nothing was learned from the teachers");
        Assert.NotEmpty(run.Seen.Evaluations);
        foreach (var held in run.Seen.Evaluations)
        {
            double whole = held.DistillationLoss!.Value;
            Assert.Equal(Alpha * held.Loss + Factor * held.Divergence!.Value, whole, 1e-5 * whole);
        }

        var lines = MetricsReader.Lines(Path.Combine(run.Folder, "metrics.jsonl")).ToList();
        Assert.Equal(run.Seen.Steps.Select(step => step.Parts), lines.OfType<StepLine>().Select(line => line.Metrics.Parts));
        var written = lines.OfType<EvaluationLine>().Select(line => line.Metrics.Divergence);
        Assert.Equal(run.Seen.Evaluations.Select(told => told.Divergence), written);
    }

    [Fact]
    public void The_parts_do_not_depend_on_how_a_step_is_cut_into_micro_batches()
    {
        using var one = Run(recipe => recipe with { Batch = recipe.Batch with { MicroBatchSize = 4 } });
        using var four = Run(recipe => recipe with { Batch = recipe.Batch with { MicroBatchSize = 1 } });
        LossParts together = one.Trainer.TrainStep().Parts!.Value, apart = four.Trainer.TrainStep().Parts!.Value;
        Assert.Equal(together.CrossEntropy, apart.CrossEntropy, 1e-5);
        Assert.Equal(together.Divergence, apart.Divergence, 1e-5);
    }

    [Fact]
    public void Without_teachers_nothing_is_told_of_them()
    {
        using var run = new SmallRun(change: recipe => recipe with { Steps = 3 });
        run.Trainer.Run();
        Assert.All(run.Seen.Steps, step => Assert.Null(step.Parts));
        Assert.All(run.Seen.Evaluations, held => Assert.True(held.DistillationLoss is null && held.Divergence is null));
        Assert.DoesNotContain("divergence", File.ReadAllText(Path.Combine(run.Folder, "metrics.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_evaluations_ask_of_teachers_changes_no_weight()
    {
        using var often = Run(recipe => recipe with { Evaluate = new() { Every = 2, Tokens = 200 } });
        using var never = Run(recipe => recipe with { Evaluate = new() { Every = 0 } });
        often.Trainer.Run();
        never.Trainer.Run();
        Assert.Equal(often.Model.Parameters.Weights.ToArray<float>(), never.Model.Parameters.Weights.ToArray<float>());
    }

    SmallRun Run(Func<Recipe, Recipe>? change = null)
    {
        Recipe Student(Recipe recipe) => recipe with
        {
            Steps = 20,
            Evaluate = new() { Every = 10, Tokens = 200 },
            Loss = new DistillationRecipe { Teachers = ["one", "other"], Alpha = Alpha, Temperature = Temperature, Weights = [2, 1] },
        };
        return new(change: recipe => (change ?? (same => same))(Student(recipe)), teachers: [_teacher, _other]);
    }

    static ILanguageModel Teacher(ulong seed)
    {
        var config = (LlamaConfig)SmallRun.Base.Model with { InitializerRange = 0.5f, HiddenSize = 24 };
        var model = ModelCatalog.Create(config, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        model.Parameters.Initialize(seed);
        return model;
    }
}
