using System.Runtime.InteropServices;

namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>
/// What one thread does: a rectangle of c, with packing buffers of its own. The loops, outermost first: blocks of
/// columns and of depth whose part of b, packed, stays in the second-level cache; tiles of rows, whose part of a stays
/// in the first; panels of columns. a is read in place, except where it is stored transposed.
/// </summary>
sealed unsafe class GemmWorker<V, S> : IDisposable where V : struct where S : struct, ISimd<V>
{
    // The depth decides where sums are cut, so it is a constant on every machine: changing it changes results in the last bits.
    const int MaxDepth = 256;
    const int MaxPackedRows = 64 + 8;

    // A block of b takes about three eighths of the second-level cache. Where a must be packed too, once for each block of
    // columns, columns are worth half of it.
    static readonly int MaxColumns = ColumnsOf(CacheSizes.SecondLevel / 8 * 3);
    static readonly int MaxColumnsPacked = ColumnsOf(CacheSizes.SecondLevel / 64 * 33);

    // Rows of a that come from beyond the second-level cache are asked for one tile ahead; nearer ones would only lose the
    // time of asking.
    const int FarRows = 4096;
    const long FarFloats = 1 << 20;
    const int AheadFloats = 4 * Cache.LineFloats;

    readonly AlignedFloats _b = new(FloatsOfB);
    readonly AlignedFloats _a = new(FloatsOfA);
    readonly AlignedFloats _edge = new(FloatsOfEdge);

    /// <summary>The bytes of one worker's buffers.</summary>
    public static long Bytes => sizeof(float) * ((long)FloatsOfB + FloatsOfA + FloatsOfEdge);

    /// <summary>The bytes that are allocated.</summary>
    public long OwnBytes => _a.SizeInBytes + _b.SizeInBytes + _edge.SizeInBytes;

    static int ColumnsOf(int bytes)
    {
        int unit = Tiles<V, S>.Vectors * S.Width;
        return Math.Max(unit, bytes / (MaxDepth * sizeof(float)) / unit * unit);
    }

    static int FloatsOfB => MaxDepth * MaxColumnsPacked;

    static int FloatsOfA => (MaxDepth + Cache.LineFloats) * MaxPackedRows;

    static int FloatsOfEdge => Tiles<V, S>.Rows * Tiles<V, S>.Vectors * S.Width;

    /// <summary>
    /// Rows [rowStart, rowEnd), columns [columnStart, columnEnd) of c; columnStart at a whole vector.
    /// </summary>
    public void Run(in GemmShape shape, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        if (rowStart >= rowEnd || columnStart >= columnEnd)
            return;
        if (shape.K == 0)
        {
            Clear(shape, rowStart, rowEnd, columnStart, columnEnd);
            Finish(shape, rowStart, rowEnd - rowStart, columnStart, columnEnd - columnStart);
            return;
        }
        bool packed = shape.Layout == GemmLayout.TN;
        int maxColumns = packed ? MaxColumnsPacked : MaxColumns;
        int width = BlockLength(columnEnd - columnStart, maxColumns, Tiles<V, S>.Vectors * S.Width);
        int depth = BlockLength(shape.K, MaxDepth, 8);
        if (FewRows<V, S>.Suits(shape, rowEnd - rowStart))
        {
            FewRows<V, S>.Run(shape, depth, rowStart, rowEnd, columnStart, columnEnd);
            Finish(shape, rowStart, rowEnd - rowStart, columnStart, columnEnd - columnStart);
            return;
        }
        for (int column = columnStart; column < columnEnd; column += width)
        {
            int columns = Math.Min(width, columnEnd - column);
            for (int p = 0; p < shape.K; p += depth)
            {
                int k = Math.Min(depth, shape.K - p);
                Block block = new(column, columns, p, k, shape.Add || p > 0, p + k == shape.K);
                PackB(shape, block);
                if (packed)
                    RunPackedRows(shape, block, rowStart, rowEnd);
                else
                    RunRows(shape, block, rowStart, rowEnd);
            }
        }
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _edge.Dispose();
    }

    /// <summary>Equal blocks, at most <paramref name="most"/> long, a multiple of unit but for the last.</summary>
    static int BlockLength(int length, int most, int unit)
    {
        most = most / unit * unit;
        int blocks = (length + most - 1) / most;
        return ((length + blocks - 1) / blocks + unit - 1) / unit * unit;
    }

    void PackB(in GemmShape shape, in Block block)
    {
        if (shape.Layout == GemmLayout.NT)
        {
            float* b = shape.B + block.Column * shape.Ldb + block.Depth;
            Packing<V, S>.TransposedColumns(_b.Pointer, b, shape.Ldb, block.K, block.Vectors, block.Columns);
        }
        else
        {
            float* b = shape.B + block.Depth * shape.Ldb + block.Column;
            Packing<V, S>.Columns(_b.Pointer, b, shape.Ldb, block.K, block.Vectors, block.Columns);
        }
    }

    void RunRows(in GemmShape shape, in Block block, int rowStart, int rowEnd)
    {
        bool isFar = shape.M >= FarRows || (long)shape.M * shape.K > FarFloats;
        for (int row = rowStart; row < rowEnd;)
        {
            int rows = Tiles<V, S>.RowsOf(rowEnd - row);
            float* a = shape.A + row * shape.Lda + block.Depth;
            if (isFar)
                AskForRows(a + rows * shape.Lda, shape.Lda, Math.Min(rows, rowEnd - row - rows));
            RunTile(shape, block, row, rows, a, shape.Lda, 1);
            row += rows;
        }
    }

    /// <summary>The beginnings of rows: the machine's own prefetcher follows from there.</summary>
    static void AskForRows(float* a, nint lda, int rows)
    {
        for (int i = 0; i < rows; i++, a += lda)
        {
            for (int j = 0; j < AheadFloats; j += Cache.LineFloats)
                Cache.Prefetch(a + j);
        }
    }

    void RunPackedRows(in GemmShape shape, in Block block, int rowStart, int rowEnd)
    {
        int tile = Tiles<V, S>.Rows, most = (MaxPackedRows - tile) / tile * tile;
        for (int first = rowStart; first < rowEnd; first += most)
        {
            int end = Math.Min(first + most, rowEnd);
            float* a = shape.A + block.Depth * shape.Lda + first;
            Packing<V, S>.TransposedRows(_a.Pointer, a, shape.Lda, block.K, end - first);
            for (int row = first; row < end;)
            {
                int rows = Tiles<V, S>.RowsOf(end - row), inTile = (row - first) % tile;
                float* packed = _a.Pointer + (row - first) / tile * Packing<V, S>.TileSize(block.K) + inTile;
                RunTile(shape, block, row, rows, packed, 1, tile);
                row += rows;
            }
        }
    }

    void RunTile(in GemmShape shape, in Block block, int row, int rows, float* a, nint rowStride, nint step)
    {
        float* c = shape.C + row * shape.Ldc + block.Column, b = _b.Pointer;
        for (int v = 0; v < block.Vectors;)
        {
            int vectors = Tiles<V, S>.VectorsOf(block.Vectors - v), columns = vectors * S.Width;
            int present = block.Columns - v * S.Width;
            if (present >= columns)
            {
                for (int i = 0; block.Add && i < rows; i++)
                {
                    for (int j = 0; j < columns; j += Cache.LineFloats)
                        Cache.Prefetch(c + i * shape.Ldc + j);
                }
                Tiles<V, S>.Run(rows, vectors, a, rowStride, step, b, block.K, c, shape.Ldc, block.Add);
            }
            else
            {
                Tiles<V, S>.Run(rows, vectors, a, rowStride, step, b, block.K, _edge.Pointer, columns, false);
                PutEdge(c, shape.Ldc, rows, present, columns, block.Add);
            }
            if (block.IsLast)
                Finish(shape, row, rows, block.Column + v * S.Width, Math.Min(present, columns));
            b += (nint)columns * block.K;
            c += columns;
            v += vectors;
        }
    }

    /// <summary>The columns of a tile that lie inside c.</summary>
    void PutEdge(float* c, nint ldc, int rows, int present, int columns, bool add)
    {
        for (int i = 0; i < rows; i++, c += ldc)
        {
            for (int j = 0; j < present; j += S.Width)
            {
                int count = Math.Min(S.Width, present - j);
                V x = S.Load(_edge.Pointer + i * columns + j);
                S.StorePartial(c + j, add ? S.Add(S.LoadPartial(c + j, count), x) : x, count);
            }
        }
    }

    static void Finish(in GemmShape shape, int row, int rows, int column, int columns)
    {
        if (!shape.Epilogue.IsEmpty)
            shape.Epilogue.Apply<V, S>(shape.C + row * shape.Ldc + column, shape.Ldc, row, rows, column, columns);
    }

    static void Clear(in GemmShape shape, int rowStart, int rowEnd, int columnStart, int columnEnd)
    {
        for (int row = rowStart; row < rowEnd && !shape.Add; row++)
        {
            float* first = shape.C + row * shape.Ldc + columnStart;
            NativeMemory.Clear(first, (nuint)(columnEnd - columnStart) * sizeof(float));
        }
    }

    /// <summary>A block of columns and of depth: the part of b that is packed at one time.</summary>
    readonly struct Block(int column, int columns, int depth, int k, bool add, bool isLast)
    {
        public readonly int Column = column, Columns = columns, Depth = depth, K = k;
        public readonly int Vectors = (columns + S.Width - 1) / S.Width;
        public readonly bool Add = add, IsLast = isLast;
    }
}
