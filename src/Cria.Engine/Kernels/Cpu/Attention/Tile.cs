using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.Attention;

/// <summary>
/// Small matrix products on tiles that lie in the nearest cache: C (rows × lanes) from A (rows × depth), whose numbers
/// are broadcast, and B (depth × lanes). A may lie either way round, so keys and values need no transposing.
/// </summary>
/// <remarks>
/// Every element of C is one chain of multiply-adds in order of depth, whatever the shape of the register tile: that is
/// why a row's result does not depend on how many rows are computed with it.
/// </remarks>
static unsafe class Tile<V, S> where V : struct where S : struct, ISimd<V>
{
    /// <summary>Rows of a register tile.</summary>
    const int Rows = 4;

    /// <param name="factors">One a row, for <see cref="Start.Scaled"/>.</param>
    public static void Product(float* c, int strideC, Operand a, float* b, int strideB, int rows, int vectors,
        int depth, Start start, float* factors = null)
    {
        int widest = S.Registers >= 32 ? 4 : 2;
        for (int done = 0; done < vectors;)
        {
            int lane = done * S.Width, left = Math.Min(vectors - done, widest);
            float* lanes = b + lane;
            int row = 0;
            for (; left <= TallTile<V, S>.Widest && row <= rows - TallTile<V, S>.Rows; row += TallTile<V, S>.Rows)
            {
                float* target = c + (nint)row * strideC + lane;
                if (left == 2)
                    TallTile<V, S>.Two(target, strideC, a.Row(row), lanes, strideB, depth, start, factors + row);
                else
                    TallTile<V, S>.One(target, strideC, a.Row(row), lanes, strideB, depth, start, factors + row);
            }
            for (; row < rows; row += Rows)
            {
                float* target = c + (nint)row * strideC + lane;
                int count = Math.Min(Rows, rows - row);
                if (left == 4)
                    Four(target, strideC, a.Row(row), lanes, strideB, count, depth, start, factors + row);
                else if (left == 3)
                    Three(target, strideC, a.Row(row), lanes, strideB, count, depth, start, factors + row);
                else if (left == 2)
                    Two(target, strideC, a.Row(row), lanes, strideB, count, depth, start, factors + row);
                else
                    One(target, strideC, a.Row(row), lanes, strideB, count, depth, start, factors + row);
            }
            done += left;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Four(float* c, nint strideC, Operand numbers, float* b, nint strideB, int rows, int depth,
        Start start, float* factor)
    {
        // rows that are not there read and compute what row 0 does, and are not stored
        nint row1 = rows > 1 ? 1 : 0, row2 = rows > 2 ? 2 : 0, row3 = rows > 3 ? 3 : 0;
        float* c1 = c + row1 * strideC, c2 = c + row2 * strideC, c3 = c + row3 * strideC;
        nint rowStride = numbers.RowStride, depthStride = numbers.DepthStride;
        float* a = numbers.Data, a1 = a + row1 * rowStride, a2 = a + row2 * rowStride, a3 = a + row3 * rowStride;
        V s00 = S.Zero, s01 = S.Zero, s02 = S.Zero, s03 = S.Zero;
        V s10 = S.Zero, s11 = S.Zero, s12 = S.Zero, s13 = S.Zero;
        V s20 = S.Zero, s21 = S.Zero, s22 = S.Zero, s23 = S.Zero;
        V s30 = S.Zero, s31 = S.Zero, s32 = S.Zero, s33 = S.Zero;
        if (start != Start.Zero)
        {
            (s00, s01, s02, s03) = (S.Load(c), S.Load(c + S.Width), S.Load(c + 2 * S.Width), S.Load(c + 3 * S.Width));
            (s10, s11) = (S.Load(c1), S.Load(c1 + S.Width));
            (s12, s13) = (S.Load(c1 + 2 * S.Width), S.Load(c1 + 3 * S.Width));
            (s20, s21) = (S.Load(c2), S.Load(c2 + S.Width));
            (s22, s23) = (S.Load(c2 + 2 * S.Width), S.Load(c2 + 3 * S.Width));
            (s30, s31) = (S.Load(c3), S.Load(c3 + S.Width));
            (s32, s33) = (S.Load(c3 + 2 * S.Width), S.Load(c3 + 3 * S.Width));
        }
        if (start == Start.Scaled)
        {
            V f0 = S.Splat(factor[0]), f1 = S.Splat(factor[row1]);
            V f2 = S.Splat(factor[row2]), f3 = S.Splat(factor[row3]);
            (s00, s01, s02, s03) = (S.Multiply(s00, f0), S.Multiply(s01, f0), S.Multiply(s02, f0), S.Multiply(s03, f0));
            (s10, s11, s12, s13) = (S.Multiply(s10, f1), S.Multiply(s11, f1), S.Multiply(s12, f1), S.Multiply(s13, f1));
            (s20, s21, s22, s23) = (S.Multiply(s20, f2), S.Multiply(s21, f2), S.Multiply(s22, f2), S.Multiply(s23, f2));
            (s30, s31, s32, s33) = (S.Multiply(s30, f3), S.Multiply(s31, f3), S.Multiply(s32, f3), S.Multiply(s33, f3));
        }
        nint i = 0;
        for (int p = 0; p < depth; p++, i += depthStride, b += strideB)
        {
            V b0 = S.Load(b), b1 = S.Load(b + S.Width), b2 = S.Load(b + 2 * S.Width), b3 = S.Load(b + 3 * S.Width);
            V x0 = S.Splat(a[i]);
            s00 = S.MulAdd(x0, b0, s00);
            s01 = S.MulAdd(x0, b1, s01);
            s02 = S.MulAdd(x0, b2, s02);
            s03 = S.MulAdd(x0, b3, s03);
            V x1 = S.Splat(a1[i]);
            s10 = S.MulAdd(x1, b0, s10);
            s11 = S.MulAdd(x1, b1, s11);
            s12 = S.MulAdd(x1, b2, s12);
            s13 = S.MulAdd(x1, b3, s13);
            V x2 = S.Splat(a2[i]);
            s20 = S.MulAdd(x2, b0, s20);
            s21 = S.MulAdd(x2, b1, s21);
            s22 = S.MulAdd(x2, b2, s22);
            s23 = S.MulAdd(x2, b3, s23);
            V x3 = S.Splat(a3[i]);
            s30 = S.MulAdd(x3, b0, s30);
            s31 = S.MulAdd(x3, b1, s31);
            s32 = S.MulAdd(x3, b2, s32);
            s33 = S.MulAdd(x3, b3, s33);
        }
        if (rows > 3)
        {
            S.Store(c3, s30);
            S.Store(c3 + S.Width, s31);
            S.Store(c3 + 2 * S.Width, s32);
            S.Store(c3 + 3 * S.Width, s33);
        }
        if (rows > 2)
        {
            S.Store(c2, s20);
            S.Store(c2 + S.Width, s21);
            S.Store(c2 + 2 * S.Width, s22);
            S.Store(c2 + 3 * S.Width, s23);
        }
        if (rows > 1)
        {
            S.Store(c1, s10);
            S.Store(c1 + S.Width, s11);
            S.Store(c1 + 2 * S.Width, s12);
            S.Store(c1 + 3 * S.Width, s13);
        }
        S.Store(c, s00);
        S.Store(c + S.Width, s01);
        S.Store(c + 2 * S.Width, s02);
        S.Store(c + 3 * S.Width, s03);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Three(float* c, nint strideC, Operand numbers, float* b, nint strideB, int rows, int depth,
        Start start, float* factor)
    {
        // rows that are not there read and compute what row 0 does, and are not stored
        nint row1 = rows > 1 ? 1 : 0, row2 = rows > 2 ? 2 : 0, row3 = rows > 3 ? 3 : 0;
        float* c1 = c + row1 * strideC, c2 = c + row2 * strideC, c3 = c + row3 * strideC;
        nint rowStride = numbers.RowStride, depthStride = numbers.DepthStride;
        float* a = numbers.Data, a1 = a + row1 * rowStride, a2 = a + row2 * rowStride, a3 = a + row3 * rowStride;
        V s00 = S.Zero, s01 = S.Zero, s02 = S.Zero;
        V s10 = S.Zero, s11 = S.Zero, s12 = S.Zero;
        V s20 = S.Zero, s21 = S.Zero, s22 = S.Zero;
        V s30 = S.Zero, s31 = S.Zero, s32 = S.Zero;
        if (start != Start.Zero)
        {
            (s00, s01, s02) = (S.Load(c), S.Load(c + S.Width), S.Load(c + 2 * S.Width));
            (s10, s11, s12) = (S.Load(c1), S.Load(c1 + S.Width), S.Load(c1 + 2 * S.Width));
            (s20, s21, s22) = (S.Load(c2), S.Load(c2 + S.Width), S.Load(c2 + 2 * S.Width));
            (s30, s31, s32) = (S.Load(c3), S.Load(c3 + S.Width), S.Load(c3 + 2 * S.Width));
        }
        if (start == Start.Scaled)
        {
            V f0 = S.Splat(factor[0]), f1 = S.Splat(factor[row1]);
            V f2 = S.Splat(factor[row2]), f3 = S.Splat(factor[row3]);
            (s00, s01, s02) = (S.Multiply(s00, f0), S.Multiply(s01, f0), S.Multiply(s02, f0));
            (s10, s11, s12) = (S.Multiply(s10, f1), S.Multiply(s11, f1), S.Multiply(s12, f1));
            (s20, s21, s22) = (S.Multiply(s20, f2), S.Multiply(s21, f2), S.Multiply(s22, f2));
            (s30, s31, s32) = (S.Multiply(s30, f3), S.Multiply(s31, f3), S.Multiply(s32, f3));
        }
        nint i = 0;
        for (int p = 0; p < depth; p++, i += depthStride, b += strideB)
        {
            V b0 = S.Load(b), b1 = S.Load(b + S.Width), b2 = S.Load(b + 2 * S.Width);
            V x0 = S.Splat(a[i]);
            s00 = S.MulAdd(x0, b0, s00);
            s01 = S.MulAdd(x0, b1, s01);
            s02 = S.MulAdd(x0, b2, s02);
            V x1 = S.Splat(a1[i]);
            s10 = S.MulAdd(x1, b0, s10);
            s11 = S.MulAdd(x1, b1, s11);
            s12 = S.MulAdd(x1, b2, s12);
            V x2 = S.Splat(a2[i]);
            s20 = S.MulAdd(x2, b0, s20);
            s21 = S.MulAdd(x2, b1, s21);
            s22 = S.MulAdd(x2, b2, s22);
            V x3 = S.Splat(a3[i]);
            s30 = S.MulAdd(x3, b0, s30);
            s31 = S.MulAdd(x3, b1, s31);
            s32 = S.MulAdd(x3, b2, s32);
        }
        if (rows > 3)
        {
            S.Store(c3, s30);
            S.Store(c3 + S.Width, s31);
            S.Store(c3 + 2 * S.Width, s32);
        }
        if (rows > 2)
        {
            S.Store(c2, s20);
            S.Store(c2 + S.Width, s21);
            S.Store(c2 + 2 * S.Width, s22);
        }
        if (rows > 1)
        {
            S.Store(c1, s10);
            S.Store(c1 + S.Width, s11);
            S.Store(c1 + 2 * S.Width, s12);
        }
        S.Store(c, s00);
        S.Store(c + S.Width, s01);
        S.Store(c + 2 * S.Width, s02);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Two(float* c, nint strideC, Operand numbers, float* b, nint strideB, int rows, int depth,
        Start start, float* factor)
    {
        // rows that are not there read and compute what row 0 does, and are not stored
        nint row1 = rows > 1 ? 1 : 0, row2 = rows > 2 ? 2 : 0, row3 = rows > 3 ? 3 : 0;
        float* c1 = c + row1 * strideC, c2 = c + row2 * strideC, c3 = c + row3 * strideC;
        nint rowStride = numbers.RowStride, depthStride = numbers.DepthStride;
        float* a = numbers.Data, a1 = a + row1 * rowStride, a2 = a + row2 * rowStride, a3 = a + row3 * rowStride;
        V s00 = S.Zero, s01 = S.Zero;
        V s10 = S.Zero, s11 = S.Zero;
        V s20 = S.Zero, s21 = S.Zero;
        V s30 = S.Zero, s31 = S.Zero;
        if (start != Start.Zero)
        {
            (s00, s01) = (S.Load(c), S.Load(c + S.Width));
            (s10, s11) = (S.Load(c1), S.Load(c1 + S.Width));
            (s20, s21) = (S.Load(c2), S.Load(c2 + S.Width));
            (s30, s31) = (S.Load(c3), S.Load(c3 + S.Width));
        }
        if (start == Start.Scaled)
        {
            V f0 = S.Splat(factor[0]), f1 = S.Splat(factor[row1]);
            V f2 = S.Splat(factor[row2]), f3 = S.Splat(factor[row3]);
            (s00, s01) = (S.Multiply(s00, f0), S.Multiply(s01, f0));
            (s10, s11) = (S.Multiply(s10, f1), S.Multiply(s11, f1));
            (s20, s21) = (S.Multiply(s20, f2), S.Multiply(s21, f2));
            (s30, s31) = (S.Multiply(s30, f3), S.Multiply(s31, f3));
        }
        nint i = 0;
        for (int p = 0; p < depth; p++, i += depthStride, b += strideB)
        {
            V b0 = S.Load(b), b1 = S.Load(b + S.Width);
            V x0 = S.Splat(a[i]);
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
        }
        if (rows > 3)
        {
            S.Store(c3, s30);
            S.Store(c3 + S.Width, s31);
        }
        if (rows > 2)
        {
            S.Store(c2, s20);
            S.Store(c2 + S.Width, s21);
        }
        if (rows > 1)
        {
            S.Store(c1, s10);
            S.Store(c1 + S.Width, s11);
        }
        S.Store(c, s00);
        S.Store(c + S.Width, s01);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void One(float* c, nint strideC, Operand numbers, float* b, nint strideB, int rows, int depth,
        Start start, float* factor)
    {
        // rows that are not there read and compute what row 0 does, and are not stored
        nint row1 = rows > 1 ? 1 : 0, row2 = rows > 2 ? 2 : 0, row3 = rows > 3 ? 3 : 0;
        float* c1 = c + row1 * strideC, c2 = c + row2 * strideC, c3 = c + row3 * strideC;
        nint rowStride = numbers.RowStride, depthStride = numbers.DepthStride;
        float* a = numbers.Data, a1 = a + row1 * rowStride, a2 = a + row2 * rowStride, a3 = a + row3 * rowStride;
        V s00 = S.Zero;
        V s10 = S.Zero;
        V s20 = S.Zero;
        V s30 = S.Zero;
        if (start != Start.Zero)
        {
            s00 = S.Load(c);
            s10 = S.Load(c1);
            s20 = S.Load(c2);
            s30 = S.Load(c3);
        }
        if (start == Start.Scaled)
        {
            V f0 = S.Splat(factor[0]), f1 = S.Splat(factor[row1]);
            V f2 = S.Splat(factor[row2]), f3 = S.Splat(factor[row3]);
            s00 = S.Multiply(s00, f0);
            s10 = S.Multiply(s10, f1);
            s20 = S.Multiply(s20, f2);
            s30 = S.Multiply(s30, f3);
        }
        nint i = 0;
        for (int p = 0; p < depth; p++, i += depthStride, b += strideB)
        {
            V b0 = S.Load(b);
            V x0 = S.Splat(a[i]);
            s00 = S.MulAdd(x0, b0, s00);
            V x1 = S.Splat(a1[i]);
            s10 = S.MulAdd(x1, b0, s10);
            V x2 = S.Splat(a2[i]);
            s20 = S.MulAdd(x2, b0, s20);
            V x3 = S.Splat(a3[i]);
            s30 = S.MulAdd(x3, b0, s30);
        }
        if (rows > 3)
            S.Store(c3, s30);
        if (rows > 2)
            S.Store(c2, s20);
        if (rows > 1)
            S.Store(c1, s10);
        S.Store(c, s00);
    }
}
