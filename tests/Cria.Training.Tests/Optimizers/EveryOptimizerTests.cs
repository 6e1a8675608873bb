using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Training.Tests.Optimizers;

/// <summary>The laws that every optimizer of the catalog keeps.</summary>
public sealed class EveryOptimizerTests
{
    // Few, as every optimizer of the catalog takes them several times: SOAP turns its bases every other step.
    static readonly int Steps = SlowTests.Run ? 12 : 5;
    static readonly int[] Stops = SlowTests.Run ? [1, 5, 11] : [1, 4];

    public static TheoryData<string> Types => [.. OptimizerCatalog.RecipeTypes.Keys];

    [Theory, MemberData(nameof(Types))]
    public void Its_recipe_bears_its_name_and_its_defaults_are_valid(string type)
    {
        Assert.Equal(type, Of(type).Type);
        RecipeRules.Check(Short(SmallRun.Base, type));
    }

    [Theory, MemberData(nameof(Types))]
    public void A_gradient_that_is_not_finite_leaves_weights_and_state_as_they_are(string type)
    {
        using var world = new OptimizerWorld(Of(type));
        world.Step();
        world.Step();
        byte[] before = world.Everything();
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            world.Step((i, step) => i == 3 ? bad : OptimizerWorld.Gradient(i, step));
            Assert.Equal(before, world.Everything());
        }
        world.Step();
        Assert.NotEqual(before, world.Everything());
    }

    [Theory, MemberData(nameof(Types))]
    public void Weights_of_which_it_knows_nothing_but_zero_gradients_stay_where_they_are(string type)
    {
        using var world = new OptimizerWorld(Of(type) with { WeightDecay = 0 });
        float[] before = world.Store.Weights.ToArray<float>();
        world.Step((_, _) => 0);
        Assert.Equal(before, world.Store.Weights.ToArray<float>());
    }

    [Theory, MemberData(nameof(Types))]
    public void A_run_stopped_and_resumed_gives_the_bits_of_one_that_never_stopped(string type)
    {
        using var whole = new SmallRun(change: recipe => Short(recipe, type));
        whole.Trainer.Run();
        string folder = Directory.CreateTempSubdirectory("cria-resume-").FullName;
        try
        {
            foreach (int stop in Stops)
            {
                using var part = new SmallRun(threads: 2, folder, recipe => Short(recipe, type));
                while (part.Trainer.Step < stop)
                    part.Metrics.Stepped(part.Trainer.TrainStep());
                part.Trainer.Save();
                part.Metrics.Stepped(part.Trainer.TrainStep()); // lost, as before a kill
            }
            using var rest = new SmallRun(threads: 3, folder, recipe => Short(recipe, type));
            Assert.Equal(Stops[^1], rest.Trainer.Step);
            rest.Trainer.Run();
            Assert.Equal(whole.Model.Parameters.Weights.ToArray<float>(), rest.Model.Parameters.Weights.ToArray<float>());
            Assert.Equal(whole.Seen.Evaluations[^1], rest.Seen.Evaluations[^1]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void A_run_goes_on_from_the_same_bits_with_another_micro_batch_whose_sums_are_rounded_otherwise(string type)
    {
        using var whole = new SmallRun(change: recipe => Short(recipe, type));
        string folder = Directory.CreateTempSubdirectory("cria-resume-").FullName;
        try
        {
            using (var part = new SmallRun(folder: folder, change: recipe => Short(recipe, type)))
            {
                while (part.Trainer.Step < Stops[^1])
                {
                    part.Trainer.TrainStep();
                    whole.Trainer.TrainStep();
                }
                part.Trainer.Save();
            }
            using var rest = new SmallRun(threads: 2, folder,
                recipe => Short(recipe, type) with { Batch = recipe.Batch with { MicroBatchSize = 4 } });
            Assert.Equal(whole.Everything(), rest.Everything());
            Checkpoints.ResumeTests.SameButForRounding(whole.Trainer.TrainStep(), rest.Trainer.TrainStep(), isFirst: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void Any_number_of_threads_gives_the_same_bits(string type)
    {
        float[]? one = null;
        foreach (int threads in SlowTests.Run ? (int[])[1, 2, 3] : [1, 3])
        {
            using var run = new SmallRun(threads, change: recipe => Short(recipe, type));
            run.Trainer.Run();
            float[] weights = run.Model.Parameters.Weights.ToArray<float>();
            Assert.Equal(one ??= weights, weights);
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void It_learns_what_counts(string type)
    {
        using var run = new SmallRun(change: recipe => Scheduled(recipe with
        {
            Steps = 40,
            Optimizer = type == "muon" ? new MuonRecipe { AdamwLearningRate = 1e-2f } : Of(type) with { LearningRate = Rate(type) },
            Evaluate = new() { Every = 100 },
            Checkpoint = new() { Every = 100 },
        }));
        run.Trainer.Run();
        Assert.True(run.Seen.Steps[^1].Loss < run.Seen.Steps[0].Loss - 0.5, $"{run.Seen.Steps[0].Loss} to {run.Seen.Steps[^1].Loss}");
    }

    [Theory, MemberData(nameof(Types))]
    public void Memory_is_what_was_predicted_and_a_step_after_the_first_allocates_nothing(string type)
    {
        var device = new CountingDevice();
        using var run = new SmallRun(threads: 2, change: recipe => Short(recipe, type), device: device);
        for (int warm = 0; warm < 4; warm++)
            run.Trainer.TrainStep();
        Assert.Equal(run.Trainer.Memory.Total, device.Bytes + MemoryAccountTests.OwnBytes(run.Kernels));
        // The test runner's own threads allocate now and then; a step that allocates does so in every window.
        long perStep = long.MaxValue;
        for (int window = 0; window < 10 && perStep > 256; window++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int step = 0; step < 3; step++)
                _ = run.Trainer.TrainStep();
            perStep = Math.Min(perStep, (GC.GetTotalAllocatedBytes(precise: true) - before) / 3);
        }
        Assert.True(perStep <= 256, $"{perStep} bytes a step"); // the StepMetrics record itself
    }

    [Theory, MemberData(nameof(Types))]
    public void Its_state_is_as_large_as_was_predicted(string type)
    {
        var device = new CountingDevice();
        using var store = new Engine.Graphs.ParameterStore(device);
        var p = new Engine.Graphs.ParameterScope(store);
        p.Matrix("w", 30, 20, new Engine.Graphs.Initializer.Normal(1));
        p.Ones("norm", 20);
        store.Allocate(withGradients: true);
        Recipe recipe = Short(SmallRun.Base, type);
        long before = device.Bytes;
        using var optimizer = recipe.Optimizer.Create(recipe, store);
        Assert.Equal(recipe.Optimizer.StateBytes(recipe, store), device.Bytes - before);
    }

    static OptimizerRecipe Of(string type) => (OptimizerRecipe)Activator.CreateInstance(OptimizerCatalog.RecipeTypes[type])!;

    static Recipe Short(Recipe recipe, string type) =>
        Scheduled(recipe with
        {
            Steps = Steps,
            Optimizer = Of(type) is SoapRecipe soap ? soap with { Frequency = 2 } : Of(type),
            Evaluate = new() { Every = 100 },
            Checkpoint = new() { Every = 100 },
        });

    static Recipe Scheduled(Recipe recipe) =>
        recipe.Optimizer is ScheduleFreeRecipe ? recipe with { Schedule = new ConstantRecipe { WarmupSteps = 5 } } : recipe;

    // Each in its own size: what moves by signs moves further than what moves by gradients.
    static float Rate(string type) => type switch
    {
        "lion" => 2e-3f,
        "sgd" => 0.3f,
        _ => 1e-2f,
    };
}
