using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.MatMul;

// The tiles for machines with 16 vector registers: 12 accumulators, 2 columns' vectors, 1 broadcast.
static unsafe partial class Tiles<V, S>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile6x2(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero, c01 = S.Zero;
        V c10 = S.Zero, c11 = S.Zero;
        V c20 = S.Zero, c21 = S.Zero;
        V c30 = S.Zero, c31 = S.Zero;
        V c40 = S.Zero, c41 = S.Zero;
        V c50 = S.Zero, c51 = S.Zero;
        float* a1 = a + row, a2 = a + 2 * row, a3 = a + 3 * row, a4 = a + 4 * row;
        float* a5 = a + 5 * row;
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
        }
        Put(c, add, c00, c01);
        Put(c + ldc, add, c10, c11);
        Put(c + 2 * ldc, add, c20, c21);
        Put(c + 3 * ldc, add, c30, c31);
        Put(c + 4 * ldc, add, c40, c41);
        Put(c + 5 * ldc, add, c50, c51);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile6x1(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero;
        V c10 = S.Zero;
        V c20 = S.Zero;
        V c30 = S.Zero;
        V c40 = S.Zero;
        V c50 = S.Zero;
        float* a1 = a + row, a2 = a + 2 * row, a3 = a + 3 * row, a4 = a + 4 * row;
        float* a5 = a + 5 * row;
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
        }
        Put(c, add, c00);
        Put(c + ldc, add, c10);
        Put(c + 2 * ldc, add, c20);
        Put(c + 3 * ldc, add, c30);
        Put(c + 4 * ldc, add, c40);
        Put(c + 5 * ldc, add, c50);
    }
}
