using System.Diagnostics;
using Cria.Engine.Kernels.Cpu.MatMul;
using Cria.Engine.Kernels.Decompositions;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void NormalizeMatrices(Tensor x, double epsilon)
    {
        var work = new NormalizeWork(Floats(x), (long)x.Shape[1] * x.Shape[2], epsilon);
        _pool.ForChunks(x.Shape[0], 1, ref work);
    }

    public void EigenBases(Tensor bases, Tensor symmetric)
    {
        int n = bases.Shape[2];
        Debug.Assert(bases.Shape == symmetric.Shape && bases.Shape[1] == n);
        var work = new EigenWork(Floats(bases), Floats(symmetric), n, (double*)Scratch(MatrixFloats(n, 0)));
        _pool.ForChunks(bases.Shape[0], 1, ref work);
    }

    public void RefreshBases(Tensor bases, Tensor order, Tensor symmetric)
    {
        int n = bases.Shape[2];
        Debug.Assert(bases.Shape == symmetric.Shape && bases.Shape[1] == n && order.Length == (long)bases.Shape[0] * n);
        _gemm.Reserve(_pool.Threads);
        var work = new RefreshWork(_gemm, Floats(bases), Integers(order), Floats(symmetric), n, (double*)Scratch(MatrixFloats(n, 0)));
        _pool.ForChunks(bases.Shape[0], 1, ref work);
    }

    public void Reorder(Tensor x, Tensor rows, Tensor columns)
    {
        int m = x.Shape[1], n = x.Shape[2];
        var work = new ReorderWork(Floats(x), rows.IsNothing ? null : Integers(rows), columns.IsNothing ? null : Integers(columns), m, n,
            Scratch(MatrixFloats(0, (long)m * n)));
        _pool.ForChunks(x.Shape[0], 1, ref work);
    }

    /// <summary>For every thread: a decomposition's doubles with a product beside them, or a matrix while its rows change places.</summary>
    long MatrixFloats(int basisSize, long reorderLength) => _pool.Threads * Math.Max(2 * BasisDoubles(basisSize), reorderLength);

    static long BasisDoubles(int n) => n == 0 ? 0 : Bases.ScratchFor(n) + ((long)n * n + 1) / 2;

    readonly struct NormalizeWork(float* x, long length, double epsilon) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int i = start; i < end; i++)
            {
                float* matrix = x + i * length;
                double sum = 0;
                for (long run = 0; run < length; run += NormRun)
                    sum += Dot(matrix + run, matrix + run, (int)Math.Min(NormRun, length - run));
                if (!double.IsFinite(sum)) // squares of finite floats can overflow in float, not in double
                    sum = SquareSum(matrix, checked((int)length));
                float factor = (float)(1 / (Math.Sqrt(sum) + epsilon));
                for (long run = 0; run < length; run += NormRun)
                    ScaleRow(matrix + run, matrix + run, factor, (int)Math.Min(NormRun, length - run));
            }
        }
    }

    readonly struct EigenWork(float* bases, float* symmetric, int n, double* scratch) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int i = start; i < end; i++)
                Bases.Eigen(bases + (long)i * n * n, symmetric + (long)i * n * n, n, scratch + worker * BasisDoubles(n));
        }
    }

    readonly struct RefreshWork(IGemm gemm, float* bases, int* order, float* symmetric, int n, double* scratch) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            double* free = scratch + worker * BasisDoubles(n);
            float* product = (float*)(free + Bases.ScratchFor(n));
            for (int i = start; i < end; i++)
            {
                float* basis = bases + (long)i * n * n;
                gemm.RunAlone(worker, GemmLayout.NN, product, n, symmetric + (long)i * n * n, n, basis, n, n, n, n, add: false);
                Bases.Refresh(basis, order + (long)i * n, product, n, free);
            }
        }
    }

    readonly struct ReorderWork(float* x, int* rows, int* columns, int m, int n, float* scratch) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            long length = (long)m * n;
            float* before = scratch + worker * length;
            for (int i = start; i < end; i++)
            {
                float* matrix = x + i * length;
                Buffer.MemoryCopy(matrix, before, length * sizeof(float), length * sizeof(float));
                for (int r = 0; r < m; r++)
                {
                    float* from = before + (rows == null ? r : rows[(long)i * m + r]) * (long)n;
                    for (int c = 0; c < n; c++)
                        matrix[(long)r * n + c] = from[columns == null ? c : columns[(long)i * n + c]];
                }
            }
        }
    }
}
