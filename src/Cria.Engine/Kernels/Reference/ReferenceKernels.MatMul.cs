using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void MatMul(Sink y, Tensor x, Tensor w, Epilogue epilogue = default)
    {
        if (!y.IsWanted)
            return;
        Debug.Assert(x.Columns == w.Columns && y.Tensor.Columns == w.Rows && y.Tensor.Rows == x.Rows);
        for (int r = 0; r < x.LiveRows; r++)
        {
            var products = Row(y.Tensor, r);
            for (int n = 0; n < w.Rows; n++)
            {
                double sum = Dot(Row(x, r), Row(w, n));
                if (!epilogue.Bias.IsNothing)
                    sum += Number(epilogue.Bias.Span<T>()[n]);
                if (!epilogue.Residual.IsNothing)
                    sum += Number(Row(epilogue.Residual, r)[n]);
                Put(y, ref products[n], sum);
            }
        }
    }

    public void MatMulInput(Sink dx, Tensor dy, Tensor w)
    {
        if (!dx.IsWanted)
            return;
        Debug.Assert(dy.Columns == w.Rows && dx.Tensor.Columns == w.Columns && dx.Tensor.Rows == dy.Rows);
        var weights = w.Span<T>();
        int outputs = w.Rows, columns = w.Columns;
        for (int r = 0; r < dy.LiveRows; r++)
        {
            Span<T> given = Row(dy, r), sent = Row(dx.Tensor, r);
            for (int c = 0; c < columns; c++)
            {
                double sum = 0;
                for (int n = 0; n < outputs; n++)
                    sum += Number(given[n]) * Number(weights[n * columns + c]);
                Put(dx, ref sent[c], sum);
            }
        }
    }

    public void MatMulWeight(Sink dw, Tensor dy, Tensor x)
    {
        if (!dw.IsWanted)
            return;
        Debug.Assert(dw.Tensor.Columns == x.Columns && dw.Tensor.Rows == dy.Columns && x.Rows == dy.Rows);
        Span<T> given = dy.Span<T>(), inputs = x.Span<T>();
        int rows = dy.LiveRows, outputs = dy.Columns, columns = x.Columns;
        for (int n = 0; n < outputs; n++)
        {
            var sent = Row(dw.Tensor, n);
            for (int c = 0; c < columns; c++)
            {
                double sum = 0;
                for (int r = 0; r < rows; r++)
                    sum += Number(given[r * outputs + n]) * Number(inputs[r * columns + c]);
                Put(dw, ref sent[c], sum);
            }
        }
    }
    public void ColumnSums(Sink sums, Tensor x)
    {
        if (!sums.IsWanted)
            return;
        Debug.Assert(sums.Tensor.Length == x.Columns);
        var totals = sums.Tensor.Span<T>();
        for (int c = 0; c < x.Columns; c++)
        {
            double sum = 0;
            for (int r = 0; r < x.LiveRows; r++)
                sum += Number(Row(x, r)[c]);
            Put(sums, ref totals[c], sum);
        }
    }
}
