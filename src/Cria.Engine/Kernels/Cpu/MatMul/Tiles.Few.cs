using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.MatMul;

// The last rows of a matrix, and single-token decoding.
static unsafe partial class Tiles<V, S>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile2x3(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero, c01 = S.Zero, c02 = S.Zero;
        V c10 = S.Zero, c11 = S.Zero, c12 = S.Zero;
        float* a1 = a + row;
        float* end = b + (nint)k * 3 * S.Width;
        for (nint p = 0; b < end; p += step, b += 3 * S.Width)
        {
            V b0 = S.Load(b), b1 = S.Load(b + S.Width), b2 = S.Load(b + 2 * S.Width);
            V x = S.Splat(a[p]);
            c00 = S.MulAdd(x, b0, c00); c01 = S.MulAdd(x, b1, c01); c02 = S.MulAdd(x, b2, c02);
            x = S.Splat(a1[p]);
            c10 = S.MulAdd(x, b0, c10); c11 = S.MulAdd(x, b1, c11); c12 = S.MulAdd(x, b2, c12);
        }
        Put(c, add, c00, c01, c02);
        Put(c + ldc, add, c10, c11, c12);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile2x2(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero, c01 = S.Zero;
        V c10 = S.Zero, c11 = S.Zero;
        float* a1 = a + row;
        float* end = b + (nint)k * 2 * S.Width;
        for (nint p = 0; b < end; p += step, b += 2 * S.Width)
        {
            V b0 = S.Load(b), b1 = S.Load(b + S.Width);
            V x = S.Splat(a[p]);
            c00 = S.MulAdd(x, b0, c00); c01 = S.MulAdd(x, b1, c01);
            x = S.Splat(a1[p]);
            c10 = S.MulAdd(x, b0, c10); c11 = S.MulAdd(x, b1, c11);
        }
        Put(c, add, c00, c01);
        Put(c + ldc, add, c10, c11);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile2x1(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero;
        V c10 = S.Zero;
        float* a1 = a + row;
        float* end = b + (nint)k * S.Width;
        for (nint p = 0; b < end; p += step, b += S.Width)
        {
            V b0 = S.Load(b);
            V x = S.Splat(a[p]);
            c00 = S.MulAdd(x, b0, c00);
            x = S.Splat(a1[p]);
            c10 = S.MulAdd(x, b0, c10);
        }
        Put(c, add, c00);
        Put(c + ldc, add, c10);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile1x3(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero, c01 = S.Zero, c02 = S.Zero;
        float* end = b + (nint)k * 3 * S.Width;
        for (nint p = 0; b < end; p += step, b += 3 * S.Width)
        {
            V b0 = S.Load(b), b1 = S.Load(b + S.Width), b2 = S.Load(b + 2 * S.Width);
            V x = S.Splat(a[p]);
            c00 = S.MulAdd(x, b0, c00); c01 = S.MulAdd(x, b1, c01); c02 = S.MulAdd(x, b2, c02);
        }
        Put(c, add, c00, c01, c02);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile1x2(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero, c01 = S.Zero;
        float* end = b + (nint)k * 2 * S.Width;
        for (nint p = 0; b < end; p += step, b += 2 * S.Width)
        {
            V b0 = S.Load(b), b1 = S.Load(b + S.Width);
            V x = S.Splat(a[p]);
            c00 = S.MulAdd(x, b0, c00); c01 = S.MulAdd(x, b1, c01);
        }
        Put(c, add, c00, c01);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Tile1x1(float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        V c00 = S.Zero;
        float* end = b + (nint)k * S.Width;
        for (nint p = 0; b < end; p += step, b += S.Width)
        {
            V b0 = S.Load(b);
            V x = S.Splat(a[p]);
            c00 = S.MulAdd(x, b0, c00);
        }
        Put(c, add, c00);
    }
}
