using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>Copies of rows into tiles whose lanes are those rows.</summary>
static unsafe class Transposed
{
    /// <summary>target[c, r] = source[r, c] · factor; r below rows, c below columns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Copy(float* target, nint targetStride, float* source, nint sourceStride, int rows, int columns,
        float factor = 1)
    {
        int r = 0, whole = columns & -4;
        if (Avx512F.IsSupported)
        {
            var by = Vector512.Create(factor);
            for (; r <= rows - 16; r += 16)
            {
                float* from = source + r * sourceStride, to = target + r;
                for (int c = 0; c < whole; c += 4, from += 4, to += 4 * targetStride)
                    Sixteen(to, targetStride, from, sourceStride, by);
                Numbers(to, targetStride, from, sourceStride, 16, columns - whole, factor);
            }
        }
        if (Sse.IsSupported)
        {
            var by = Vector128.Create(factor);
            for (; r <= rows - 4; r += 4)
            {
                float* from = source + r * sourceStride, to = target + r;
                for (int c = 0; c < whole; c += 4, from += 4, to += 4 * targetStride)
                    Four(to, targetStride, from, sourceStride, by);
                Numbers(to, targetStride, from, sourceStride, 4, columns - whole, factor);
            }
        }
        Numbers(target + r, targetStride, source + r * sourceStride, sourceStride, rows - r, columns, factor);
    }

    /// <summary>Four rows by four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four(float* to, nint toStride, float* from, nint fromStride, Vector128<float> by)
    {
        var a = Vector128.Load(from) * by;
        var b = Vector128.Load(from + fromStride) * by;
        var c = Vector128.Load(from + 2 * fromStride) * by;
        var d = Vector128.Load(from + 3 * fromStride) * by;
        var low = Sse.UnpackLow(a, b);
        var high = Sse.UnpackHigh(a, b);
        var low2 = Sse.UnpackLow(c, d);
        var high2 = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(low, low2).Store(to);
        Sse.MoveHighToLow(low2, low).Store(to + toStride);
        Sse.MoveLowToHigh(high, high2).Store(to + 2 * toStride);
        Sse.MoveHighToLow(high2, high).Store(to + 3 * toStride);
    }

    /// <summary>Sixteen rows by four columns: a quarter of a vector does what <see cref="Four"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Sixteen(float* to, nint toStride, float* from, nint fromStride, Vector512<float> by)
    {
        var a = Quarters(from, fromStride) * by;
        var b = Quarters(from + fromStride, fromStride) * by;
        var c = Quarters(from + 2 * fromStride, fromStride) * by;
        var d = Quarters(from + 3 * fromStride, fromStride) * by;
        var low = Avx512F.UnpackLow(a, b);
        var high = Avx512F.UnpackHigh(a, b);
        var low2 = Avx512F.UnpackLow(c, d);
        var high2 = Avx512F.UnpackHigh(c, d);
        Avx512F.Shuffle(low, low2, 0x44).Store(to); // the lower halves of both, quarter by quarter
        Avx512F.Shuffle(low, low2, 0xEE).Store(to + toStride);
        Avx512F.Shuffle(high, high2, 0x44).Store(to + 2 * toStride);
        Avx512F.Shuffle(high, high2, 0xEE).Store(to + 3 * toStride);
    }

    /// <summary>Four numbers of each fourth row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Quarters(float* from, nint fromStride) => Vector512.Create(
        Vector256.Create(Vector128.Load(from), Vector128.Load(from + 4 * fromStride)),
        Vector256.Create(Vector128.Load(from + 8 * fromStride), Vector128.Load(from + 12 * fromStride)));

    static void Numbers(float* to, nint toStride, float* from, nint fromStride, int rows, int columns, float factor)
    {
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                to[c * toStride + r] = from[r * fromStride + c] * factor;
    }
}
