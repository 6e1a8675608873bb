using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void Rope(Sink y, Tensor x, Tensor positions, Tensor cosSin, int headDim, bool inverse)
    {
        if (!y.IsWanted)
            return;
        Debug.Assert(y.Tensor.Shape == x.Shape && x.Columns % headDim == 0 && cosSin.Columns <= headDim);
        var work = new RopeWork(Floats(y.Tensor), y.Adds, Floats(x), Integers(positions), Floats(cosSin), cosSin.Rows,
            x.Columns, headDim, cosSin.Columns, inverse ? -1 : 1);
        ForRows(x.LiveRows, x.Columns, ref work);
    }

    readonly struct RopeWork(float* y, bool adds, float* x, int* positions, float* cosSin, int tableRows, int columns,
        int headDim, int rotaryDim, float sign) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            for (int r = start; r < end; r++)
            {
                if ((uint)positions[r] >= (uint)tableRows)
                    throw new ArgumentOutOfRangeException(nameof(positions), positions[r],
                        $"the rotary table has {tableRows} positions");
                float* angles = cosSin + (long)positions[r] * rotaryDim;
                Row(y + (long)r * columns, x + (long)r * columns, angles);
                if (rotaryDim < headDim && (y != x || adds))
                    Rest(y + (long)r * columns, x + (long)r * columns);
            }
        }

        /// <summary>What is not turned.</summary>
        void Rest(float* target, float* source)
        {
            for (int head = 0; head < columns; head += headDim)
                for (int i = head + rotaryDim; i < head + headDim; i += S.Width)
                {
                    int count = Math.Min(S.Width, head + headDim - i);
                    SendPartial(target, adds, i, S.LoadPartial(source + i, count), count);
                }
        }

        /// <summary>Angles outside, heads inside: an angle is read once a row.</summary>
        void Row(float* target, float* source, float* cosines)
        {
            int half = rotaryDim / 2;
            float* sines = cosines + half;
            V direction = S.Splat(sign);
            int i = 0;
            for (; i <= half - S.Width; i += S.Width)
            {
                V cosine = S.Load(cosines + i), sine = S.Multiply(S.Load(sines + i), direction);
                for (int column = i; column < columns; column += headDim)
                {
                    V a = S.Load(source + column), b = S.Load(source + half + column);
                    Send(target, adds, column, S.Subtract(S.Multiply(a, cosine), S.Multiply(b, sine)));
                    Send(target, adds, half + column, S.MulAdd(b, cosine, S.Multiply(a, sine)));
                }
            }
            int count = half - i;
            if (count > 0)
                LastColumns(target + i, source + i, cosines + i, sines + i, count);
        }

        void LastColumns(float* target, float* source, float* cosines, float* sines, int count)
        {
            int half = rotaryDim / 2;
            V cosine = S.LoadPartial(cosines, count), sine = S.Multiply(S.LoadPartial(sines, count), S.Splat(sign));
            for (int column = 0; column < columns; column += headDim)
            {
                V a = S.LoadPartial(source + column, count), b = S.LoadPartial(source + half + column, count);
                V first = S.Subtract(S.Multiply(a, cosine), S.Multiply(b, sine));
                SendPartial(target, adds, column, first, count);
                SendPartial(target, adds, half + column, S.MulAdd(b, cosine, S.Multiply(a, sine)), count);
            }
        }
    }
}
