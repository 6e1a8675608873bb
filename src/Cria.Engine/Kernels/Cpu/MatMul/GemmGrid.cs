namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>
/// How a product is cut among threads: <see cref="RowParts"/> times <see cref="ColumnParts"/> rectangles. Only sums
/// over k would change results, and those are never cut among threads, so the grid may be any.
/// </summary>
readonly record struct GemmGrid(int RowParts, int ColumnParts)
{
    public int Parts => RowParts * ColumnParts;

    /// <summary>
    /// The grid with the least time for its largest part. Each part packs for itself, so parts that share rows or
    /// columns repeat work; costs are clock cycles per unit of k, measured roughly.
    /// </summary>
    public static GemmGrid Choose(GemmLayout layout, int tileRows, int width, int m, int n, int threads)
    {
        int tiles = (m + tileRows - 1) / tileRows, vectors = (n + width - 1) / width;
        double packVector = layout == GemmLayout.NT ? 0.5 * width : 2;
        double packRow = layout == GemmLayout.TN ? 0.4 : 0.1;
        GemmGrid best = new(1, 1);
        double least = double.MaxValue;
        for (int columnParts = 1; columnParts <= threads; columnParts++)
        {
            int rowParts = Math.Min(threads / columnParts, tiles);
            double rows = Math.Min(m, (tiles + rowParts - 1) / rowParts * tileRows);
            double columns = (vectors + columnParts - 1) / columnParts;
            double cost = rows * columns / 2 + rows * packRow + columns * packVector;
            if (columnParts <= vectors && cost < least)
                (best, least) = (new GemmGrid(rowParts, columnParts), cost);
        }
        return m >= 256 ? best.Finer(layout, vectors) : best;
    }

    /// <summary>
    /// More parts than threads, cut between columns where that repeats no packing, so that a thread which the machine
    /// holds up does not hold up the others.
    /// </summary>
    GemmGrid Finer(GemmLayout layout, int vectors)
    {
        int least = layout == GemmLayout.TN ? 24 : 8;
        int factor = Math.Clamp(vectors / ColumnParts / least, 1, 4);
        return this with { ColumnParts = ColumnParts * factor };
    }
}
