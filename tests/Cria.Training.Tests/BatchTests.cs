using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Tests;

public sealed class BatchTests
{
    [Theory, InlineData("permutation"), InlineData("packed")]
    public void However_a_step_is_cut_its_gradient_is_the_same_but_for_rounding(string reader)
    {
        float[] whole = Gradient(4, reader);
        double size = Math.Sqrt(whole.Average(g => (double)g * g));
        foreach (int microBatch in (int[])[1, 2])
        {
            float[] cut = Gradient(microBatch, reader);
            for (int i = 0; i < whole.Length; i++)
                Assert.Equal(whole[i], cut[i], 1e-5 * (Math.Abs(whole[i]) + size));
        }
    }

    [Fact]
    public void The_second_moment_remembers_as_many_tokens_at_any_batch_size()
    {
        var recipe = SmallRun.Base with { Optimizer = new AdamWRecipe { Beta2HalfLife = 1280 } };
        Assert.Equal(Math.Pow(2, -0.1), Beta2(recipe), 1e-6);
        Assert.Equal(Math.Pow(2, -0.05), Beta2(recipe with { Batch = new() { MicroBatchSize = 2 } }), 1e-6);
        Assert.Equal(0.95f, Beta2(SmallRun.Base with { Optimizer = new AdamWRecipe() }));
        using var run = new SmallRun(change: r => r with { Optimizer = new AdamWRecipe { Beta2HalfLife = 1280 } });
        using var same = new SmallRun(change: r => r with { Optimizer = new AdamWRecipe { Beta2 = Beta2(recipe) } });
        using var other = new SmallRun(change: r => r with { Optimizer = new AdamWRecipe() });
        foreach (var each in new[] { run, same, other })
            each.Trainer.Run();
        Assert.Equal(run.Seen.Steps[^1].Loss, same.Seen.Steps[^1].Loss);
        Assert.NotEqual(run.Seen.Steps[^1].Loss, other.Seen.Steps[^1].Loss);
    }

    [Fact]
    public void A_half_life_so_long_that_no_square_would_count_is_refused()
    {
        var message = Assert.Throws<ConfigException>(() => Beta2(Of(long.MaxValue))).Message;
        Assert.Contains("beta2_half_life 9223372036854775807", message, StringComparison.Ordinal);
        long longest = long.Parse(message.Split("use ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(Beta2(Of(longest)), 0.9999999f, float.BitDecrement(1));
        using var run = new SmallRun(change: _ => Of(longest));
        for (int step = 0; step < 3; step++)
            run.Trainer.TrainStep();
        Assert.All(run.Model.Parameters.Weights.ToArray<float>(), weight => Assert.True(float.IsFinite(weight)));

        static Recipe Of(long halfLife) => SmallRun.Base with { Optimizer = new AdamWRecipe { Beta2HalfLife = halfLife } };
    }

    [Theory] // T = 32: at most 128 sequences are useful at once
    [InlineData(1 << 30, 128, 4), InlineData(1 << 30, 32 * 64, 64), InlineData(1 << 30, 32 * 192, 96), InlineData(1 << 30, 32 * 7, 7)]
    public void An_open_micro_batch_is_the_largest_useful_one_that_divides_the_step(long available, int tokensPerStep, int size)
    {
        List<string> said = [];
        var recipe = Open(tokensPerStep);
        var resolved = new MicroBatchSearch(KernelChoice.Best(1), available).Resolved(recipe, said.Add);
        Assert.Equal(size, resolved.Batch.MicroBatchSize);
        Assert.StartsWith($"micro-batch {size} × 32 tokens, {tokensPerStep / 32 / size} a step", Assert.Single(said));
    }

    [Fact]
    public void Less_memory_means_a_smaller_micro_batch_and_none_is_refused_with_what_fits()
    {
        var kernels = KernelChoice.Best(1);
        var recipe = Open(32 * 64) with { Model = ((LlamaConfig)SmallRun.Base.Model) with { HiddenSize = 512, IntermediateSize = 2048 } };
        int Size(long mebibytes) => new MicroBatchSearch(kernels, mebibytes << 20).Resolved(recipe, _ => { }).Batch.MicroBatchSize;
        Assert.True(Size(520) < Size(2000), $"{Size(520)} and {Size(2000)}");
        var refused = Assert.Throws<ConfigException>(() => Size(100));
        Assert.Contains("use a smaller model", refused.Message);
    }

    [Fact]
    public void Available_memory_is_the_least_of_the_machines_and_the_control_groups()
    {
        string root = Directory.CreateTempSubdirectory("cria-memory-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "proc"));
            File.WriteAllText(Path.Combine(root, "proc/meminfo"), "MemTotal:  9000 kB\nMemFree: 10 kB\nMemAvailable:   5000 kB\n");
            Assert.Equal(5000 << 10, AvailableMemory.OnLinux(root));
            Directory.CreateDirectory(Path.Combine(root, "sys/fs/cgroup"));
            File.WriteAllText(Path.Combine(root, "sys/fs/cgroup/memory.max"), "max\n");
            File.WriteAllText(Path.Combine(root, "sys/fs/cgroup/memory.current"), "1000\n");
            Assert.Equal(5000 << 10, AvailableMemory.OnLinux(root));
            File.WriteAllText(Path.Combine(root, "sys/fs/cgroup/memory.max"), "3000\n");
            Assert.Equal(2000, AvailableMemory.OnLinux(root));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    static Recipe Open(int tokensPerStep) => SmallRun.Base with { Batch = new() { MicroBatchSize = 0, TokensPerStep = tokensPerStep } };

    static float Beta2(Recipe recipe) => ((AdamWRecipe)BatchSplit.Resolved(recipe).Optimizer).Beta2;

    static float[] Gradient(int microBatch, string reader)
    {
        using var run = new SmallRun(change: r => r with
        {
            Batch = new() { MicroBatchSize = microBatch, TokensPerStep = 128 },
            Data = r.Data with { Reader = new() { Type = reader } },
        });
        run.Trainer.TrainStep();
        return run.Model.Parameters.Gradients.ToArray<float>();
    }
}
