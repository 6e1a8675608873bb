using System.Runtime.CompilerServices;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>
/// c (m, n) = a (m, k) · b (n, k)ᵀ for few rows of a, as in decoding: b is read once, so it must come at the speed of
/// memory, and packing it would cost more than the product. As many rows of b as a vector has lanes are read together and
/// transposed in registers, four columns at a time. An element is the same chain of multiply-adds, cut at the same depths,
/// as in a product of many rows.
/// </summary>
static unsafe class FewRows<V, S> where V : struct where S : struct, ISimd<V>
{
    /// <summary>More rows are worth packing for.</summary>
    public const int Most = 8;

    /// <summary>How many floats ahead a row is fetched: no hardware follows so many rows at a time.</summary>
    const int Ahead = 4 * Cache.LineFloats;

    /// <summary>Whether these loops do the product of that many rows.</summary>
    public static bool Suits(in GemmShape shape, int rows) =>
        shape.Layout == GemmLayout.NT && rows <= Most && shape.N >= S.Width;

    /// <summary>
    /// Rows [rowStart, rowEnd), columns [columnStart, columnEnd) of c; columnStart at a whole vector, columnEnd too or at
    /// the end of c. Sums are cut at every <paramref name="depth"/> products.
    /// </summary>
    public static void Run(
        in GemmShape shape, int depth, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        int rows = rowEnd - rowStart, column = columnStart;
        float* a = shape.A + rowStart * shape.Lda, c = shape.C + rowStart * shape.Ldc;
        for (; column + S.Width <= columnEnd; column += S.Width)
            Columns(c + column, shape.Ldc, shape.Add, a, rows, shape, column, depth);
        if (column < columnEnd)
            LastColumns(c + column, a, rows, shape, column, depth);
    }

    /// <summary>
    /// The columns past the last whole vector: the last whole one of c once more, of which only they are kept.
    /// </summary>
    static void LastColumns(float* c, float* a, int rows, in GemmShape shape, int column, int depth)
    {
        float* kept = stackalloc float[Most * S.Width];
        int count = shape.N - column, others = S.Width - count;
        for (int i = 0; i < rows && shape.Add; i++)
            new Span<float>(c + i * shape.Ldc, count).CopyTo(new Span<float>(kept + i * S.Width + others, count));
        Columns(kept, S.Width, shape.Add, a, rows, shape, shape.N - S.Width, depth);
        for (int i = 0; i < rows; i++)
            new Span<float>(kept + i * S.Width + others, count).CopyTo(new Span<float>(c + i * shape.Ldc, count));
    }

    /// <summary>A vector of columns of c, over the whole depth.</summary>
    static void Columns(
        float* c, nint ldc, bool add, float* a, int rows, in GemmShape shape, int column, int depth)
    {
        float* b = shape.B + column * shape.Ldb;
        for (int p = 0; p < shape.K; p += depth, add = true)
        {
            int k = Math.Min(depth, shape.K - p);
            float* next = p + k < shape.K ? b + p + k : b + S.Width * shape.Ldb;
            switch (rows)
            {
                case 1: One(c, a + p, b + p, next, shape.Ldb, k, add); break;
                case <= 4: Four(c, ldc, a + p, shape.Lda, rows, b + p, next, shape.Ldb, k, add); break;
                default: Eight(c, ldc, a + p, shape.Lda, rows, b + p, next, shape.Ldb, k, add); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void One(float* c, float* a, float* b, float* next, nint ldb, int k, bool add)
    {
        V c0 = S.Zero;
        nint p = 0;
        for (; p <= k - 4; p += 4)
        {
            if (p % Cache.LineFloats == 0)
                Fetch(p + Ahead < k ? b + p + Ahead : next + (p + Ahead - k), ldb);
            V r0 = S.LoadFours(b + p, 4 * ldb), r1 = S.LoadFours(b + ldb + p, 4 * ldb);
            V r2 = S.LoadFours(b + 2 * ldb + p, 4 * ldb), r3 = S.LoadFours(b + 3 * ldb + p, 4 * ldb);
            V even = S.InterleaveLow(r0, r2), odd = S.InterleaveLow(r1, r3);
            c0 = S.MulAdd(S.Splat(a[p]), S.InterleaveLow(even, odd), c0);
            c0 = S.MulAdd(S.Splat(a[p + 1]), S.InterleaveHigh(even, odd), c0);
            even = S.InterleaveHigh(r0, r2);
            odd = S.InterleaveHigh(r1, r3);
            c0 = S.MulAdd(S.Splat(a[p + 2]), S.InterleaveLow(even, odd), c0);
            c0 = S.MulAdd(S.Splat(a[p + 3]), S.InterleaveHigh(even, odd), c0);
        }
        for (; p < k; p++)
            c0 = S.MulAdd(S.Splat(a[p]), Column(b + p, ldb), c0);
        Put(c, add, c0);
    }

    /// <summary>One to four rows; where there are fewer, the last stands in for the missing ones.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Four(float* c, nint ldc, float* a, nint lda, int rows, float* b, float* next, nint ldb, int k, bool add)
    {
        V c0 = S.Zero, c1 = S.Zero, c2 = S.Zero, c3 = S.Zero;
        float* a1 = Row(a, lda, rows, 1), a2 = Row(a, lda, rows, 2), a3 = Row(a, lda, rows, 3);
        nint p = 0;
        for (; p <= k - 4; p += 4)
        {
            if (p % Cache.LineFloats == 0)
                Fetch(p + Ahead < k ? b + p + Ahead : next + (p + Ahead - k), ldb);
            V r0 = S.LoadFours(b + p, 4 * ldb), r1 = S.LoadFours(b + ldb + p, 4 * ldb);
            V r2 = S.LoadFours(b + 2 * ldb + p, 4 * ldb), r3 = S.LoadFours(b + 3 * ldb + p, 4 * ldb);
            V even = S.InterleaveLow(r0, r2), odd = S.InterleaveLow(r1, r3), x = S.InterleaveLow(even, odd);
            c0 = S.MulAdd(S.Splat(a[p]), x, c0); c1 = S.MulAdd(S.Splat(a1[p]), x, c1);
            c2 = S.MulAdd(S.Splat(a2[p]), x, c2); c3 = S.MulAdd(S.Splat(a3[p]), x, c3);
            x = S.InterleaveHigh(even, odd);
            c0 = S.MulAdd(S.Splat(a[p + 1]), x, c0); c1 = S.MulAdd(S.Splat(a1[p + 1]), x, c1);
            c2 = S.MulAdd(S.Splat(a2[p + 1]), x, c2); c3 = S.MulAdd(S.Splat(a3[p + 1]), x, c3);
            even = S.InterleaveHigh(r0, r2);
            odd = S.InterleaveHigh(r1, r3);
            x = S.InterleaveLow(even, odd);
            c0 = S.MulAdd(S.Splat(a[p + 2]), x, c0); c1 = S.MulAdd(S.Splat(a1[p + 2]), x, c1);
            c2 = S.MulAdd(S.Splat(a2[p + 2]), x, c2); c3 = S.MulAdd(S.Splat(a3[p + 2]), x, c3);
            x = S.InterleaveHigh(even, odd);
            c0 = S.MulAdd(S.Splat(a[p + 3]), x, c0); c1 = S.MulAdd(S.Splat(a1[p + 3]), x, c1);
            c2 = S.MulAdd(S.Splat(a2[p + 3]), x, c2); c3 = S.MulAdd(S.Splat(a3[p + 3]), x, c3);
        }
        for (; p < k; p++)
        {
            V x = Column(b + p, ldb);
            c0 = S.MulAdd(S.Splat(a[p]), x, c0); c1 = S.MulAdd(S.Splat(a1[p]), x, c1);
            c2 = S.MulAdd(S.Splat(a2[p]), x, c2); c3 = S.MulAdd(S.Splat(a3[p]), x, c3);
        }
        Put(c, ldc, rows, add, c0, c1, c2, c3);
    }

    /// <summary>Five to eight rows, as <see cref="Four"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Eight(float* c, nint ldc, float* a, nint lda, int rows, float* b, float* next, nint ldb, int k, bool add)
    {
        V c0 = S.Zero, c1 = S.Zero, c2 = S.Zero, c3 = S.Zero, c4 = S.Zero, c5 = S.Zero, c6 = S.Zero, c7 = S.Zero;
        float* a1 = a + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda;
        float* a5 = Row(a, lda, rows, 5), a6 = Row(a, lda, rows, 6), a7 = Row(a, lda, rows, 7);
        nint p = 0;
        for (; p <= k - 4; p += 4)
        {
            if (p % Cache.LineFloats == 0)
                Fetch(p + Ahead < k ? b + p + Ahead : next + (p + Ahead - k), ldb);
            V r0 = S.LoadFours(b + p, 4 * ldb), r1 = S.LoadFours(b + ldb + p, 4 * ldb);
            V r2 = S.LoadFours(b + 2 * ldb + p, 4 * ldb), r3 = S.LoadFours(b + 3 * ldb + p, 4 * ldb);
            V even = S.InterleaveLow(r0, r2), odd = S.InterleaveLow(r1, r3), x = S.InterleaveLow(even, odd);
            c0 = S.MulAdd(S.Splat(a[p]), x, c0); c1 = S.MulAdd(S.Splat(a1[p]), x, c1);
            c2 = S.MulAdd(S.Splat(a2[p]), x, c2); c3 = S.MulAdd(S.Splat(a3[p]), x, c3);
            c4 = S.MulAdd(S.Splat(a4[p]), x, c4); c5 = S.MulAdd(S.Splat(a5[p]), x, c5);
            c6 = S.MulAdd(S.Splat(a6[p]), x, c6); c7 = S.MulAdd(S.Splat(a7[p]), x, c7);
            x = S.InterleaveHigh(even, odd);
            c0 = S.MulAdd(S.Splat(a[p + 1]), x, c0); c1 = S.MulAdd(S.Splat(a1[p + 1]), x, c1);
            c2 = S.MulAdd(S.Splat(a2[p + 1]), x, c2); c3 = S.MulAdd(S.Splat(a3[p + 1]), x, c3);
            c4 = S.MulAdd(S.Splat(a4[p + 1]), x, c4); c5 = S.MulAdd(S.Splat(a5[p + 1]), x, c5);
            c6 = S.MulAdd(S.Splat(a6[p + 1]), x, c6); c7 = S.MulAdd(S.Splat(a7[p + 1]), x, c7);
            even = S.InterleaveHigh(r0, r2);
            odd = S.InterleaveHigh(r1, r3);
            x = S.InterleaveLow(even, odd);
            c0 = S.MulAdd(S.Splat(a[p + 2]), x, c0); c1 = S.MulAdd(S.Splat(a1[p + 2]), x, c1);
            c2 = S.MulAdd(S.Splat(a2[p + 2]), x, c2); c3 = S.MulAdd(S.Splat(a3[p + 2]), x, c3);
            c4 = S.MulAdd(S.Splat(a4[p + 2]), x, c4); c5 = S.MulAdd(S.Splat(a5[p + 2]), x, c5);
            c6 = S.MulAdd(S.Splat(a6[p + 2]), x, c6); c7 = S.MulAdd(S.Splat(a7[p + 2]), x, c7);
            x = S.InterleaveHigh(even, odd);
            c0 = S.MulAdd(S.Splat(a[p + 3]), x, c0); c1 = S.MulAdd(S.Splat(a1[p + 3]), x, c1);
            c2 = S.MulAdd(S.Splat(a2[p + 3]), x, c2); c3 = S.MulAdd(S.Splat(a3[p + 3]), x, c3);
            c4 = S.MulAdd(S.Splat(a4[p + 3]), x, c4); c5 = S.MulAdd(S.Splat(a5[p + 3]), x, c5);
            c6 = S.MulAdd(S.Splat(a6[p + 3]), x, c6); c7 = S.MulAdd(S.Splat(a7[p + 3]), x, c7);
        }
        for (; p < k; p++)
        {
            V x = Column(b + p, ldb);
            c0 = S.MulAdd(S.Splat(a[p]), x, c0); c1 = S.MulAdd(S.Splat(a1[p]), x, c1);
            c2 = S.MulAdd(S.Splat(a2[p]), x, c2); c3 = S.MulAdd(S.Splat(a3[p]), x, c3);
            c4 = S.MulAdd(S.Splat(a4[p]), x, c4); c5 = S.MulAdd(S.Splat(a5[p]), x, c5);
            c6 = S.MulAdd(S.Splat(a6[p]), x, c6); c7 = S.MulAdd(S.Splat(a7[p]), x, c7);
        }
        Put(c, ldc, 4, add, c0, c1, c2, c3);
        Put(c + 4 * ldc, ldc, rows - 4, add, c4, c5, c6, c7);
    }

    static float* Row(float* a, nint lda, int rows, int row) => a + Math.Min(row, rows - 1) * lda;

    /// <summary>Starts to bring a line of each of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fetch(float* b, nint ldb)
    {
        for (int i = 0; i < S.Width; i++, b += ldb)
            Cache.Prefetch(b);
    }

    /// <summary>One number of each of the rows of b.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static V Column(float* b, nint ldb)
    {
        float* lanes = stackalloc float[S.Width];
        for (int i = 0; i < S.Width; i++)
            lanes[i] = b[i * ldb];
        return S.Load(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* c, nint ldc, int rows, bool add, V c0, V c1, V c2, V c3)
    {
        Put(c, add, c0);
        if (rows > 1)
            Put(c + ldc, add, c1);
        if (rows > 2)
            Put(c + 2 * ldc, add, c2);
        if (rows > 3)
            Put(c + 3 * ldc, add, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* c, bool add, V x) => S.Store(c, add ? S.Add(S.Load(c), x) : x);
}
