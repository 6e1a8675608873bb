using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class SampleLabelsTests
{
    [Theory]
    [InlineData(1, 1), InlineData(3, 7), InlineData(5, 64), InlineData(17, 129), InlineData(70, 1023)]
    public void Every_backend_draws_what_the_reference_draws(int rows, int vocabulary)
    {
        Agreement.Holds(rows, Call(vocabulary));
        Agreement.IsTheSameOnAnyNumberOfThreads(rows, Call(vocabulary));
    }

    [Fact]
    public void Every_label_is_drawn_as_often_as_its_probability_says()
    {
        const int Rows = 20_000;
        double[] probabilities = [0.5, 0.25, 0.125, 0.0625, 0.0625];
        foreach (var kernels in Backends.With(threads: 1))
        {
            using var bench = new Workbench(DType.F32, Rows);
            Tensor logits = bench.Input("logits", probabilities.Length), targets = bench.Ids("targets", 1);
            var numbers = logits.Span<float>();
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = 40 + (float)Math.Log(probabilities[i % probabilities.Length]);
            kernels.SampleLabels(targets, logits, Labels(bench, firstRow: 1L << 33, step: 3));
            var counts = targets.ToArray<int>().CountBy(id => id).ToDictionary();
            for (int token = 0; token < probabilities.Length; token++)
            {
                double p = probabilities[token], error = 4 * Math.Sqrt(p * (1 - p) / Rows); // four standard errors
                Assert.InRange(counts[token] / (double)Rows, p - error, p + error);
            }
        }
    }

    [Fact]
    public void A_row_draws_by_its_number_in_the_data_and_by_the_step()
    {
        foreach (var kernels in Backends.With(threads: 1))
        {
            int[] first = Draw(kernels, firstRow: 0, step: 1), later = Draw(kernels, firstRow: 10, step: 1);
            Assert.Equal(first[10..], later[..^10]);
            Assert.NotEqual(first, Draw(kernels, firstRow: 0, step: 2));
            Assert.NotEqual(first, later);
        }
    }

    // Rows of one distribution, so that nothing but the noise tells them apart.
    static int[] Draw(IKernels kernels, long firstRow, int step)
    {
        using var bench = new Workbench(DType.F32, 50);
        Tensor logits = bench.Input("logits", 33, scale: 0), targets = bench.Ids("targets", 1);
        kernels.SampleLabels(targets, logits, Labels(bench, firstRow, step));
        return targets.ToArray<int>();
    }

    static KernelCall Call(int vocabulary) => (bench, k) =>
        k.SampleLabels(bench.Ids("targets", 1), bench.Input("logits", vocabulary), Labels(bench, firstRow: 5, step: 2));

    static SampledLabels Labels(Workbench bench, long firstRow, int step)
    {
        SampledLabels labels = new(7, bench.Integers("place", 0, 0, 0));
        labels.Fill(firstRow, step);
        return labels;
    }
}
