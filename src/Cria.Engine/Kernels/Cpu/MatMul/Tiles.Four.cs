using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.MatMul;

// The last rows of a matrix, four at a time.
static unsafe partial class Tiles<V, S>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile4x3(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero, c01 = S.Zero, c02 = S.Zero;
        V c10 = S.Zero, c11 = S.Zero, c12 = S.Zero;
        V c20 = S.Zero, c21 = S.Zero, c22 = S.Zero;
        V c30 = S.Zero, c31 = S.Zero, c32 = S.Zero;
        float* a1 = a + row, a2 = a + 2 * row, a3 = a + 3 * row;
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
        }
        Put(c, add, c00, c01, c02);
        Put(c + ldc, add, c10, c11, c12);
        Put(c + 2 * ldc, add, c20, c21, c22);
        Put(c + 3 * ldc, add, c30, c31, c32);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile4x2(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero, c01 = S.Zero;
        V c10 = S.Zero, c11 = S.Zero;
        V c20 = S.Zero, c21 = S.Zero;
        V c30 = S.Zero, c31 = S.Zero;
        float* a1 = a + row, a2 = a + 2 * row, a3 = a + 3 * row;
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
        }
        Put(c, add, c00, c01);
        Put(c + ldc, add, c10, c11);
        Put(c + 2 * ldc, add, c20, c21);
        Put(c + 3 * ldc, add, c30, c31);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile4x1(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero;
        V c10 = S.Zero;
        V c20 = S.Zero;
        V c30 = S.Zero;
        float* a1 = a + row, a2 = a + 2 * row, a3 = a + 3 * row;
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
        }
        Put(c, add, c00);
        Put(c + ldc, add, c10);
        Put(c + 2 * ldc, add, c20);
        Put(c + 3 * ldc, add, c30);
    }
}
