using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void Rope(Sink y, Tensor x, Tensor positions, Tensor cosSin, int headDim, bool inverse)
    {
        if (!y.IsWanted)
            return;
        Debug.Assert(y.Tensor.Shape == x.Shape && x.Columns % headDim == 0 && cosSin.Columns == headDim);
        var work = new RopeWork(Floats(y.Tensor), y.Adds, Floats(x), Integers(positions), Floats(cosSin), cosSin.Rows,
            x.Columns, headDim, inverse ? -1 : 1);
        ForRows(x.LiveRows, x.Columns, ref work);
    }

    readonly struct RopeWork(float* y, bool adds, float* x, int* positions, float* cosSin, int tableRows, int columns,
        int headDim, float sign) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                if ((uint)positions[r] >= (uint)tableRows)
                    throw new ArgumentOutOfRangeException(nameof(positions), positions[r],
                        $"the rotary table has {tableRows} positions");
                float* angles = cosSin + (long)positions[r] * headDim;
                for (int column = 0; column < columns; column += headDim)
                    Head(y + (long)r * columns + column, x + (long)r * columns + column, angles);
            }
        }

        void Head(float* target, float* source, float* cosines)
        {
            int half = headDim / 2;
            float* sines = cosines + half;
            V direction = S.Splat(sign);
            int i = 0;
            for (; i <= half - S.Width; i += S.Width)
            {
                V a = S.Load(source + i), b = S.Load(source + half + i);
                V cosine = S.Load(cosines + i), sine = S.Multiply(S.Load(sines + i), direction);
                V first = S.Subtract(S.Multiply(a, cosine), S.Multiply(b, sine));
                V second = S.MulAdd(b, cosine, S.Multiply(a, sine));
                Send(target, adds, i, first);
                Send(target, adds, half + i, second);
            }
            int count = half - i;
            if (count > 0)
            {
                V a = S.LoadPartial(source + i, count), b = S.LoadPartial(source + half + i, count);
                V cosine = S.LoadPartial(cosines + i, count);
                V sine = S.Multiply(S.LoadPartial(sines + i, count), direction);
                V first = S.Subtract(S.Multiply(a, cosine), S.Multiply(b, sine));
                V second = S.MulAdd(b, cosine, S.Multiply(a, sine));
                SendPartial(target, adds, i, first, count);
                SendPartial(target, adds, half + i, second, count);
            }
        }
    }
}
