using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>Copies between rows in memory and tiles whose lanes are those rows.</summary>
static unsafe class Transposed
{
    /// <summary>target[c, r] = source[r, c] · factor, or += where it adds; r below rows, c below columns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Copy(float* target, nint targetStride, float* source, nint sourceStride, int rows, int columns,
        float factor = 1, bool adds = false)
    {
        int r = 0;
        if (Sse.IsSupported)
        {
            var by = Vector128.Create(factor);
            for (; r <= rows - 4; r += 4)
            {
                float* from = source + r * sourceStride, to = target + r;
                int c = 0;
                for (; c <= columns - 4; c += 4, from += 4, to += 4 * targetStride)
                    Block(to, targetStride, from, sourceStride, by, adds);
                Numbers(to, targetStride, from, sourceStride, 4, columns - c, factor, adds);
            }
        }
        Numbers(target + r, targetStride, source + r * sourceStride, sourceStride, rows - r, columns, factor, adds);
    }

    /// <summary>Four by four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Block(float* to, nint toStride, float* from, nint fromStride, Vector128<float> by, bool adds)
    {
        var a = Vector128.Load(from) * by;
        var b = Vector128.Load(from + fromStride) * by;
        var c = Vector128.Load(from + 2 * fromStride) * by;
        var d = Vector128.Load(from + 3 * fromStride) * by;
        var low = Sse.UnpackLow(a, b);
        var high = Sse.UnpackHigh(a, b);
        var low2 = Sse.UnpackLow(c, d);
        var high2 = Sse.UnpackHigh(c, d);
        a = Sse.MoveLowToHigh(low, low2);
        b = Sse.MoveHighToLow(low2, low);
        c = Sse.MoveLowToHigh(high, high2);
        d = Sse.MoveHighToLow(high2, high);
        if (adds)
        {
            a += Vector128.Load(to);
            b += Vector128.Load(to + toStride);
            c += Vector128.Load(to + 2 * toStride);
            d += Vector128.Load(to + 3 * toStride);
        }
        a.Store(to);
        b.Store(to + toStride);
        c.Store(to + 2 * toStride);
        d.Store(to + 3 * toStride);
    }

    static void Numbers(float* to, nint toStride, float* from, nint fromStride, int rows, int columns, float factor,
        bool adds)
    {
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
            {
                float value = from[r * fromStride + c] * factor;
                to[c * toStride + r] = adds ? to[c * toStride + r] + value : value;
            }
    }
}
