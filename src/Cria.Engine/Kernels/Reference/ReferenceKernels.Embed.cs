using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void Embed(Tensor y, Tensor table, Tensor ids)
    {
        Debug.Assert(y.Columns == table.Columns && y.Rows == ids.Rows);
        var rows = ids.Span<int>();
        for (int r = 0; r < y.LiveRows; r++)
            Row(table, rows[r]).CopyTo(Row(y, r));
    }

    public void EmbedBackward(Sink dTable, Tensor dy, Tensor ids, int frozenRow)
    {
        if (!dTable.IsWanted)
            return;
        Debug.Assert(dy.Columns == dTable.Tensor.Columns && dy.Rows == ids.Rows);
        if (!dTable.Adds)
            dTable.Tensor.Span<T>().Clear(); // most rows of the table are in no row of dy
        var rows = ids.Span<int>();
        for (int r = 0; r < dy.LiveRows; r++)
        {
            if (rows[r] == frozenRow)
                continue;
            Span<T> sent = Row(dTable.Tensor, rows[r]), given = Row(dy, r);
            for (int c = 0; c < given.Length; c++)
                sent[c] += given[c];
        }
    }
}
