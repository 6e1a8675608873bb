using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void WeightedSum(Tensor total, Tensor values, Tensor weights)
    {
        float* v = Floats(values), w = Floats(weights);
        double sum = 0;
        int rows = values.LiveRows;
        for (int r = 0; r < rows; r++)
            sum += (double)v[r] * w[r];
        *Floats(total) = (float)sum;
    }
}
