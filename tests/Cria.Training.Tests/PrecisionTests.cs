using Cria.Engine.Tensors;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Tests;

/// <summary>BF16 as storage keeps the trainer's laws.</summary>
public sealed class PrecisionTests
{
    static readonly PrecisionRecipe Both = new() { Activations = Storage.BF16, Moments = Storage.BF16 };

    [Fact]
    public void The_loss_falls_as_far_as_with_F32()
    {
        using var run = new SmallRun(change: r => r with { Precision = Both });
        run.Trainer.Run();
        Assert.True(run.Seen.Evaluations[^1].Loss < 1.6, $"{run.Seen.Evaluations[^1].Loss}");
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        using var one = new SmallRun(threads: 1, change: r => r with { Precision = Both, Steps = 20 });
        using var three = new SmallRun(threads: 3, change: r => r with { Precision = Both, Steps = 20 });
        one.Trainer.Run();
        three.Trainer.Run();
        Assert.Equal(Weights(one), Weights(three));
    }

    [Fact]
    public void A_run_stopped_and_resumed_gives_the_bits_of_one_that_never_stopped()
    {
        using var whole = new SmallRun(change: r => r with { Precision = Both, Steps = 20 });
        whole.Trainer.Run();
        string folder = Directory.CreateTempSubdirectory("cria-bf16-").FullName;
        try
        {
            foreach (int stop in (int[])[3, 11])
            {
                using var part = new SmallRun(folder: folder, change: r => r with { Precision = Both, Steps = 20 });
                while (part.Trainer.Step < stop)
                    part.Metrics.Stepped(part.Trainer.TrainStep());
                part.Trainer.Save();
                part.Metrics.Stepped(part.Trainer.TrainStep());
            }
            using (var state = new SafetensorsReader(Path.Combine(folder, "checkpoints", "step-11", "training", "optimizer.safetensors")))
                Assert.All(state.Entries.Values, entry => Assert.Equal("BF16", entry.Type));
            using var rest = new SmallRun(folder: folder, change: r => r with { Precision = Both, Steps = 20 });
            Assert.Equal(11, rest.Trainer.Step);
            rest.Trainer.Run();
            Assert.Equal(Weights(whole), Weights(rest));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_state_of_another_precision_is_refused_in_a_sentence()
    {
        using var run = new SmallRun();
        run.Trainer.TrainStep();
        run.Trainer.Save();
        using var other = new SmallRun(change: r => r with { Precision = Both });
        var (folder, state) = run.Checkpoints.Newest(_ => { })!.Value;
        var refusal = Assert.Throws<CheckpointException>(() => other.Trainer.Resume(folder, state));
        Assert.Contains("first_moment is F32", refusal.Message);
        Assert.Contains("BF16", refusal.Message);
    }

    [Fact]
    public void Two_seeds_round_otherwise()
    {
        using var run = new SmallRun(change: r => r with { Precision = Both });
        var moments = new List<ushort[]>();
        foreach (ulong seed in (ulong[])[1, 1, 2])
        {
            var adamW = (AdamWRecipe)run.Recipe.Optimizer;
            using var optimizer = new CompactAdamW(adamW, run.Recipe with { Seed = seed }, run.Model.Parameters);
            float[] scalars = new float[(int)Engine.Kernels.StepScalar.Count];
            optimizer.Prepare(scalars, 1);
            scalars[(int)Engine.Kernels.StepScalar.ClipFactor] = 1;
            using var memory = CpuDevice.Instance.Allocate(scalars.Length * sizeof(float));
            var tensor = memory.Tensor(DType.F32, new(scalars.Length));
            tensor.Write<float>(scalars);
            var gradients = run.Model.Parameters.Gradients;
            gradients.Write<float>([.. Enumerable.Range(0, (int)gradients.Length).Select(i => 1f / (i + 1))]);
            optimizer.Step(run.Kernels, run.Model.Parameters, tensor);
            moments.Add(optimizer.Slots[1].State.ToArray<ushort>());
        }
        Assert.Equal(moments[0], moments[1]);
        Assert.NotEqual(moments[0], moments[2]);
    }

    static float[] Weights(SmallRun run) => run.Model.Parameters.Weights.ToArray<float>();
}
