using System.Diagnostics;
using Cria.Engine.Kernels.Cpu.MatMul;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    /// <summary>Rows of a symmetric product that are computed together, up to their diagonal: fewer waste less, more pack less.</summary>
    const int SymmetricBand = 32;

    const int FewestRowsOfBand = 24;

    /// <summary>A thread that is held up leaves its bands to the others.</summary>
    const int BandsPerThread = 4;

    public void MatrixProducts(Tensor c, Tensor a, Tensor b, MatrixProduct product)
    {
        Debug.Assert(c.Shape[0] == a.Shape[0] && c.Shape[0] == b.Shape[0]);
        Debug.Assert(!product.IsSymmetric || c.Shape[1] == c.Shape[2]);
        int batch = c.Shape[0], rows = c.Shape[1], bands = Bands(batch, rows, product.IsSymmetric);
        if (c.Length == 0)
            return;
        _gemm.Reserve(_pool.Threads);
        var work = new ProductWork(_gemm, Floats(c), Floats(a), Floats(b), Floats(product.Kept.IsNothing ? c : product.Kept), rows,
            c.Shape[2], a.Shape[product.Form == ProductForm.TN ? 1 : 2], bands, product);
        _pool.ForChunks(batch * bands, 1, ref work);
    }

    int Bands(int batch, int rows, bool isSymmetric)
    {
        if (isSymmetric)
            return Math.Max(1, (rows + SymmetricBand / 2) / SymmetricBand);
        int wanted = (BandsPerThread * _pool.Threads + batch - 1) / batch;
        return _pool.Threads == 1 ? 1 : Math.Clamp(wanted, 1, Math.Max(1, rows / FewestRowsOfBand));
    }

    /// <summary>Bands of rows of all matrices; an element's arithmetic does not depend on how they are cut.</summary>
    readonly struct ProductWork(IGemm gemm, float* c, float* a, float* b, float* kept, int m, int n, int k, int bands,
        MatrixProduct product) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int item = start; item < end; item++)
            {
                int matrix = item / bands, band = bands - 1 - item % bands; // a symmetric product's longest band comes first
                int first = Cut(band), last = Cut(band + 1), width = product.IsSymmetric ? last : n;
                long place = (long)matrix * m * n;
                if (product.Keep != 0)
                    for (int r = first; r < last; r++)
                        ScaleRow(c + place + (long)r * n, kept + place + (long)r * n, (float)(product.Keep / product.Scale), width);
                Band(worker, c + place, a + (long)matrix * m * k, b + (long)matrix * n * k, first, last, width);
            }
        }

        int Cut(int band) => (int)((long)(m + 7) / 8 * band / bands * 8) is var row && row < m ? row : m;

        void Band(int worker, float* target, float* x, float* y, int first, int last, int width)
        {
            if (first == last)
                return;
            float* rows = target + (long)first * n;
            var layout = product.Form switch { ProductForm.NN => GemmLayout.NN, ProductForm.NT => GemmLayout.NT, _ => GemmLayout.TN };
            float* from = layout == GemmLayout.TN ? x + first : x + (long)first * k;
            gemm.RunAlone(worker, layout, rows, n, from, layout == GemmLayout.TN ? m : k, y, layout == GemmLayout.NT ? k : n,
                last - first, width, k, add: product.Keep != 0);
            for (int r = first; r < last; r++)
            {
                float* row = target + (long)r * n;
                if (product.Scale != 1)
                    ScaleRow(row, row, (float)product.Scale, width);
                if (r < n)
                    row[r] += (float)product.Diagonal;
            }
            if (product.IsSymmetric)
                Mirror(target, first, last);
        }

        // Tiles of eight rows, so that the columns they write to are met again while their lines are near.
        void Mirror(float* target, int first, int last)
        {
            const int Tile = 8;
            for (int top = first; top < last; top += Tile)
                for (int column = 0; column < Math.Min(top + Tile, last); column++)
                    for (int r = Math.Max(top, column + 1); r < Math.Min(top + Tile, last); r++)
                        target[(long)column * n + r] = target[(long)r * n + column];
        }
    }

    static void ScaleRow(float* to, float* from, float factor, int count)
    {
        V f = S.Splat(factor);
        int i = 0;
        for (; i <= count - S.Width; i += S.Width)
            S.Store(to + i, S.Multiply(S.Load(from + i), f));
        if (i < count)
            S.StorePartial(to + i, S.Multiply(S.LoadPartial(from + i, count - i), f), count - i);
    }
}
