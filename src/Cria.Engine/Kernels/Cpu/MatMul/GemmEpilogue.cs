namespace Cria.Engine.Kernels.Cpu.MatMul;

/// <summary>
/// What is added to a finished part of c while the first-level cache still holds it: one bias for all rows, and a residual
/// with as many rows as c; either may be null.
/// </summary>
public readonly unsafe struct GemmEpilogue(float* bias, float* residual, int residualStride)
{
    public bool IsEmpty => bias == null && residual == null;

    /// <summary>Adds to rows and columns of c, which begin at <paramref name="row"/> and <paramref name="column"/>.</summary>
    internal void Apply<V, S>(float* c, nint ldc, int row, int rows, int column, int columns)
        where V : struct where S : struct, ISimd<V>
    {
        float* biases = bias == null ? null : bias + column;
        for (int i = 0; i < rows; i++, c += ldc)
        {
            float* residuals = residual == null ? null : residual + (nint)(row + i) * residualStride + column;
            int j = 0;
            for (; j <= columns - S.Width; j += S.Width)
            {
                V x = S.Load(c + j);
                if (biases != null)
                    x = S.Add(x, S.Load(biases + j));
                if (residuals != null)
                    x = S.Add(x, S.Load(residuals + j));
                S.Store(c + j, x);
            }
            int rest = columns - j;
            if (rest == 0)
                continue;
            V last = S.LoadPartial(c + j, rest);
            if (biases != null)
                last = S.Add(last, S.LoadPartial(biases + j, rest));
            if (residuals != null)
                last = S.Add(last, S.LoadPartial(residuals + j, rest));
            S.StorePartial(c + j, last, rest);
        }
    }
}
