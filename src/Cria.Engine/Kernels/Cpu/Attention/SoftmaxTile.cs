using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>
/// Softmax over tiles of scores that lie key by key, so that every lane is a query of its own: maxima and sums go down the
/// tile and never across lanes.
/// </summary>
static unsafe class SoftmaxTile<V, S> where V : struct where S : struct, ISimd<V>
{
    /// <summary>Queries of a tile, which are its lanes, and keys of a tile.</summary>
    public const int Size = 64;

    /// <summary>Length of the table of <see cref="FillMask"/>.</summary>
    public const int MaskLength = 2 * Size;

    /// <summary>Upper bounds by lane: read from Size − n on, the first n lanes are bounded by −∞ and the rest by ∞.</summary>
    public static void FillMask(float* mask)
    {
        new Span<float>(mask, Size).Fill(float.NegativeInfinity);
        new Span<float>(mask + Size, Size).Fill(float.PositiveInfinity);
    }

    /// <summary>
    /// One more tile of a running softmax: scores become e^(score − max) with the new max, the sums follow it, and
    /// factors tells by how much all that was summed before has to shrink.
    /// </summary>
    /// <param name="visibleToAll">The number of keys that all lanes see; key j beyond is hidden from the first lanes.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Forward(float* scores, int keys, int vectors, float* max, float* sum, float* factors, float* mask,
        int visibleToAll)
    {
        for (int lane = 0; lane < vectors * S.Width; lane += S.Width)
        {
            Hide(scores, keys, lane, mask, visibleToAll);
            V before = S.Load(max + lane), top = before, other = before;
            float* p = scores + lane;
            int j = 0;
            for (; j < keys - 1; j += 2, p += 2 * Size)
            {
                top = S.Max(top, S.Load(p));
                other = S.Max(other, S.Load(p + Size));
            }
            if (j < keys)
                top = S.Max(top, S.Load(p));
            top = S.Max(top, other);
            S.Store(max + lane, top);
            V factor = S.Exp(S.Subtract(before, top));
            S.Store(factors + lane, factor);
            V total = S.Multiply(S.Load(sum + lane), factor);
            p = scores + lane;
            for (j = 0; j < keys; j++, p += Size)
            {
                V e = S.Exp(S.Subtract(S.Load(p), top));
                S.Store(p, e);
                total = S.Add(total, e);
            }
            S.Store(sum + lane, total);
        }
    }

    /// <summary>Scores become probabilities p, and the gradients of p become those of the scores: p · (dp − delta).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Backward(float* scores, float* gradients, int keys, int vectors, float* logSumExp, float* delta,
        float* mask, int visibleToAll)
    {
        for (int lane = 0; lane < vectors * S.Width; lane += S.Width)
        {
            Hide(scores, keys, lane, mask, visibleToAll);
            V log = S.Load(logSumExp + lane), mean = S.Load(delta + lane);
            float* s = scores + lane, g = gradients + lane;
            for (int j = 0; j < keys; j++, s += Size, g += Size)
            {
                V p = S.Exp(S.Subtract(S.Load(s), log));
                S.Store(s, p);
                S.Store(g, S.Multiply(p, S.Subtract(S.Load(g), mean)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Hide(float* scores, int keys, int lane, float* mask, int visibleToAll)
    {
        for (int j = Math.Max(0, visibleToAll); j < keys; j++)
        {
            float* p = scores + (nint)j * Size + lane;
            S.Store(p, S.Min(S.Load(mask + Size - (j - visibleToAll + 1) + lane), S.Load(p)));
        }
    }
}
