using Cria.Engine.Kernels;

namespace Cria.Cli.Benchmarks;

/// <summary>
/// Causal attention over Batch sequences of Length tokens that lie in a row: N heads of size D, K key-value heads.
/// </summary>
public readonly record struct AttentionBenchShape(int Length, int HeadDim, int NumHeads, int NumKeyValueHeads, int Batch)
{
    /// <summary>Long and short sequences, grouped heads, few large items of work.</summary>
    static readonly AttentionBenchShape[] All =
    [
        new(512, 64, 8, 8, 4),
        new(512, 32, 16, 8, 4),
        new(64, 64, 8, 8, 32),
        new(64, 32, 16, 8, 32),
        new(128, 64, 8, 8, 16),
        new(128, 32, 16, 8, 16),
        new(256, 32, 8, 4, 16),
        new(1024, 64, 8, 8, 2),
        new(2048, 64, 8, 8, 1),
        new(2048, 32, 16, 8, 1),
        new(2048, 64, 8, 1, 1),
    ];

    /// <summary>The shapes of one length, or all; a length that none has gets one shape of its own.</summary>
    /// <param name="length">0: all.</param>
    public static IEnumerable<AttentionBenchShape> OfLength(int length) =>
        length == 0 ? All
        : All.Any(shape => shape.Length == length) ? All.Where(shape => shape.Length == length)
        : [new(length, 64, 8, 8, Math.Max(1, 2048 / length))];

    public int Rows => Batch * Length;

    public AttentionShape Kernel => new(NumHeads, NumKeyValueHeads, HeadDim, 1 / MathF.Sqrt(HeadDim));

    /// <summary>Two products of T × T × D / 2 multiply-adds a head: scores and mix.</summary>
    public double ForwardFlops => 4 * HalfProducts;

    /// <summary>Five of them: scores once more, and the gradients of p, q, k and v.</summary>
    public double BackwardFlops => 10 * HalfProducts;

    double HalfProducts => 0.5 * Length * Length * HeadDim * NumHeads * Batch;
}
