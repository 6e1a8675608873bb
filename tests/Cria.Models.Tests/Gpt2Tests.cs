using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

public sealed class Gpt2Tests
{
    static readonly int[] Starts = [0, 7];

    [Theory]
    [InlineData(true), InlineData(false)]
    public void Every_gradient_agrees_with_differences(bool bias)
    {
        var config = Sizes.SmallGpt2 with { Bias = bias, HiddenSize = 12, IntermediateSize = 0, VocabSize = 11, MaxPositionEmbeddings = 9 };
        using var model = Filled(config, DType.F64);
        using var step = new Step(model);
        double[][] gradients = step.Gradients(new ReferenceKernels<double>());
        for (int p = 0; p < gradients.Length; p++)
        {
            var parameter = model.Parameters.Parameters[p];
            double size = Math.Sqrt(gradients[p].Average(g => g * g));
            for (int i = p % 3; i < gradients[p].Length; i += Math.Max(1, gradients[p].Length / 4))
            {
                double numeric = (step.LossAt(parameter, i, 1e-5) - step.LossAt(parameter, i, -1e-5)) / 2e-5;
                // a key's bias moves all scores of a query alike: its gradient is nothing but rounding
                Assert.True(Math.Abs(gradients[p][i] - numeric) <= 1e-6 * (Math.Abs(numeric) + size) + 1e-9,
                    $"{parameter.Name}[{i}]: backward says {gradients[p][i]:G9}, differences say {numeric:G9}");
            }
            Assert.Equal(parameter.Name.EndsWith("c_attn.k.bias", StringComparison.Ordinal), size < 1e-9);
        }
    }

    [Fact]
    public void Recomputation_and_shared_memory_full_of_NaN_change_no_bit_and_neither_do_threads()
    {
        using var model = Filled(Sizes.SmallGpt2, DType.F32);
        using var one = new Owned(KernelChoice.Best(1));
        using var three = new Owned(KernelChoice.Best(3));
        using var apart = new Step(model, new(ShareMemory: false));
        double[][] expected = apart.Gradients(one.Kernels);
        foreach (bool recompute in (bool[])[false, true])
        {
            using var step = new Step(model, new(recompute));
            Assert.Equal(expected, step.Gradients(one.Kernels));
            Assert.Equal(expected, step.Gradients(three.Kernels));
        }
        Assert.All(expected, gradient => Assert.DoesNotContain(double.NaN, gradient));
    }

    [Fact]
    public void No_token_sees_a_later_one_or_another_document_and_places_count_from_its_beginning()
    {
        using var model = Filled(Sizes.SmallGpt2, DType.F32);
        using var owned = new Owned(KernelChoice.Best(2));
        int[] ids = Sizes.Tokens(40);
        float[] before = Losses(model, owned.Kernels, ids[..20], ids[20..]);
        int[] changed = [.. ids];
        (changed[15], changed[25]) = (3, 4);
        float[] after = Losses(model, owned.Kernels, changed[..20], changed[20..]);
        Assert.Equal(before[..14], after[..14]); // the loss at 14 predicts 15
        Assert.NotEqual(before[14..19], after[14..19]);
        Assert.Equal(before[19..23], after[19..23]);
        Assert.NotEqual(before[23..], after[23..]);
        Assert.Equal(before[19..], Losses(model, owned.Kernels, ids[20..]));
    }

    [Fact]
    public void What_writes_into_the_residual_stream_starts_smaller_and_biases_start_at_nothing()
    {
        using var model = LlamaTests.Ready(Sizes.SmallGpt2 with { HiddenSize = 120, IntermediateSize = 0 });
        foreach (var parameter in model.Parameters.Parameters)
        {
            float[] values = parameter.Data.ToArray<float>();
            double deviation = Math.Sqrt(values.Average(v => (double)v * v));
            bool isResidual = parameter.Name.Contains("c_proj", StringComparison.Ordinal);
            if (parameter.Shape.Rank == 2)
                Assert.InRange(deviation, (isResidual ? 0.01 : 0.02) * 0.95, (isResidual ? 0.01 : 0.02) * 1.05); // √(2 · 2 layers) = 2
            else
                Assert.All(values, value => Assert.Equal(parameter.Name.EndsWith("bias", StringComparison.Ordinal) ? 0 : 1, value));
            Assert.Equal(parameter.Shape.Rank == 2, parameter.Decays);
        }
    }

    /// <summary>Every parameter at random, the norms and biases too, the same numbers in both types.</summary>
    static ILanguageModel Filled(Gpt2Config config, DType type)
    {
        var model = ModelCatalog.Create(config, CpuDevice.Instance, type);
        model.Parameters.Allocate(withGradients: true);
        foreach (var parameter in model.Parameters.Parameters)
        {
            var random = Philox.For(8, parameter.Name);
            double middle = parameter.Shape.Rank == 1 && parameter.Name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0;
            model.Parameters.Write(parameter,
                [.. Enumerable.Range(0, (int)parameter.Shape.Length).Select(i => (double)(float)(middle + 0.2 * random.Normal((ulong)i)))]);
        }
        return model;
    }

    static double[] Logits(ILanguageModel model, IKernels kernels, int[] ids) => LlamaTests.Logits(model, kernels, ids, Numbers);

    static double[] Numbers(Tensor tensor) => tensor.DType == DType.F64
        ? tensor.ToArray<double>()
        : Array.ConvertAll(tensor.ToArray<float>(), x => (double)x);

    static void Worst(double[] expected, double[] actual, double tolerance, string who)
    {
        double worst = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst < tolerance, $"{who}: {worst}");
    }

    static float[] Losses(ILanguageModel model, IKernels kernels, params int[][] windows)
    {
        using var pass = new LossPass(model, 128, 64);
        using var arena = new Arena(CpuDevice.Instance, pass.Plan);
        arena.Poison();
        foreach (int[] window in windows)
            Assert.True(pass.TryAdd(window));
        return pass.Run(kernels).ToArray();
    }

    /// <summary>A training step on two sequences of seven tokens.</summary>
    sealed class Step : IDisposable
    {
        readonly ILanguageModel _model;
        readonly TrainingPlan _recorded;
        readonly Arena _arena;

        public Step(ILanguageModel model, PlanOptions? options = null)
        {
            _model = model;
            _recorded = TrainingPlan.Record(model, 2, 7, options ?? new());
            _arena = new(CpuDevice.Instance, _recorded.Plan);
        }

        public double[][] Gradients(IKernels kernels)
        {
            Run(kernels);
            return [.. _model.Parameters.Parameters.Select(p => Numbers(p.Gradient!.Data))];
        }

        public double LossAt(Parameter parameter, int index, double change)
        {
            ref double x = ref parameter.Data.Span<double>()[index];
            double before = x;
            x += change;
            double loss = Run(new ReferenceKernels<double>());
            x = before;
            return loss;
        }

        public void Dispose()
        {
            _arena.Dispose();
            _recorded.Plan.Dispose();
        }

        double Run(IKernels kernels)
        {
            _arena.Poison();
            int vocabulary = _model.Config.VocabSize;
            int[] ids = [.. Sizes.Tokens(15).Select(id => id % vocabulary)];
            _recorded.Sequence.Fill(ids.AsSpan(0, 14), Starts);
            _recorded.Targets.Data.Write<int>(ids.AsSpan(1, 14));
            if (_model.Parameters.DType == DType.F64)
                _recorded.Weights.Data.Write<double>([.. Enumerable.Repeat(1.0 / 14, 14)]);
            else
                _recorded.Weights.Data.Write<float>([.. Enumerable.Repeat(1f / 14, 14)]);
            _recorded.Plan.Forward(kernels);
            _recorded.Plan.Backward(kernels);
            return Numbers(_recorded.Head.Output.Data)[0];
        }
    }
}
