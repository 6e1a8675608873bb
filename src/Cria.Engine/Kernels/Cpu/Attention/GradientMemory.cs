namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>One thread's scratch in attention's backward pass.</summary>
readonly unsafe struct GradientMemory<V, S>(float* data, int dim, int keys) where V : struct where S : struct, ISimd<V>
{
    const int TileSize = SoftmaxTile<V, S>.Size;

    readonly int _tile = TileSize * dim, _packed = TileSize * Packed<V, S>.Stride(dim);

    readonly long _segment = (long)keys * Packed<V, S>.Stride(dim);

    /// <summary>(D, tile), scaled</summary>
    public float* Queries => data;

    /// <summary>(D, tile)</summary>
    public float* Upstream => Queries + _tile;

    /// <summary>(keys, queries), then probabilities</summary>
    public float* Scores => Upstream + _tile;

    /// <summary>(keys, queries): of the probabilities, then of the scores</summary>
    public float* Gradients => Scores + TileSize * TileSize;

    public float* LogSumExp => Gradients + TileSize * TileSize;

    public float* Delta => LogSumExp + TileSize;

    /// <summary>(queries, D)</summary>
    public float* QueryRows => Delta + TileSize;

    /// <summary>(queries, D)</summary>
    public float* UpstreamRows => QueryRows + _packed;

    /// <summary>(queries, D)</summary>
    public float* QueryGradient => UpstreamRows + _packed;

    /// <summary>(keys of the segment, D)</summary>
    public float* Keys => QueryGradient + _packed;

    public float* Values => Keys + _segment;

    public float* KeyGradient => Values + _segment;

    public float* ValueGradient => KeyGradient + _segment;

    /// <summary>For <see cref="TileMask{V, S}"/>.</summary>
    public float* DropoutKeys => ValueGradient + _segment;

    /// <summary>Lanes without a query hold zeros, which add nothing.</summary>
    public void ClearLanes(int headDim)
    {
        new Span<float>(Queries, 2 * TileSize * headDim).Clear();
        new Span<float>(LogSumExp, 2 * TileSize).Clear();
    }

    public static long Floats(int dim, int keys) =>
        2L * TileSize * dim + 2 * TileSize * (TileSize + 1)
        + (3 * TileSize + 4L * keys) * Packed<V, S>.Stride(dim) + TileMask<V, S>.Length + 16;
}
