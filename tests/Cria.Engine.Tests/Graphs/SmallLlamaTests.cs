using Cria.Engine.Graphs;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Graphs;

public sealed class SmallLlamaTests
{
    static readonly int[][] Documents = SmallLlama.Documents(1, 7, 1, 17, 5);
    static readonly ReferenceKernels<double> Exact = new();

    [Fact]
    public void Every_gradient_of_the_whole_model_agrees_with_differences()
    {
        using var model = new SmallLlama(DType.F64, rows: 13);
        int[][] documents = SmallLlama.Documents(2, 5, 1, 7);
        model.Step(Exact, documents, 0.1);
        double[] gradients = model.Parameters.Gradients.ToArray<double>();
        double size = Math.Sqrt(gradients.Select(g => g * g).Average());
        for (int i = 0; i < gradients.Length; i += 41)
        {
            double numeric = (LossAt(i, 1e-5) - LossAt(i, -1e-5)) / 2e-5;
            Assert.True(Math.Abs(gradients[i] - numeric) <= 1e-6 * (Math.Abs(numeric) + size),
                $"flat gradient {i}: backward says {gradients[i]:G9}, differences say {numeric:G9}");
        }

        double LossAt(int i, double step)
        {
            ref double x = ref model.Parameters.Weights.Span<double>()[i];
            double before = x;
            x += step;
            double loss = model.Step(Exact, documents, 0.1).Loss;
            x = before;
            return loss;
        }
    }

    [Fact]
    public void Two_micro_batches_accumulate_to_one_large_batch()
    {
        using var model = new SmallLlama(DType.F64);
        var (whole, _) = model.Step(Exact, Documents, 0.05);
        double[] expected = model.Gradients;
        double first = model.Step(Exact, Documents[..2], 0.05).Loss;
        double second = model.Step(Exact, Documents[2..], 0.05, accumulate: true).Loss;
        Assert.Equal(whole, first + second, 1e-12);
        Assert.Equal(expected, model.Gradients, (x, y) => Math.Abs(x - y) <= 1e-12);
    }

    [Fact]
    public void A_tied_head_has_the_sum_of_both_gradients()
    {
        using var tied = new SmallLlama(DType.F64);
        using var untied = new SmallLlama(DType.F64, tied: false);
        foreach (var parameter in tied.Parameters.Parameters)
            untied.Parameters.Write(Named(untied, parameter.Name), parameter.Data.Span<double>());
        untied.Parameters.Write(Named(untied, "head"), Named(tied, "embedding").Data.Span<double>());

        Assert.Equal(tied.Step(Exact, Documents, 0.05).Loss, untied.Step(Exact, Documents, 0.05).Loss, 1e-14);
        double[] sum = Gradient(tied, "embedding");
        double[] embedding = Gradient(untied, "embedding"), head = Gradient(untied, "head");
        for (int i = 0; i < sum.Length; i++)
            Assert.Equal(sum[i], embedding[i] + head[i], 1e-12);
    }

    [Fact]
    public void Frozen_parameters_get_no_gradient_and_ops_that_only_they_need_are_dropped()
    {
        using var free = new SmallLlama(DType.F64);
        using var model = new SmallLlama(DType.F64, frozen: name => !name.StartsWith("layer1", StringComparison.Ordinal));
        free.Step(Exact, Documents, 0.05);
        model.Step(Exact, Documents, 0.05);
        foreach (var parameter in model.Parameters.Parameters)
            Assert.Equal(parameter.Trainable ? Gradient(free, parameter.Name) : new double[parameter.Shape.Length],
                Gradient(model, parameter.Name));
        Assert.DoesNotContain(model.Plan.Steps, step => step.Pass == Pass.Backward &&
            (step.Op.Name.Contains("layer0", StringComparison.Ordinal) || step.Op.Name.StartsWith("embed", StringComparison.Ordinal)));
        Assert.True(model.Plan.ArenaBytes < free.Plan.ArenaBytes);
    }

    [Fact]
    public void Every_backend_agrees_with_the_reference_on_a_whole_step()
    {
        using var exact = new SmallLlama(DType.F64);
        var (loss, rows) = exact.Step(Exact, Documents, 0.05);
        double[] gradients = exact.Gradients;
        double size = Math.Sqrt(gradients.Select(g => g * g).Average());
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var model = new SmallLlama();
            var step = model.Step(kernels, Documents, 0.05);
            Assert.Equal(loss, step.Loss, 1e-5);
            Assert.Equal(rows, step.Rows, (x, y) => Math.Abs(x - y) < 1e-4);
            Assert.Equal(gradients, model.Gradients, (x, y) => Math.Abs(x - y) <= 2e-5 * (Math.Abs(x) + 10 * size));
        }
    }

    static Parameter Named(SmallLlama model, string name) => model.Parameters.Parameters.Single(p => p.Name == name);

    static double[] Gradient(SmallLlama model, string name) => Named(model, name).Gradient!.Data.ToArray<double>();
}
