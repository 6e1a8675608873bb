using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>
/// Register tiles: c (rows, vectors * Width) (=|+=) a (rows, k) times a packed panel b (k, vectors * Width). Element
/// (r, p) of a lies at a[r * row + p * step], so that a may be a matrix in place or a packed panel. Every tile,
/// whatever its shape, computes an element as one chain of multiply-adds over ascending p starting from 0: that is what
/// makes a row's result independent of the rows and columns around it. Accumulators are named locals because the
/// compiler keeps those, and only those, in registers.
/// </summary>
static unsafe partial class Tiles<V, S> where V : struct where S : struct, ISimd<V>
{
    /// <summary>Rows of the largest tile.</summary>
    public static int Rows => S.Registers >= 32 ? 8 : 6;

    /// <summary>Vectors of the largest tile.</summary>
    public static int Vectors => S.Registers >= 32 ? 3 : 2;

    /// <summary>The most rows one tile can do out of <paramref name="left"/>.</summary>
    public static int RowsOf(int left) => left >= Rows ? Rows : left >= 4 ? 4 : left >= 2 ? 2 : 1;

    /// <summary>
    /// The width of the next panel when <paramref name="left"/> vectors are left; avoids a lone last one.
    /// </summary>
    public static int VectorsOf(int left) => left == Vectors + 1 && left == 4 ? 2 : Math.Min(left, Vectors);

    public static void Run(
        int rows, int vectors, float* a, nint row, nint step, float* b, int k, float* c, nint ldc, bool add)
    {
        switch (rows * 4 + vectors)
        {
            case 8 * 4 + 3: Tile8x3(a, row, step, b, k, c, ldc, add); break;
            case 8 * 4 + 2: Tile8x2(a, row, step, b, k, c, ldc, add); break;
            case 8 * 4 + 1: Tile8x1(a, row, step, b, k, c, ldc, add); break;
            case 6 * 4 + 2: Tile6x2(a, row, step, b, k, c, ldc, add); break;
            case 6 * 4 + 1: Tile6x1(a, row, step, b, k, c, ldc, add); break;
            case 4 * 4 + 3: Tile4x3(a, row, step, b, k, c, ldc, add); break;
            case 4 * 4 + 2: Tile4x2(a, row, step, b, k, c, ldc, add); break;
            case 4 * 4 + 1: Tile4x1(a, row, step, b, k, c, ldc, add); break;
            case 2 * 4 + 3: Tile2x3(a, row, step, b, k, c, ldc, add); break;
            case 2 * 4 + 2: Tile2x2(a, row, step, b, k, c, ldc, add); break;
            case 2 * 4 + 1: Tile2x1(a, row, step, b, k, c, ldc, add); break;
            case 1 * 4 + 3: Tile1x3(a, row, step, b, k, c, ldc, add); break;
            case 1 * 4 + 2: Tile1x2(a, row, step, b, k, c, ldc, add); break;
            default: Tile1x1(a, row, step, b, k, c, ldc, add); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* c, bool add, V x0, V x1, V x2)
    {
        Put(c, add, x0, x1);
        Put(c + 2 * S.Width, add, x2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* c, bool add, V x0, V x1)
    {
        Put(c, add, x0);
        Put(c + S.Width, add, x1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* c, bool add, V x) => S.Store(c, add ? S.Add(S.Load(c), x) : x);
}
