using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.MatMul;

// The tiles for machines with 32 vector registers: 24 accumulators, 3 columns' vectors, 1 broadcast.
static unsafe partial class Tiles<V, S>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile8x3(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero, c01 = S.Zero, c02 = S.Zero;
        V c10 = S.Zero, c11 = S.Zero, c12 = S.Zero;
        V c20 = S.Zero, c21 = S.Zero, c22 = S.Zero;
        V c30 = S.Zero, c31 = S.Zero, c32 = S.Zero;
        V c40 = S.Zero, c41 = S.Zero, c42 = S.Zero;
        V c50 = S.Zero, c51 = S.Zero, c52 = S.Zero;
        V c60 = S.Zero, c61 = S.Zero, c62 = S.Zero;
        V c70 = S.Zero, c71 = S.Zero, c72 = S.Zero;
        float* a1 = a + row, a2 = a + 2 * row, a3 = a + 3 * row, a4 = a + 4 * row;
        float* a5 = a + 5 * row, a6 = a + 6 * row, a7 = a + 7 * row;
        float* end = b + (nint)k * 3 * S.Width;
        for (nint p = 0; b < end; p += step, b += 3 * S.Width)
        {
            V b0 = S.Load(b), b1 = S.Load(b + S.Width), b2 = S.Load(b + 2 * S.Width);
            V x = S.Splat(a[p]);
            c00 = S.MulAdd(x, b0, c00); c01 = S.MulAdd(x, b1, c01); c02 = S.MulAdd(x, b2, c02);
            x = S.Splat(a1[p]);
            c10 = S.MulAdd(x, b0, c10); c11 = S.MulAdd(x, b1, c11); c12 = S.MulAdd(x, b2, c12);
            x = S.Splat(a2[p]);
            c20 = S.MulAdd(x, b0, c20); c21 = S.MulAdd(x, b1, c21); c22 = S.MulAdd(x, b2, c22);
            x = S.Splat(a3[p]);
            c30 = S.MulAdd(x, b0, c30); c31 = S.MulAdd(x, b1, c31); c32 = S.MulAdd(x, b2, c32);
            x = S.Splat(a4[p]);
            c40 = S.MulAdd(x, b0, c40); c41 = S.MulAdd(x, b1, c41); c42 = S.MulAdd(x, b2, c42);
            x = S.Splat(a5[p]);
            c50 = S.MulAdd(x, b0, c50); c51 = S.MulAdd(x, b1, c51); c52 = S.MulAdd(x, b2, c52);
            x = S.Splat(a6[p]);
            c60 = S.MulAdd(x, b0, c60); c61 = S.MulAdd(x, b1, c61); c62 = S.MulAdd(x, b2, c62);
            x = S.Splat(a7[p]);
            c70 = S.MulAdd(x, b0, c70); c71 = S.MulAdd(x, b1, c71); c72 = S.MulAdd(x, b2, c72);
        }
        Put(c, add, c00, c01, c02);
        Put(c + ldc, add, c10, c11, c12);
        Put(c + 2 * ldc, add, c20, c21, c22);
        Put(c + 3 * ldc, add, c30, c31, c32);
        Put(c + 4 * ldc, add, c40, c41, c42);
        Put(c + 5 * ldc, add, c50, c51, c52);
        Put(c + 6 * ldc, add, c60, c61, c62);
        Put(c + 7 * ldc, add, c70, c71, c72);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile8x2(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero, c01 = S.Zero;
        V c10 = S.Zero, c11 = S.Zero;
        V c20 = S.Zero, c21 = S.Zero;
        V c30 = S.Zero, c31 = S.Zero;
        V c40 = S.Zero, c41 = S.Zero;
        V c50 = S.Zero, c51 = S.Zero;
        V c60 = S.Zero, c61 = S.Zero;
        V c70 = S.Zero, c71 = S.Zero;
        float* a1 = a + row, a2 = a + 2 * row, a3 = a + 3 * row, a4 = a + 4 * row;
        float* a5 = a + 5 * row, a6 = a + 6 * row, a7 = a + 7 * row;
        float* end = b + (nint)k * 2 * S.Width;
        for (nint p = 0; b < end; p += step, b += 2 * S.Width)
        {
            V b0 = S.Load(b), b1 = S.Load(b + S.Width);
            V x = S.Splat(a[p]);
            c00 = S.MulAdd(x, b0, c00); c01 = S.MulAdd(x, b1, c01);
            x = S.Splat(a1[p]);
            c10 = S.MulAdd(x, b0, c10); c11 = S.MulAdd(x, b1, c11);
            x = S.Splat(a2[p]);
            c20 = S.MulAdd(x, b0, c20); c21 = S.MulAdd(x, b1, c21);
            x = S.Splat(a3[p]);
            c30 = S.MulAdd(x, b0, c30); c31 = S.MulAdd(x, b1, c31);
            x = S.Splat(a4[p]);
            c40 = S.MulAdd(x, b0, c40); c41 = S.MulAdd(x, b1, c41);
            x = S.Splat(a5[p]);
            c50 = S.MulAdd(x, b0, c50); c51 = S.MulAdd(x, b1, c51);
            x = S.Splat(a6[p]);
            c60 = S.MulAdd(x, b0, c60); c61 = S.MulAdd(x, b1, c61);
            x = S.Splat(a7[p]);
            c70 = S.MulAdd(x, b0, c70); c71 = S.MulAdd(x, b1, c71);
        }
        Put(c, add, c00, c01);
        Put(c + ldc, add, c10, c11);
        Put(c + 2 * ldc, add, c20, c21);
        Put(c + 3 * ldc, add, c30, c31);
        Put(c + 4 * ldc, add, c40, c41);
        Put(c + 5 * ldc, add, c50, c51);
        Put(c + 6 * ldc, add, c60, c61);
        Put(c + 7 * ldc, add, c70, c71);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile8x1(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero;
        V c10 = S.Zero;
        V c20 = S.Zero;
        V c30 = S.Zero;
        V c40 = S.Zero;
        V c50 = S.Zero;
        V c60 = S.Zero;
        V c70 = S.Zero;
        float* a1 = a + row, a2 = a + 2 * row, a3 = a + 3 * row, a4 = a + 4 * row;
        float* a5 = a + 5 * row, a6 = a + 6 * row, a7 = a + 7 * row;
        float* end = b + (nint)k * S.Width;
        for (nint p = 0; b < end; p += step, b += S.Width)
        {
            V b0 = S.Load(b);
            V x = S.Splat(a[p]);
            c00 = S.MulAdd(x, b0, c00);
            x = S.Splat(a1[p]);
            c10 = S.MulAdd(x, b0, c10);
            x = S.Splat(a2[p]);
            c20 = S.MulAdd(x, b0, c20);
            x = S.Splat(a3[p]);
            c30 = S.MulAdd(x, b0, c30);
            x = S.Splat(a4[p]);
            c40 = S.MulAdd(x, b0, c40);
            x = S.Splat(a5[p]);
            c50 = S.MulAdd(x, b0, c50);
            x = S.Splat(a6[p]);
            c60 = S.MulAdd(x, b0, c60);
            x = S.Splat(a7[p]);
            c70 = S.MulAdd(x, b0, c70);
        }
        Put(c, add, c00);
        Put(c + ldc, add, c10);
        Put(c + 2 * ldc, add, c20);
        Put(c + 3 * ldc, add, c30);
        Put(c + 4 * ldc, add, c40);
        Put(c + 5 * ldc, add, c50);
        Put(c + 6 * ldc, add, c60);
        Put(c + 7 * ldc, add, c70);
    }
}
