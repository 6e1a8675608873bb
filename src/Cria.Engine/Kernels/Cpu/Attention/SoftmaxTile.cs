using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>
/// Softmax over tiles of scores that lie key by key, so that every lane is a query of its own: maxima and sums go down
/// the tile and never across lanes. Scores, maxima and the log-sum-exp are in powers of two here: e^s = 2^(s · log₂ e).
/// </summary>
static unsafe class SoftmaxTile<V, S> where V : struct where S : struct, ISimd<V>
{
    /// <summary>Queries of a tile, which are its lanes, and keys of a tile.</summary>
    public const int Size = 64;

    /// <summary>log₂ e, with which the queries' scale is multiplied.</summary>
    public const float Log2E = 1.44269504f;

    /// <summary>ln 2</summary>
    public const float Ln2 = 0.693147181f;

    /// <summary>Length of the table of <see cref="FillMask"/>.</summary>
    public const int MaskLength = 2 * Size;

    /// <summary>Upper bounds by lane: read from Size − n on, the first n lanes get −∞ and the rest ∞.</summary>
    public static void FillMask(float* mask)
    {
        new Span<float>(mask, Size).Fill(float.NegativeInfinity);
        new Span<float>(mask + Size, Size).Fill(float.PositiveInfinity);
    }

    /// <summary>
    /// One more tile of a running softmax: scores become 2^(score − max) with the new max, the sums follow it, and
    /// factors tells by how much all that was summed before has to shrink.
    /// </summary>
    /// <param name="visible">As in <see cref="Causal{V, S}"/>.</param>
    /// <param name="dropped">Applied to what is mixed, not to what is summed.</param>
    /// <param name="firstKey">The tile's first key in its segment.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Forward<D>(float* scores, int tileKeys, int vectors, float* max, float* sum, float* factors,
        float* mask, int visible, in TileMask<V, S> dropped = default, int firstKey = 0) where D : struct, IDropping
    {
        for (int lane = 0; lane < vectors * S.Width; lane += S.Width)
        {
            int keys = Hide(scores, tileKeys, lane, mask, visible);
            if (keys <= 0)
                continue;
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
            V factor = PowerOfTwo(S.Subtract(before, top));
            S.Store(factors + lane, factor);
            V total = S.Multiply(S.Load(sum + lane), factor);
            p = scores + lane;
            for (j = 0; j < keys; j++, p += Size)
            {
                V e = PowerOfTwo(S.Subtract(S.Load(p), top));
                S.Store(p, D.Drops ? S.Multiply(e, dropped.Factors(firstKey + j, lane)) : e);
                total = S.Add(total, e);
            }
            S.Store(sum + lane, total);
        }
    }

    /// <summary>
    /// Scores become probabilities p, and p's gradients those of the scores: p · (dp − delta). What is dropped makes m · p of
    /// p, and m · dp of dp.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Backward<D>(float* scores, float* gradients, int tileKeys, int vectors, float* logSumExp,
        float* delta, float* mask, int visible, in TileMask<V, S> dropped = default, int firstKey = 0) where D : struct, IDropping
    {
        for (int lane = 0; lane < vectors * S.Width; lane += S.Width)
        {
            int keys = Hide(scores, tileKeys, lane, mask, visible);
            V log = S.Load(logSumExp + lane), mean = S.Load(delta + lane);
            float* s = scores + lane, g = gradients + lane;
            for (int j = 0; j < keys; j++, s += Size, g += Size)
            {
                V p = PowerOfTwo(S.Subtract(S.Load(s), log));
                V factor = D.Drops ? dropped.Factors(firstKey + j, lane) : default;
                S.Store(s, D.Drops ? S.Multiply(p, factor) : p);
                V gradient = D.Drops ? S.Multiply(S.Load(g), factor) : S.Load(g);
                S.Store(g, S.Multiply(p, S.Subtract(gradient, mean)));
            }
        }
    }

    /// <summary>Hides what this vector of queries may not see; returns how many keys are left, in bands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Hide(float* scores, int tileKeys, int lane, float* mask, int visible)
    {
        int seen = visible + lane + S.Width - 1;
        int keys = Math.Min(tileKeys, (seen + Causal<V, S>.Band - 1) & -Causal<V, S>.Band);
        for (int j = Math.Max(0, visible); j < keys; j++)
        {
            float* p = scores + (nint)j * Size + lane;
            S.Store(p, S.Min(S.Load(mask + Size - (j - visible + 1) + lane), S.Load(p)));
        }
        return keys;
    }

    /// <summary>
    /// 2ˣ within 2 ulp for x up to little above 0; exactly 1 at 0, exactly 0 from −126 down. r is what rounding leaves,
    /// in −½ .. ½; the polynomial is 2ʳ at Chebyshev's points.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V PowerOfTwo(V x)
    {
        x = S.Max(S.Splat(-126), x);
        V n = S.Round(x), r = S.Subtract(x, n);
        V p = S.MulAdd(S.Splat(1.5453163e-4f), r, S.Splat(1.3390863e-3f));
        p = S.MulAdd(p, r, S.Splat(9.618083e-3f));
        p = S.MulAdd(p, r, S.Splat(5.550357e-2f));
        p = S.MulAdd(p, r, S.Splat(2.4022651e-1f));
        p = S.MulAdd(p, r, S.Splat(6.931472e-1f));
        p = S.MulAdd(p, r, S.Splat(1));
        // the smallest normal number, 2^-126, is less than half an ulp elsewhere
        return S.Subtract(S.ScaleByPowerOfTwo(p, n), S.Splat(1.17549435e-38f));
    }
}
