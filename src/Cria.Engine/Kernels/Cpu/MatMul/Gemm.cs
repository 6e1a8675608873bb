namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>
/// Single-precision matrix product. Each element's arithmetic depends on k and the layout alone: never on m, n, the
/// element's place, the other rows, or the number of threads. Nothing is allocated after the first product on a pool.
/// One product at a time per object.
/// </summary>
public sealed unsafe class Gemm<V, S> : IGemm where V : struct where S : struct, ISimd<V>
{
    /// <summary>Below this many multiply-adds, waking threads costs more than they save.</summary>
    const long WorthThreads = 400_000;

    /// <summary>Also below, if b has so many numbers: bringing them from memory takes longer than few rows' arithmetic.</summary>
    const long WorthReading = 100_000;

    GemmWorker<V, S>[] _workers = [new()];

    /// <summary>The bytes of all packing buffers that exist now.</summary>
    public long OwnBytes
    {
        get
        {
            long bytes = 0;
            foreach (GemmWorker<V, S> worker in _workers)
                bytes += worker.OwnBytes;
            return bytes;
        }
    }

    /// <summary>The bytes of packing buffers for so many threads.</summary>
    public static long BytesFor(int threads) => threads * GemmWorker<V, S>.Bytes;

    /// <inheritdoc/>
    public void Run(
        WorkerPool pool, GemmLayout layout, float* c, int ldc, float* a, int lda, float* b, int ldb,
        int m, int n, int k, bool add, GemmEpilogue epilogue = default)
    {
        GemmShape shape = new(layout, c, ldc, a, lda, b, ldb, m, n, k, add, epilogue);
        if (pool.Threads == 1 || ((long)m * n * k < WorthThreads && (long)n * k < WorthReading))
        {
            _workers[0].Run(shape, 0, m, 0, n);
            return;
        }
        Reserve(pool.Threads);
        GemmGrid grid = GemmGrid.Choose(layout, Tiles<V, S>.Rows, S.Width, m, n, pool.Threads);
        Parts parts = new(_workers, shape, grid);
        pool.ForChunks(grid.Parts, 1, ref parts);
    }

    /// <inheritdoc/>
    public void RunAlone(
        int worker, GemmLayout layout, float* c, int ldc, float* a, int lda, float* b, int ldb,
        int m, int n, int k, bool add) =>
        _workers[worker].Run(new(layout, c, ldc, a, lda, b, ldb, m, n, k, add), 0, m, 0, n);

    /// <inheritdoc/>
    public void Reserve(int threads)
    {
        int present = _workers.Length;
        if (present >= threads)
            return;
        Array.Resize(ref _workers, threads);
        for (int i = present; i < threads; i++)
            _workers[i] = new();
    }

    public void Dispose()
    {
        foreach (GemmWorker<V, S> worker in _workers)
            worker.Dispose();
    }

    readonly struct Parts(GemmWorker<V, S>[] workers, GemmShape shape, GemmGrid grid) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int i = start; i < end; i++)
            {
                (int row, int column) = (i / grid.ColumnParts, i % grid.ColumnParts);
                workers[worker].Run(
                    shape,
                    Cut(shape.M, Tiles<V, S>.Rows, row, grid.RowParts),
                    Cut(shape.M, Tiles<V, S>.Rows, row + 1, grid.RowParts),
                    Cut(shape.N, S.Width, column, grid.ColumnParts),
                    Cut(shape.N, S.Width, column + 1, grid.ColumnParts));
            }
        }

        /// <summary>Where part <paramref name="part"/> of <paramref name="length"/> begins, at whole units.</summary>
        static int Cut(int length, int unit, int part, int parts)
        {
            long units = (length + unit - 1) / unit;
            return (int)Math.Min(units * part / parts * unit, length);
        }
    }
}
