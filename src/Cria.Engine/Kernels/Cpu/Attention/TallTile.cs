using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>Register tiles of <see cref="Tile{V, S}"/> for few lanes: eight rows keep enough sums in flight.</summary>
static unsafe class TallTile<V, S> where V : struct where S : struct, ISimd<V>
{
    public const int Rows = 8;

    /// <summary>Eight rows by so many vectors need more registers than the narrower sets have.</summary>
    public static int Widest => S.Registers >= 32 ? 2 : 1;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Two(float* c, nint strideC, Operand numbers, float* b, nint strideB, int depth, Start start,
        float* factor)
    {
        nint rowStride = numbers.RowStride, depthStride = numbers.DepthStride;
        float* a0 = numbers.Data, a1 = a0 + rowStride, a2 = a1 + rowStride, a3 = a2 + rowStride;
        float* a4 = a3 + rowStride, a5 = a4 + rowStride, a6 = a5 + rowStride, a7 = a6 + rowStride;
        V s00 = S.Zero, s01 = S.Zero, s10 = S.Zero, s11 = S.Zero;
        V s20 = S.Zero, s21 = S.Zero, s30 = S.Zero, s31 = S.Zero;
        V s40 = S.Zero, s41 = S.Zero, s50 = S.Zero, s51 = S.Zero;
        V s60 = S.Zero, s61 = S.Zero, s70 = S.Zero, s71 = S.Zero;
        if (start != Start.Zero)
        {
            float* from = c;
            (s00, s01) = (S.Load(from), S.Load(from + S.Width));
            from += strideC;
            (s10, s11) = (S.Load(from), S.Load(from + S.Width));
            from += strideC;
            (s20, s21) = (S.Load(from), S.Load(from + S.Width));
            from += strideC;
            (s30, s31) = (S.Load(from), S.Load(from + S.Width));
            from += strideC;
            (s40, s41) = (S.Load(from), S.Load(from + S.Width));
            from += strideC;
            (s50, s51) = (S.Load(from), S.Load(from + S.Width));
            from += strideC;
            (s60, s61) = (S.Load(from), S.Load(from + S.Width));
            from += strideC;
            (s70, s71) = (S.Load(from), S.Load(from + S.Width));
        }
        if (start == Start.Scaled)
        {
            V f0 = S.Splat(factor[0]);
            (s00, s01) = (S.Multiply(s00, f0), S.Multiply(s01, f0));
            V f1 = S.Splat(factor[1]);
            (s10, s11) = (S.Multiply(s10, f1), S.Multiply(s11, f1));
            V f2 = S.Splat(factor[2]);
            (s20, s21) = (S.Multiply(s20, f2), S.Multiply(s21, f2));
            V f3 = S.Splat(factor[3]);
            (s30, s31) = (S.Multiply(s30, f3), S.Multiply(s31, f3));
            V f4 = S.Splat(factor[4]);
            (s40, s41) = (S.Multiply(s40, f4), S.Multiply(s41, f4));
            V f5 = S.Splat(factor[5]);
            (s50, s51) = (S.Multiply(s50, f5), S.Multiply(s51, f5));
            V f6 = S.Splat(factor[6]);
            (s60, s61) = (S.Multiply(s60, f6), S.Multiply(s61, f6));
            V f7 = S.Splat(factor[7]);
            (s70, s71) = (S.Multiply(s70, f7), S.Multiply(s71, f7));
        }
        nint i = 0;
        for (int p = 0; p < depth; p++, i += depthStride, b += strideB)
        {
            V b0 = S.Load(b), b1 = S.Load(b + S.Width);
            V x0 = S.Splat(a0[i]);
            s00 = S.MulAdd(x0, b0, s00);
            s01 = S.MulAdd(x0, b1, s01);
            V x1 = S.Splat(a1[i]);
            s10 = S.MulAdd(x1, b0, s10);
            s11 = S.MulAdd(x1, b1, s11);
            V x2 = S.Splat(a2[i]);
            s20 = S.MulAdd(x2, b0, s20);
            s21 = S.MulAdd(x2, b1, s21);
            V x3 = S.Splat(a3[i]);
            s30 = S.MulAdd(x3, b0, s30);
            s31 = S.MulAdd(x3, b1, s31);
            V x4 = S.Splat(a4[i]);
            s40 = S.MulAdd(x4, b0, s40);
            s41 = S.MulAdd(x4, b1, s41);
            V x5 = S.Splat(a5[i]);
            s50 = S.MulAdd(x5, b0, s50);
            s51 = S.MulAdd(x5, b1, s51);
            V x6 = S.Splat(a6[i]);
            s60 = S.MulAdd(x6, b0, s60);
            s61 = S.MulAdd(x6, b1, s61);
            V x7 = S.Splat(a7[i]);
            s70 = S.MulAdd(x7, b0, s70);
            s71 = S.MulAdd(x7, b1, s71);
        }
        S.Store(c, s00);
        S.Store(c + S.Width, s01);
        c += strideC;
        S.Store(c, s10);
        S.Store(c + S.Width, s11);
        c += strideC;
        S.Store(c, s20);
        S.Store(c + S.Width, s21);
        c += strideC;
        S.Store(c, s30);
        S.Store(c + S.Width, s31);
        c += strideC;
        S.Store(c, s40);
        S.Store(c + S.Width, s41);
        c += strideC;
        S.Store(c, s50);
        S.Store(c + S.Width, s51);
        c += strideC;
        S.Store(c, s60);
        S.Store(c + S.Width, s61);
        c += strideC;
        S.Store(c, s70);
        S.Store(c + S.Width, s71);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void One(float* c, nint strideC, Operand numbers, float* b, nint strideB, int depth, Start start,
        float* factor)
    {
        nint rowStride = numbers.RowStride, depthStride = numbers.DepthStride;
        float* a0 = numbers.Data, a1 = a0 + rowStride, a2 = a1 + rowStride, a3 = a2 + rowStride;
        float* a4 = a3 + rowStride, a5 = a4 + rowStride, a6 = a5 + rowStride, a7 = a6 + rowStride;
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero, s4 = S.Zero, s5 = S.Zero, s6 = S.Zero, s7 = S.Zero;
        if (start != Start.Zero)
        {
            float* from = c;
            s0 = S.Load(from);
            s1 = S.Load(from += strideC);
            s2 = S.Load(from += strideC);
            s3 = S.Load(from += strideC);
            s4 = S.Load(from += strideC);
            s5 = S.Load(from += strideC);
            s6 = S.Load(from += strideC);
            s7 = S.Load(from += strideC);
        }
        if (start == Start.Scaled)
        {
            s0 = S.Multiply(s0, S.Splat(factor[0]));
            s1 = S.Multiply(s1, S.Splat(factor[1]));
            s2 = S.Multiply(s2, S.Splat(factor[2]));
            s3 = S.Multiply(s3, S.Splat(factor[3]));
            s4 = S.Multiply(s4, S.Splat(factor[4]));
            s5 = S.Multiply(s5, S.Splat(factor[5]));
            s6 = S.Multiply(s6, S.Splat(factor[6]));
            s7 = S.Multiply(s7, S.Splat(factor[7]));
        }
        nint i = 0;
        for (int p = 0; p < depth; p++, i += depthStride, b += strideB)
        {
            V x = S.Load(b);
            s0 = S.MulAdd(S.Splat(a0[i]), x, s0);
            s1 = S.MulAdd(S.Splat(a1[i]), x, s1);
            s2 = S.MulAdd(S.Splat(a2[i]), x, s2);
            s3 = S.MulAdd(S.Splat(a3[i]), x, s3);
            s4 = S.MulAdd(S.Splat(a4[i]), x, s4);
            s5 = S.MulAdd(S.Splat(a5[i]), x, s5);
            s6 = S.MulAdd(S.Splat(a6[i]), x, s6);
            s7 = S.MulAdd(S.Splat(a7[i]), x, s7);
        }
        S.Store(c, s0);
        S.Store(c += strideC, s1);
        S.Store(c += strideC, s2);
        S.Store(c += strideC, s3);
        S.Store(c += strideC, s4);
        S.Store(c += strideC, s5);
        S.Store(c += strideC, s6);
        S.Store(c += strideC, s7);
    }
}
