using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class CacheTests
{
    const int Capacity = 70;

    static readonly int[] Past = [5, 0, 0, 64, 31, 69];
    static readonly int[] Now = [1, 33, 0, 5, 17, 1];

    [Theory]
    [InlineData(2, 2, 8), InlineData(4, 2, 16), InlineData(4, 1, 32), InlineData(4, 4, 48), InlineData(2, 1, 64), InlineData(2, 2, 128)]
    public void Every_backend_agrees_with_the_reference(int heads, int keyHeads, int headDim)
    {
        Agreement.Holds(Now.Sum(), Call(heads, keyHeads, headDim));
        Agreement.Holds(new(Now.Sum() + 6, Now.Sum()), Call(heads, keyHeads, headDim));
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits() =>
        Agreement.IsTheSameOnAnyNumberOfThreads(Now.Sum(), Call(4, 2, 32));

    // Rows of the cache that no token has reached hold NaN.
    static KernelCall Call(int heads, int keyHeads, int headDim) => (bench, k) =>
    {
        var shape = new AttentionShape(heads, keyHeads, headDim, 1 / MathF.Sqrt(headDim));
        var size = new Shape(Past.Length * Capacity, keyHeads * headDim);
        Tensor keys = bench.Weight("keys", size, 1, IsUnreached), values = bench.Weight("values", size, 1, IsUnreached);
        var spans = new AttentionSpans(bench.Spans(Now).Starts,
            bench.Integers("keyStarts", [.. Enumerable.Range(0, Past.Length).Select(s => s * Capacity)]),
            bench.Integers("pastLengths", Past));
        k.CacheWrite(keys, bench.Input("k", keyHeads * headDim), spans);
        k.CacheWrite(values, bench.Input("v", keyHeads * headDim), spans);
        k.Attention(bench.Output("y", heads * headDim), bench.Output("logSumExp", heads), bench.Input("q", heads * headDim),
            keys, values, spans, shape);
    };

    static bool IsUnreached(int row) => row % Capacity >= Past[row / Capacity];
}
