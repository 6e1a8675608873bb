using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>
/// Copies of matrix parts in the order in which tiles read them. A panel of w columns holds row after row of w floats;
/// columns past the edge of the matrix are 0.
/// </summary>
static unsafe class Packing<V, S> where V : struct where S : struct, ISimd<V>
{
    // rows are far apart, which no hardware prefetcher follows for long
    const int PrefetchedRows = 16;

    /// <summary>
    /// Packs rows [0, k) and the given number of vectors of columns of b (k, columns), stored in place, into panels.
    /// </summary>
    public static void Columns(float* packed, float* b, nint ldb, int k, int vectors, int columns)
    {
        for (int v = 0; v < vectors;)
        {
            int panel = Tiles<V, S>.VectorsOf(vectors - v);
            int whole = Math.Clamp(columns / S.Width - v, 0, panel);
            int rest = whole < panel ? Math.Clamp(columns - (v + whole) * S.Width, 0, S.Width) : 0;
            float* source = b + v * S.Width, target = packed + (nint)v * S.Width * k;
            if (whole == panel)
                Panel(target, source, ldb, k, panel);
            else
                EdgePanel(target, source, ldb, k, whole, rest, panel * S.Width);
            v += panel;
        }
    }

    /// <summary>As <see cref="Columns"/>, from b stored transposed: (columns, k).</summary>
    public static void TransposedColumns(float* packed, float* b, nint ldb, int k, int vectors, int columns)
    {
        for (int v = 0; v < vectors;)
        {
            int width = Tiles<V, S>.VectorsOf(vectors - v) * S.Width;
            int present = Math.Min(width, columns - v * S.Width);
            float* source = b + v * S.Width * ldb, target = packed + (nint)v * S.Width * k;
            // sixteen floats of a row are a cache line: it is read whole before the next
            for (int p = 0; p < k; p += 16)
                TransposeBlock(target + (nint)p * width, width, source + p, ldb, Math.Min(16, k - p), present);
            v += width / S.Width;
        }
    }

    /// <summary>
    /// Packs <paramref name="rows"/> columns of a, stored transposed (k, m), into tiles of (k, Rows).
    /// </summary>
    public static void TransposedRows(float* packed, float* a, nint lda, int k, int rows)
    {
        int tile = Tiles<V, S>.Rows, first = 0;
        nint size = TileSize(k);
        for (; tile == 8 && first + 64 <= rows; first += 64, packed += 8 * size)
            EightTiles(packed, size, a + first, lda, k);
        for (; tile == 8 && first + 16 <= rows; first += 16, packed += 2 * size)
            TilePair(packed, packed + size, a + first, lda, k);
        for (; first < rows; first += tile, packed += size)
            Tile(packed, a + first, lda, k, Math.Min(tile, rows - first));
    }

    /// <summary>
    /// Floats from one packed tile of rows to the next: a cache line more than is needed, or at common depths the tiles
    /// being filled at the same time would fall on the same sets of the first-level cache.
    /// </summary>
    public static nint TileSize(int k) => (nint)k * Tiles<V, S>.Rows + Cache.LineFloats;

    static void Panel(float* target, float* source, nint ld, int k, int vectors)
    {
        for (int p = 0; p < k; p++, source += ld, target += vectors * S.Width)
        {
            Cache.Prefetch(source + PrefetchedRows * ld);
            Cache.Prefetch(source + PrefetchedRows * ld + (vectors - 1) * S.Width);
            S.Store(target, S.Load(source));
            if (vectors == 1)
                continue;
            S.Store(target + S.Width, S.Load(source + S.Width));
            if (vectors == 2)
                continue;
            Cache.Prefetch(source + PrefetchedRows * ld + S.Width);
            S.Store(target + 2 * S.Width, S.Load(source + 2 * S.Width));
        }
    }

    /// <summary>
    /// A panel of which <paramref name="whole"/> vectors and <paramref name="rest"/> floats are present.
    /// </summary>
    static void EdgePanel(float* target, float* source, nint ld, int k, int whole, int rest, int width)
    {
        for (int p = 0; p < k; p++, source += ld, target += width)
        {
            for (int i = 0; i < whole; i++)
                S.Store(target + i * S.Width, S.Load(source + i * S.Width));
            S.Store(target + whole * S.Width, S.LoadPartial(source + whole * S.Width, rest));
        }
    }

    /// <summary>Sixteen columns of a, one cache line a row when aligned, into two tiles of eight.</summary>
    static void TilePair(float* one, float* two, float* source, nint ld, int k)
    {
        for (int p = 0; p < k; p++, source += ld, one += 8, two += 8)
        {
            Cache.Prefetch(source + PrefetchedRows * ld);
            Vector256.Load(source).Store(one);
            Vector256.Load(source + 8).Store(two);
        }
    }

    /// <summary>
    /// Sixty-four columns of a into eight tiles of eight: every row is visited once, because rows lie pages apart.
    /// </summary>
    static void EightTiles(float* target, nint size, float* source, nint ld, int k)
    {
        float* middle = target + 4 * size, ahead = source + PrefetchedRows / 2 * ld; // four lines a row
        for (int p = 0; p < k; p++, source += ld, ahead += ld, target += 8, middle += 8)
        {
            Cache.Prefetch(ahead);
            Cache.Prefetch(ahead + Cache.LineFloats);
            Cache.Prefetch(ahead + 2 * Cache.LineFloats);
            Cache.Prefetch(ahead + 3 * Cache.LineFloats);
            Vector256.Load(source).Store(target);
            Vector256.Load(source + 8).Store(target + size);
            Vector256.Load(source + 16).Store(target + 2 * size);
            Vector256.Load(source + 24).Store(target + 3 * size);
            Vector256.Load(source + 32).Store(middle);
            Vector256.Load(source + 40).Store(middle + size);
            Vector256.Load(source + 48).Store(middle + 2 * size);
            Vector256.Load(source + 56).Store(middle + 3 * size);
        }
    }

    static void Tile(float* target, float* source, nint ld, int k, int present)
    {
        int width = Tiles<V, S>.Rows;
        bool six = present == 6 && width == 6;
        for (int p = 0; p < k; p++, source += ld, target += width)
        {
            Cache.Prefetch(source + PrefetchedRows * ld);
            for (int r = six ? 6 : 0; r < present; r++)
                target[r] = source[r];
            if (!six)
                continue;
            Vector128.Load(source).Store(target);
            Vector64.Load(source + 4).Store(target + 4);
        }
    }

    /// <summary>target (depth, width) = source (present, depth) transposed, then 0 in columns past present.</summary>
    static void TransposeBlock(float* target, int width, float* source, nint ld, int depth, int present)
    {
        int j = 0;
        for (; j + 4 <= present; j += 4, source += 4 * ld)
        {
            for (int i = 0; i < 4; i++)
                Cache.Prefetch(source + i * ld + 2 * Cache.LineFloats);
            int p = 0;
            for (; p + 4 <= depth; p += 4)
                Transpose4(target + p * width + j, width, source + p, ld);
            for (; p < depth; p++)
            {
                for (int i = 0; i < 4; i++)
                    target[p * width + j + i] = source[i * ld + p];
            }
        }
        for (; j < present; j++, source += ld)
        {
            for (int p = 0; p < depth; p++)
                target[p * width + j] = source[p];
        }
        for (; j < width; j++)
        {
            for (int p = 0; p < depth; p++)
                target[p * width + j] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Transpose4(float* target, nint width, float* source, nint ld)
    {
        Vector128<float> r0 = Vector128.Load(source), r1 = Vector128.Load(source + ld);
        Vector128<float> r2 = Vector128.Load(source + 2 * ld), r3 = Vector128.Load(source + 3 * ld);
        Vector128<float> t0 = InterleaveLow(r0, r2), t1 = InterleaveHigh(r0, r2);
        Vector128<float> t2 = InterleaveLow(r1, r3), t3 = InterleaveHigh(r1, r3);
        InterleaveLow(t0, t2).Store(target);
        InterleaveHigh(t0, t2).Store(target + width);
        InterleaveLow(t1, t3).Store(target + 2 * width);
        InterleaveHigh(t1, t3).Store(target + 3 * width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
            return System.Runtime.Intrinsics.X86.Sse.UnpackLow(a, b);
        if (System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
            return System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipLow(a, b);
        return Vector128.Create(a[0], b[0], a[1], b[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
            return System.Runtime.Intrinsics.X86.Sse.UnpackHigh(a, b);
        if (System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
            return System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.ZipHigh(a, b);
        return Vector128.Create(a[2], b[2], a[3], b[3]);
    }
}
