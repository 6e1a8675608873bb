using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    /// <summary>Threads share a table by columns, whole cache lines of them.</summary>
    const int ColumnSlice = 16;

    public void Embed(Tensor y, Tensor table, Tensor ids)
    {
        Debug.Assert(y.Columns == table.Columns && y.Rows == ids.Rows);
        var work = new EmbedWork(Floats(y), Floats(table), Integers(ids), table.Rows, table.Columns);
        ForRows(y.LiveRows, table.Columns, ref work);
    }

    public void EmbedBackward(Sink dTable, Tensor dy, Tensor ids, int frozenRow)
    {
        if (!dTable.IsWanted)
            return;
        Debug.Assert(dy.Columns == dTable.Tensor.Columns && dy.Rows == ids.Rows);
        int columns = dy.Columns, tableRows = dTable.Tensor.Rows;
        var work = new EmbedBackwardWork(
            Floats(dTable.Tensor), Floats(dy), Integers(ids), dy.LiveRows, tableRows, columns, dTable.Adds, frozenRow);
        _pool.For((columns + ColumnSlice - 1) / ColumnSlice, ref work);
    }

    readonly struct EmbedWork(float* y, float* table, int* ids, int tableRows, int columns) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                CheckIndex(ids[r], tableRows);
                new ReadOnlySpan<float>(table + (long)ids[r] * columns, columns)
                    .CopyTo(new Span<float>(y + (long)r * columns, columns));
            }
        }
    }

    readonly struct EmbedBackwardWork(
        float* dTable, float* dy, int* ids, int rows, int tableRows, int columns, bool adds, int frozenRow) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            int first = start * ColumnSlice, count = Math.Min(end * ColumnSlice, columns) - first;
            if (!adds)
            {
                for (int i = 0; i < tableRows; i++)
                    new Span<float>(dTable + (long)i * columns + first, count).Clear();
            }
            for (int r = 0; r < rows; r++)
            {
                CheckIndex(ids[r], tableRows);
                if (ids[r] == frozenRow)
                    continue;
                Accumulate(dTable + (long)ids[r] * columns + first, dy + (long)r * columns + first, count);
            }
        }
    }

    /// <summary>target += values</summary>
    static void Accumulate(float* target, float* values, int count)
    {
        int i = 0;
        for (; i <= count - S.Width; i += S.Width)
            S.Store(target + i, S.Add(S.Load(target + i), S.Load(values + i)));
        int rest = count - i;
        if (rest > 0)
            S.StorePartial(target + i, S.Add(S.LoadPartial(target + i, rest), S.LoadPartial(values + i, rest)), rest);
    }

    static void CheckIndex(int index, int count)
    {
        if ((uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"token ids go from 0 to {count - 1} here");
    }
}
