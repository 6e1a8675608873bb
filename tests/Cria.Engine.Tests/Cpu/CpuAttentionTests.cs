using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;

namespace Cria.Engine.Tests.Cpu;

public sealed class CpuAttentionTests
{
    static readonly ReferenceKernels<float> Reference = new();

    /// <summary>One pass forward and back.</summary>
    sealed record Result(Tensor Y, Tensor LogSumExp, Tensor Dq, Tensor Dk, Tensor Dv)
    {
        public Tensor[] All => [Y, LogSumExp, Dq, Dk, Dv];
    }

    static Result Run(IKernels kernels, Case c, Tensor q, Tensor k, Tensor v, Tensor dy, AttentionSpans spans,
        AttentionShape shape, Result? addTo = null)
    {
        var (y, lse) = (c.Filled(q.Rows, q.Columns), c.Filled(q.Rows, shape.NumHeads));
        kernels.Attention(y, lse, q, k, v, spans, shape);
        var mode = addTo is null ? SinkMode.Overwrite : SinkMode.Add;
        var (dq, dk, dv) = addTo is null
            ? (c.Filled(q.Rows, q.Columns), c.Filled(k.Rows, k.Columns), c.Filled(k.Rows, k.Columns))
            : (addTo.Dq, addTo.Dk, addTo.Dv);
        var delta = c.Filled(q.Rows, shape.NumHeads);
        kernels.AttentionBackward(
            new(dq, mode), new(dk, mode), new(dv, mode), delta, dy, y, lse, q, k, v, spans, shape);
        return new(y, lse, dq, dk, dv);
    }

    [Theory]
    [InlineData(1, 1, 16, true, new[] { 0, 1, 3 })]
    [InlineData(2, 1, 16, true, new[] { 0, 3, 3, 10 })]
    [InlineData(4, 2, 32, true, new[] { 0, 64, 193 })]
    [InlineData(4, 2, 32, false, new[] { 0, 65, 66, 200 })]
    [InlineData(3, 3, 64, true, new[] { 0, 130, 257 })]
    [InlineData(2, 2, 8, true, new[] { 0, 70 })]
    [InlineData(6, 2, 20, false, new[] { 0, 17, 90 })]
    [InlineData(2, 1, 7, true, new[] { 0, 63, 80 })]
    public void Agrees_with_the_reference(int heads, int keyHeads, int dim, bool causal, int[] starts)
    {
        using var c = new Case();
        var shape = new AttentionShape(heads, keyHeads, dim, 1 / MathF.Sqrt(dim), causal);
        int rows = starts[^1];
        var (q, k) = (c.Random(rows, heads * dim, 2), c.Random(rows, keyHeads * dim, 2));
        var v = c.Random(rows, keyHeads * dim);
        var dy = c.Random(rows, heads * dim);
        var spans = c.Segments([.. starts, rows]);
        var expected = Run(Reference, c, q, k, v, dy, spans, shape);
        foreach (var kernels in KernelChoice.All(2))
        {
            using var _ = (IDisposable)kernels;
            var actual = Run(kernels, c, q, k, v, dy, spans, shape);
            for (int i = 0; i < actual.All.Length; i++)
                Assert.True(Case.Difference(actual.All[i], expected.All[i]) < 1e-5,
                    $"{kernels.Name}, output {i}: {Case.Difference(actual.All[i], expected.All[i])}");
            Run(kernels, c, q, k, v, dy, spans, shape, addTo: actual);
            Assert.True(Case.Difference(Doubled(c, expected.Dq), actual.Dq) < 1e-5, kernels.Name);
            Assert.True(Case.Difference(Doubled(c, expected.Dk), actual.Dk) < 1e-5, kernels.Name);
            Assert.True(Case.Difference(Doubled(c, expected.Dv), actual.Dv) < 1e-5, kernels.Name);
        }
    }

    static Tensor Doubled(Case c, Tensor x)
    {
        var doubled = c.Copy(x);
        foreach (ref float value in doubled.Span<float>())
            value *= 2;
        return doubled;
    }

    [Theory]
    [InlineData(2, 1, 32), InlineData(2, 2, 20)]
    public void A_document_has_the_same_bits_alone_and_packed_on_any_number_of_threads(int heads, int keyHeads, int dim)
    {
        using var c = new Case();
        var shape = new AttentionShape(heads, keyHeads, dim, 0.2f);
        int[] starts = [0, 37, 37, 170, 300];
        var (q, k, v) = (c.Random(300, heads * dim), c.Random(300, keyHeads * dim), c.Random(300, keyHeads * dim));
        var dy = c.Random(300, heads * dim);
        foreach (var (one, three) in KernelChoice.All(1).Zip(KernelChoice.All(3)))
        {
            using var first = (IDisposable)one;
            using var second = (IDisposable)three;
            var packed = Run(one, c, q, k, v, dy, c.Segments(starts), shape);
            var shared = Run(three, c, q, k, v, dy, c.Segments(starts), shape);
            for (int i = 0; i < packed.All.Length; i++)
                Assert.True(Case.SameBits(packed.All[i], shared.All[i]), $"{one.Name}, output {i}");
            var (from, count) = (37, 133);
            Tensor Part(Tensor x) => c.Copy(x.RowRange(from, count));
            var alone = Run(one, c, Part(q), Part(k), Part(v), Part(dy), c.Segments(0, count), shape);
            for (int i = 0; i < packed.All.Length; i++)
                Assert.True(Case.SameBits(packed.All[i].RowRange(from, count), alone.All[i]), $"{one.Name}, {i}");
        }
    }

    [Theory]
    [InlineData(4, 2, 32), InlineData(2, 2, 8), InlineData(3, 1, 64)]
    public void Reading_behind_a_cache_gives_the_bits_of_reading_all_at_once(int heads, int keyHeads, int dim)
    {
        const int Length = 150;
        using var c = new Case();
        var shape = new AttentionShape(heads, keyHeads, dim, 0.3f);
        var q = c.Random(Length, heads * dim);
        var (k, v) = (c.Random(Length, keyHeads * dim), c.Random(Length, keyHeads * dim));
        foreach (var kernels in KernelChoice.All(2))
        {
            using var _ = (IDisposable)kernels;
            var (y, lse) = (c.Filled(Length, heads * dim), c.Filled(Length, heads));
            kernels.Attention(y, lse, q, k, v, c.Segments(0, Length), shape);
            foreach (var (past, count) in new[] { (0, 1), (1, 2), (63, 1), (64, 3), (61, 70), (10, 140), (149, 1) })
            {
                var (y1, lse1) = (c.Filled(count, heads * dim), c.Filled(count, heads));
                var spans = new AttentionSpans(c.Integers(0, count), c.Integers(0), c.Integers(past));
                kernels.Attention(y1, lse1, c.Copy(q.RowRange(past, count)), k, v, spans, shape);
                Assert.True(Case.SameBits(y.RowRange(past, count), y1), $"{kernels.Name} at {past}");
                Assert.True(Case.SameBits(lse.RowRange(past, count), lse1), $"{kernels.Name} at {past}");
            }
        }
    }

    [Fact]
    public void After_the_first_call_nothing_is_allocated()
    {
        using var c = new Case();
        var shape = new AttentionShape(4, 2, 32, 0.2f);
        var (q, k, v, dy) = (c.Random(200, 128), c.Random(200, 64), c.Random(200, 64), c.Random(200, 128));
        var (y, lse, delta) = (c.Filled(200, 128), c.Filled(200, 4), c.Filled(200, 4));
        var (dq, dk, dv) = (c.Filled(200, 128), c.Filled(200, 64), c.Filled(200, 64));
        var spans = c.Segments(0, 120, 200);
        using var kernels = (IDisposable)KernelChoice.Best(2);
        var run = (IKernels)kernels;
        long before = 0;
        for (int step = 0; step < 5; step++)
        {
            if (step == 2)
                before = GC.GetAllocatedBytesForCurrentThread();
            run.Attention(y, lse, q, k, v, spans, shape);
            run.AttentionBackward(dq, dk, dv, delta, dy, y, lse, q, k, v, spans, shape);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
