using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Tests;

public sealed class TrainerTests
{
    [Fact]
    public void The_loss_falls_far_below_guessing()
    {
        using var run = new SmallRun();
        Assert.True(run.Trainer.Run());
        Assert.InRange(run.Seen.Steps[0].Loss, Math.Log(23) - 0.3, Math.Log(23) + 0.3);
        Assert.True(run.Seen.Evaluations[^1].Loss < 1.6, $"{run.Seen.Evaluations[^1].Loss}");
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        static Recipe Short(Recipe recipe) => recipe with { Steps = SlowTests.Run ? 60 : 8, Evaluate = new() { Every = 4, Tokens = 200 } };
        using var one = new SmallRun(threads: 1, change: Short);
        one.Trainer.Run();
        foreach (int threads in SlowTests.Run ? (int[])[2, 3] : [3])
        {
            using var more = new SmallRun(threads, change: Short);
            more.Trainer.Run();
            Same(one, more);
        }
    }

    [Theory]
    [InlineData(0), InlineData(0.2f)]
    public void A_run_stopped_and_resumed_at_any_step_gives_the_bits_of_one_that_never_stopped(float dropout)
    {
        int steps = SlowTests.Run ? 60 : 24;
        int[] stops = SlowTests.Run ? [1, 7, 20, 33, 59] : [7, 23];
        Recipe Dropping(Recipe recipe) => recipe with
        {
            Steps = steps,
            Model = (LlamaConfig)recipe.Model with { AttentionDropout = dropout, ResidualDropout = dropout },
        };
        using var whole = new SmallRun(change: Dropping);
        whole.Trainer.Run();
        string folder = Directory.CreateTempSubdirectory("cria-resume-").FullName;
        try
        {
            foreach (int stop in stops)
            {
                using var part = new SmallRun(folder: folder, change: Dropping);
                using var cancel = new CancellationTokenSource();
                while (part.Trainer.Step < stop)
                    part.Metrics.Stepped(part.Trainer.TrainStep());
                part.Trainer.Save();
                for (int lost = 0; lost < 3 && part.Trainer.Step < steps; lost++) // steps after the last checkpoint, as before a kill
                    part.Metrics.Stepped(part.Trainer.TrainStep());
            }
            using var rest = new SmallRun(folder: folder, change: Dropping);
            Assert.Equal(stops[^1], rest.Trainer.Step);
            rest.Trainer.Run();
            Assert.Equal(Losses(whole.Folder), Losses(folder));
            Assert.Equal(Weights(whole.Model), Weights(rest.Model));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(0), InlineData(0.2f)]
    public void Accumulation_sums_what_one_large_batch_gives(float dropout)
    {
        Func<Recipe, Recipe> Cut(int microBatchSize) => recipe => recipe with
        {
            Batch = new() { MicroBatchSize = microBatchSize, TokensPerStep = 128 },
            Model = (LlamaConfig)recipe.Model with { AttentionDropout = dropout, ResidualDropout = dropout },
        };
        using var small = new SmallRun(change: Cut(1));
        using var large = new SmallRun(change: Cut(4));
        for (int step = 0; step < 5; step++)
            Assert.Equal(large.Trainer.TrainStep().Loss, small.Trainer.TrainStep().Loss, tolerance: 1e-4);
    }

    [Fact]
    public void Recomputation_changes_memory_and_not_a_bit_of_the_result()
    {
        int steps = SlowTests.Run ? 60 : 12;
        using var kept = new SmallRun(change: r => r with { Steps = steps });
        using var again = new SmallRun(change: r => r with { Steps = steps, Batch = r.Batch with { Recompute = true } });
        kept.Trainer.Run();
        again.Trainer.Run();
        Same(kept, again);
        Assert.True(again.Trainer.Plan.ArenaBytes < kept.Trainer.Plan.ArenaBytes);
    }

    [Theory]
    [InlineData("permutation"), InlineData("packed")]
    public void No_bytes_are_allocated_in_a_step_after_the_first(string reader)
    {
        using var run = new SmallRun(threads: 2, change: r => r with { Data = r.Data with { Reader = new() { Type = reader } } });
        for (int warm = 0; warm < 3; warm++)
            run.Trainer.TrainStep();
        // The test runner's own threads allocate now and then; a step that allocates does so in every window.
        long perStep = long.MaxValue;
        for (int window = 0; window < 10 && perStep > 128; window++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int step = 0; step < 5; step++)
                _ = run.Trainer.TrainStep();
            perStep = Math.Min(perStep, (GC.GetTotalAllocatedBytes(precise: true) - before) / 5);
        }
        Assert.True(perStep <= 128, $"{perStep} bytes a step"); // the StepMetrics record itself
    }

    [Fact]
    public void A_checkpoint_of_another_recipe_or_of_other_data_is_refused()
    {
        using var run = new SmallRun();
        run.Trainer.TrainStep();
        run.Trainer.Save();
        var (folder, state) = run.Checkpoints.Newest(_ => { })!.Value;
        Assert.Contains("another recipe", Assert.Throws<CheckpointException>(() => run.Trainer.Resume(folder, state with { RecipeHash = "x" })).Message);
        Assert.Contains("other data", Assert.Throws<CheckpointException>(() => run.Trainer.Resume(folder, state with { ManifestHash = "x" })).Message);
    }

    [Fact]
    public void A_flipped_byte_makes_a_checkpoint_be_passed_over_and_kept()
    {
        using var run = new SmallRun();
        run.Trainer.TrainStep();
        run.Trainer.Save();
        run.Trainer.TrainStep();
        run.Trainer.Save();
        string weights = Path.Combine(run.Folder, "checkpoints", "step-2", "model.safetensors");
        byte[] bytes = File.ReadAllBytes(weights);
        bytes[^100] ^= 1;
        File.WriteAllBytes(weights, bytes);

        var warnings = new List<string>();
        var (folder, state) = run.Checkpoints.Newest(warnings.Add)!.Value;
        Assert.Equal(1, state.Step);
        Assert.EndsWith("step-1", folder, StringComparison.Ordinal);
        Assert.Contains("damaged", Assert.Single(warnings));
        Assert.True(File.Exists(weights));
    }

    [Theory]
    [InlineData("tokens_per_step", "nearest")]
    [InlineData("sequence_length", "max_position_embeddings")]
    public void A_recipe_that_cannot_be_is_refused_with_the_remedy(string what, string remedy)
    {
        var e = Assert.Throws<ConfigException>(() => new SmallRun(change: r => what switch
        {
            "tokens_per_step" => r with { Batch = r.Batch with { TokensPerStep = 100 } },
            _ => r with { Data = r.Data with { SequenceLength = 64 } },
        }));
        Assert.Contains(remedy, e.Message);
    }

    static void Same(SmallRun a, SmallRun b)
    {
        Assert.Equal(a.Seen.Steps.Select(s => s.Loss), b.Seen.Steps.Select(s => s.Loss));
        Assert.Equal(a.Seen.Evaluations, b.Seen.Evaluations);
        Assert.Equal(Weights(a.Model), Weights(b.Model));
    }

    static float[] Weights(ILanguageModel model) => model.Parameters.Weights.ToArray<float>();

    // Every line but its time.
    static string[] Losses(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Where(line => line.Contains("\"loss\"")).Select(line => line[..line.IndexOf(",\"seconds", StringComparison.Ordinal)])];
}
