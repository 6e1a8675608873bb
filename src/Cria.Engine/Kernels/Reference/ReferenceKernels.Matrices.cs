using System.Diagnostics;
using Cria.Engine.Kernels.Decompositions;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed unsafe partial class ReferenceKernels<T>
{
    public void MatrixProducts(Tensor c, Tensor a, Tensor b, MatrixProduct product)
    {
        Debug.Assert(c.Shape[0] == a.Shape[0] && c.Shape[0] == b.Shape[0]);
        bool turnsA = product.Form == ProductForm.TN, turnsB = product.Form == ProductForm.NT;
        int rows = c.Shape[1], columns = c.Shape[2], depth = a.Shape[turnsA ? 1 : 2];
        Debug.Assert(a.Shape[turnsA ? 2 : 1] == rows && b.Shape[turnsB ? 1 : 2] == columns && b.Shape[turnsB ? 2 : 1] == depth);
        for (int i = 0; i < c.Shape[0]; i++)
        {
            Span<T> cs = Matrix(c, i), xs = Matrix(a, i), ys = Matrix(b, i), kept = product.Kept.IsNothing ? cs : Matrix(product.Kept, i);
            for (int r = 0; r < rows; r++)
                for (int n = 0; n < (product.IsSymmetric ? r + 1 : columns); n++)
                {
                    double sum = 0;
                    for (int k = 0; k < depth; k++)
                        sum += Number(xs[turnsA ? k * rows + r : r * depth + k]) * Number(ys[turnsB ? n * depth + k : k * columns + n]);
                    ref T place = ref cs[r * columns + n];
                    double before = product.Keep == 0 ? 0 : product.Keep * Number(kept[r * columns + n]);
                    place = Rounded(before + product.Scale * sum + (r == n ? product.Diagonal : 0));
                    if (product.IsSymmetric)
                        cs[n * columns + r] = place;
                }
        }
    }

    public void NormalizeMatrices(Tensor x, double epsilon)
    {
        for (int i = 0; i < x.Shape[0]; i++)
        {
            var values = Matrix(x, i);
            double divisor = Math.Sqrt(Dot(values, values)) + epsilon;
            foreach (ref T value in values)
                value = Rounded(Number(value) / divisor);
        }
    }

    public void EigenBases(Tensor bases, Tensor symmetric)
    {
        int n = bases.Shape[2];
        double[] scratch = new double[Bases.ScratchFor(n)];
        for (int i = 0; i < bases.Shape[0]; i++)
            fixed (double* free = scratch)
            fixed (T* basis = Matrix(bases, i), matrix = Matrix(symmetric, i))
                Bases.Eigen(basis, matrix, n, free);
    }

    public void RefreshBases(Tensor bases, Tensor order, Tensor symmetric)
    {
        int n = bases.Shape[2];
        double[] scratch = new double[Bases.ScratchFor(n)];
        var product = new T[n * n];
        for (int i = 0; i < bases.Shape[0]; i++)
        {
            Span<T> columns = Matrix(bases, i), matrix = Matrix(symmetric, i);
            for (int r = 0; r < n; r++)
                for (int c = 0; c < n; c++)
                {
                    double sum = 0;
                    for (int k = 0; k < n; k++)
                        sum += Number(matrix[r * n + k]) * Number(columns[k * n + c]);
                    product[r * n + c] = Rounded(sum);
                }
            fixed (double* free = scratch)
            fixed (T* basis = columns, products = product)
            fixed (int* places = order.Span<int>().Slice(i * n, n))
                Bases.Refresh(basis, places, products, n, free);
        }
    }

    public void Reorder(Tensor x, Tensor rows, Tensor columns)
    {
        int m = x.Shape[1], n = x.Shape[2];
        for (int i = 0; i < x.Shape[0]; i++)
        {
            var values = Matrix(x, i);
            T[] before = values.ToArray();
            for (int r = 0; r < m; r++)
                for (int c = 0; c < n; c++)
                    values[r * n + c] = before[Place(rows, i * m + r, r) * n + Place(columns, i * n + c, c)];
        }

        static int Place(Tensor order, int index, int unmoved) => order.IsNothing ? unmoved : order.Span<int>()[index];
    }

    static Span<T> Matrix(Tensor batch, int index)
    {
        int length = batch.Shape[1] * batch.Shape[2];
        return batch.Span<T>().Slice(index * length, length);
    }
}
