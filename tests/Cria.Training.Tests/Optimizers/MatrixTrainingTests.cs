using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Optimizers;

/// <summary>Whole runs with the optimizers that see matrices.</summary>
public sealed class MatrixTrainingTests
{
    static readonly Dictionary<string, OptimizerRecipe> Recipes = new()
    {
        ["muon"] = new MuonRecipe { AdamwLearningRate = 0.01f },
        ["d_muon"] = new DMuonRecipe { LearningRate = 0.01f },
        ["soap"] = new SoapRecipe { LearningRate = 0.01f, Frequency = 3 },
    };

    public static TheoryData<string> Names => [.. Recipes.Keys];

    [Theory, MemberData(nameof(Names))]
    public void It_learns_and_a_run_resumed_on_other_threads_gives_the_same_bits(string name)
    {
        using var whole = new SmallRun(threads: 1, change: With(name));
        whole.Trainer.Run();
        Assert.True(whole.Seen.Steps[^1].Loss < 0.7 * whole.Seen.Steps[0].Loss, $"{whole.Seen.Steps[0].Loss} to {whole.Seen.Steps[^1].Loss}");
        string folder = Directory.CreateTempSubdirectory("cria-resume-").FullName;
        try
        {
            foreach (int stop in (int[])[1, 4, 11])
            {
                using var part = new SmallRun(threads: 2, folder: folder, change: With(name));
                while (part.Trainer.Step < stop)
                    _ = part.Trainer.TrainStep();
                part.Trainer.Save();
            }
            using var rest = new SmallRun(threads: 3, folder: folder, change: With(name));
            Assert.Equal(11, rest.Trainer.Step);
            rest.Trainer.Run();
            Assert.Equal(whole.Model.Parameters.Weights.Span<float>().ToArray(), rest.Model.Parameters.Weights.Span<float>().ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Memory_is_what_was_predicted_and_steps_allocate_nothing(string name)
    {
        var device = new CountingDevice();
        using var run = new SmallRun(threads: 2, change: With(name), device: device);
        for (int warm = 0; warm < 4; warm++)
            _ = run.Trainer.TrainStep();
        Assert.Equal(run.Trainer.Memory.Total, device.Bytes + MemoryAccountTests.OwnBytes(run.Kernels));
        long perStep = long.MaxValue;
        for (int window = 0; window < 10 && perStep > 512; window++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int step = 0; step < 3; step++)
                _ = run.Trainer.TrainStep();
            perStep = Math.Min(perStep, (GC.GetTotalAllocatedBytes(precise: true) - before) / 3);
        }
        Assert.True(perStep <= 512, $"{perStep} bytes a step"); // the metrics record itself
    }

    static Func<Recipe, Recipe> With(string name) => recipe => recipe with { Optimizer = Recipes[name], Steps = 40 };
}
