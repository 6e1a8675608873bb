using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Models.Decoding;

namespace Cria.Models.Tests;

/// <summary>What training drops of every architecture, and that nothing else does.</summary>
public sealed class DropoutTests
{
    public static TheoryData<string> Names => Sizes.Architectures;

    public static TheoryData<ModelConfig> Places =>
    [
        Sizes.SmallGpt2 with { EmbeddingDropout = 0.3f },
        Sizes.SmallGpt2 with { ResidualDropout = 0.3f },
        Sizes.SmallGpt2 with { AttentionDropout = 0.3f },
        Sizes.SmallGptJ with { EmbeddingDropout = 0.3f },
        Sizes.SmallGptJ with { ResidualDropout = 0.3f },
        Sizes.SmallGptJ with { AttentionDropout = 0.3f },
        Sizes.SmallLlama with { ResidualDropout = 0.3f },
        Sizes.SmallLlama with { AttentionDropout = 0.3f },
        Sizes.SmallQwen3 with { AttentionDropout = 0.3f },
    ];

    [Theory]
    [MemberData(nameof(Places))]
    public void Every_place_that_can_drop_does_so_by_itself(ModelConfig config)
    {
        using var owned = new Owned(KernelChoice.Best(2));
        using var plain = TestModels.Ready(Sizes.Small[config.ModelType] with { InitializerRange = 0.2f }, withGradients: true);
        using var dropping = TestModels.Ready(config with { InitializerRange = 0.2f }, withGradients: true);
        double without = Run(plain, owned.Kernels, firstRow: 0).Loss, with = Run(dropping, owned.Kernels, firstRow: 0).Loss;
        Assert.True(Math.Abs(with - without) > 1e-3 * without, $"{with} with dropout, {without} without");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Evaluation_and_decoding_never_drop(string architecture)
    {
        int[] ids = Sizes.Tokens(30);
        using var owned = new Owned(KernelChoice.Best(2));
        using var plain = TestModels.Ready(Sizes.Small[architecture]);
        using var dropping = TestModels.Ready(Dropping(architecture));
        Assert.Equal(TestModels.Logits(plain, owned.Kernels, ids), TestModels.Logits(dropping, owned.Kernels, ids));
        Assert.Equal(TestModels.Losses(plain, owned.Kernels, ids), TestModels.Losses(dropping, owned.Kernels, ids));
        using var before = new Decoder(plain, owned.Kernels);
        using var after = new Decoder(dropping, owned.Kernels);
        before.Append(ids);
        after.Append(ids);
        Assert.Equal(before.Logits, after.Logits);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_share_of_nothing_leaves_no_trace_in_the_plan(string architecture)
    {
        using var model = TestModels.Ready(Sizes.Small[architecture]);
        using var plan = TrainingPlan.Record(model, 2, 16, new()).Plan;
        Assert.DoesNotContain(plan.Steps, step => step.Op.Name == "dropout" || step.Op.Inputs.Any(input => input.Name == "place"));
        using var dropping = TestModels.Ready(Dropping(architecture));
        using var other = TrainingPlan.Record(dropping, 2, 16, new()).Plan;
        Assert.Contains(other.Steps, step => step.Op.Inputs.Any(input => input.Name == "place"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_rows_are_dropped_from_alike_on_any_threads_and_recomputed_and_others_are_not(string architecture)
    {
        using var model = TestModels.Ready(Dropping(architecture), withGradients: true);
        using var one = new Owned(KernelChoice.Best(1));
        using var three = new Owned(KernelChoice.Best(3));
        var expected = Run(model, one.Kernels, firstRow: 320);
        foreach (bool recompute in (bool[])[false, true])
            foreach (var kernels in (IKernels[])[one.Kernels, three.Kernels])
            {
                var (loss, gradients) = Run(model, kernels, firstRow: 320, new(recompute, ShareMemory: recompute));
                Assert.Equal(expected.Loss, loss);
                Assert.Equal(expected.Gradients, gradients);
            }
        Assert.NotEqual(expected.Loss, Run(model, one.Kernels, firstRow: 352).Loss);
        Assert.NotEqual(expected.Loss, Run(model, one.Kernels, firstRow: 320, seed: 4).Loss);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void How_a_step_is_cut_into_micro_batches_changes_no_mask(string architecture)
    {
        using var model = TestModels.Ready(Dropping(architecture), withGradients: true);
        using var owned = new Owned(KernelChoice.Best(2));
        var whole = Run(model, owned.Kernels, firstRow: 64);
        var first = Run(model, owned.Kernels, firstRow: 64, sequences: 0..1);
        var second = Run(model, owned.Kernels, firstRow: 80, sequences: 1..2);
        Assert.Equal(whole.Loss, first.Loss + second.Loss, 1e-5);
        double size = Math.Sqrt(whole.Gradients.Average(g => g * g));
        for (int i = 0; i < whole.Gradients.Length; i++)
            Assert.Equal(whole.Gradients[i], first.Gradients[i] + second.Gradients[i], 1e-4 * size);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_those_of_the_loss_under_its_mask(string architecture)
    {
        using var model = TestModels.Ready(Dropping(architecture) with { InitializerRange = 0.2f }, DType.F64, withGradients: true);
        var kernels = new ReferenceKernels<double>();
        double[] gradients = Run(model, kernels, firstRow: 5).Gradients;
        double size = Math.Sqrt(gradients.Average(g => g * g));
        int start = 0;
        foreach (var parameter in model.Parameters.Parameters)
        {
            for (int i = (int)(parameter.Shape.Length / 3); i < parameter.Shape.Length; i += (int)(parameter.Shape.Length / 3) + 1)
            {
                double numeric = (LossAt(parameter, i, 1e-5) - LossAt(parameter, i, -1e-5)) / 2e-5;
                Assert.True(Math.Abs(gradients[start + i] - numeric) <= 1e-6 * (Math.Abs(numeric) + size) + 1e-9,
                    $"{parameter.Name}[{i}]: backward says {gradients[start + i]:G9}, differences say {numeric:G9}");
            }
            start += (int)parameter.Shape.Length;
        }

        double LossAt(Parameter parameter, int index, double change)
        {
            ref double x = ref parameter.Data.Span<double>()[index];
            double before = x;
            x += change;
            double loss = Run(model, kernels, firstRow: 5).Loss;
            x = before;
            return loss;
        }
    }

    static ModelConfig Dropping(string architecture) => Sizes.Small[architecture] switch
    {
        Gpt2Config c => c with { EmbeddingDropout = 0.1f, ResidualDropout = 0.2f, AttentionDropout = 0.3f },
        GptJConfig c => c with { EmbeddingDropout = 0.1f, ResidualDropout = 0.2f, AttentionDropout = 0.3f },
        LlamaConfig c => c with { ResidualDropout = 0.2f, AttentionDropout = 0.3f },
        Qwen3Config c => c with { AttentionDropout = 0.3f },
        var other => throw new InvalidOperationException(other.ModelType),
    };

    /// <summary>The loss of two sequences of sixteen tokens, or of one of them, and all gradients.</summary>
    static (double Loss, double[] Gradients) Run(ILanguageModel model, IKernels kernels, long firstRow, PlanOptions? options = null,
        ulong seed = 3, Range? sequences = null)
    {
        var (first, count) = (sequences ?? 0..2).GetOffsetAndLength(2);
        int rows = 16 * count;
        int[] ids = Sizes.Tokens(33)[(16 * first)..];
        var step = TrainingPlan.Record(model, count, 16, options ?? new(), seed);
        using var plan = step.Plan;
        using var arena = new Arena(CpuDevice.Instance, plan);
        arena.Poison();
        step.Sequence.Fill(ids.AsSpan(0, rows), count == 1 ? [0] : [0, 16]);
        step.Sequence.Dropout!.Fill(firstRow);
        step.Targets.Data.Write<int>(ids.AsSpan(1, rows));
        if (model.Parameters.DType == DType.F64)
            step.Weights.Data.Write<double>([.. Enumerable.Repeat(1.0 / 32, rows)]);
        else
            step.Weights.Data.Write<float>([.. Enumerable.Repeat(1f / 32, rows)]);
        plan.Forward(kernels);
        plan.Backward(kernels);
        return (TestModels.Numbers(step.Head.Output.Data)[0],
            [.. model.Parameters.Parameters.SelectMany(parameter => TestModels.Numbers(parameter.Gradient!.Data))]);
    }
}
