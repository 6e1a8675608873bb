using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public unsafe void Update<U>(Tensor weights, Tensor first, Tensor second, Tensor third, Tensor gradients, Tensor scalars, U update)
        where U : unmanaged, IUpdate
    {
        Debug.Assert(weights.Length == gradients.Length);
        fixed (float* values = scalars.Span<float>())
        {
            var step = new StepNumbers(values);
            double clip = step[StepScalar.ClipFactor];
            if (clip == 0)
                return;
            Span<T> ws = weights.Span<T>(), gs = gradients.Span<T>();
            Span<T> firsts = Slot(0, first), seconds = Slot(1, second), thirds = Slot(2, third);
            for (int i = 0; i < ws.Length; i++)
            {
                double a = Get(firsts, i), b = Get(seconds, i), c = Get(thirds, i);
                ws[i] = Rounded(update.Next<double, DoubleArithmetic>(Number(ws[i]), clip * Number(gs[i]), ref a, ref b, ref c, step));
                Put(firsts, i, a);
                Put(seconds, i, b);
                Put(thirds, i, c);
            }
        }

        static Span<T> Slot(int which, Tensor slot) => which < U.Slots ? slot.Span<T>() : default;

        static double Get(Span<T> slot, int i) => slot.IsEmpty ? 0 : Number(slot[i]);

        static void Put(Span<T> slot, int i, double x)
        {
            if (!slot.IsEmpty)
                slot[i] = Rounded(x);
        }
    }
}
