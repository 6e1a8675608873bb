using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class DropoutTests
{
    public static TheoryData<int> Columns => [.. Sizes.Columns];

    [Theory, MemberData(nameof(Columns))]
    public void Every_backend_agrees_with_the_reference(int columns)
    {
        foreach (var mode in Sizes.Modes)
            foreach (var rows in Sizes.Rows)
                Agreement.Holds(rows, Call(columns, mode, 0.3f));
    }

    [Theory, InlineData(7), InlineData(1023)]
    public void Any_number_of_threads_gives_the_same_bits(int columns) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(40, 37), Call(columns, SinkMode.Add, 0.1f));

    /// <summary>How a step is cut into micro-batches: a row is dropped from by its number in the training data.</summary>
    [Theory, InlineData(1), InlineData(33), InlineData(129)]
    public void A_row_is_the_same_in_any_company(int columns) =>
        Agreement.IsTheSameForARowInAnyCompany(37, Call(columns, SinkMode.Overwrite, 0.5f));

    [Theory, InlineData(0.1f), InlineData(0.5f), InlineData(0.93f)]
    public void The_share_is_dropped_and_the_mean_stays(float rate)
    {
        const int Rows = 400, Columns = 500;
        foreach (var kernels in Backends.With(threads: 2))
        {
            float[] y = Dropped(kernels, Rows, Columns, rate, firstRow: 0);
            double share = y.Count(value => value == 0) / (double)y.Length;
            double deviation = Math.Sqrt(rate * (1 - rate) / y.Length);
            Assert.InRange(share, rate - 4 * deviation, rate + 4 * deviation);
            Assert.InRange(y.Average(), 1 - 4 * deviation / (1 - rate), 1 + 4 * deviation / (1 - rate));
            Assert.All(y, value => Assert.True(value == 0 || Math.Abs(value - 1 / (1 - rate)) < 1e-5));

            // no row and no column has more than its share
            for (int c = 0; c < Columns; c += 7)
                InRange(Enumerable.Range(0, Rows).Count(r => y[r * Columns + c] == 0), Rows, rate);
            for (int r = 0; r < Rows; r += 7)
                InRange(y.AsSpan(r * Columns, Columns).Count(0f), Columns, rate);
        }
    }

    [Fact]
    public void Rows_steps_seeds_and_ops_have_masks_of_their_own()
    {
        var kernels = new ReferenceKernels<float>();
        float[] mask = Dropped(kernels, 2, 4096, 0.5f, firstRow: 5);
        float[][] others =
        [
            Dropped(kernels, 2, 4096, 0.5f, firstRow: 7),
            Dropped(kernels, 2, 4096, 0.5f, firstRow: 5 + (1L << 32)),
            Dropped(kernels, 2, 4096, 0.5f, firstRow: 5, op: "dropout 1"),
            Dropped(kernels, 2, 4096, 0.5f, firstRow: 5, seed: 4),
            [.. mask[4096..], .. mask[..4096]],
            [.. mask[1..], mask[0]],
        ];
        Assert.Equal(mask, Dropped(kernels, 2, 4096, 0.5f, firstRow: 5));
        foreach (float[] other in others) // half of the places agree by chance
            Assert.InRange(mask.Zip(other, (a, b) => a == b).Count(same => same), 4096 - 200, 4096 + 200);
    }

    static void InRange(int dropped, int count, float rate)
    {
        double six = 6 * Math.Sqrt(count * rate * (1 - rate));
        Assert.InRange(dropped, count * rate - six, count * rate + six);
    }

    static float[] Dropped(IKernels kernels, int rows, int columns, float rate, long firstRow, string op = "dropout 0", ulong seed = 3)
    {
        using var memory = CpuDevice.Instance.Allocate(2 * sizeof(float) * rows * columns + 8);
        var x = memory.Tensor(DType.F32, new(rows, columns), 0);
        var y = memory.Tensor(DType.F32, new(rows, columns), sizeof(float) * rows * columns);
        var place = memory.Tensor(DType.I32, new(2), 2 * sizeof(float) * rows * columns);
        x.Span<float>().Fill(1);
        place.Write<int>([(int)firstRow, (int)(firstRow >> 32)]);
        kernels.Dropout(y, x, new(rate, Philox.For(seed, op), place));
        return y.ToArray<float>();
    }

    static KernelCall Call(int columns, SinkMode mode, float rate) => (bench, k) =>
    {
        var place = bench.Integers("place", 1_000_000 + bench.FirstRow, 1);
        k.Dropout(bench.Sink("y", columns, mode), bench.Input("x", columns), new(rate, Philox.For(1, "dropout 0"), place));
    };
}
