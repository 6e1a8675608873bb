using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void AdamW(Tensor weights, Tensor firstMoment, Tensor secondMoment, Tensor gradients, Tensor scalars,
        AdamWConstants constants)
    {
        long length = weights.Length;
        Debug.Assert(firstMoment.Length == length && secondMoment.Length == length && gradients.Length == length);
        float* values = Floats(scalars);
        float clip = values[(int)StepScalar.ClipFactor];
        if (clip == 0)
            return; // the gradients are not finite: weights and moments stay as they are
        var work = new AdamWWork(Floats(weights), Floats(firstMoment), Floats(secondMoment), Floats(gradients), length,
            values[(int)StepScalar.LearningRate] * constants.RateFactor, values[(int)StepScalar.BiasCorrection1],
            values[(int)StepScalar.BiasCorrection2], clip, constants);
        _pool.For(checked((int)((length + Grain - 1) / Grain)), ref work);
    }

    readonly struct AdamWWork(float* weights, float* first, float* second, float* gradients, long length,
        float learningRate, float correction1, float correction2, float clip, AdamWConstants constants) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            V beta1 = S.Splat(constants.Beta1), rest1 = S.Splat(1 - constants.Beta1);
            V beta2 = S.Splat(constants.Beta2), rest2 = S.Splat(1 - constants.Beta2), factor = S.Splat(clip);
            V scale1 = S.Splat(1 / correction1), scale2 = S.Splat(1 / correction2);
            V epsilon = S.Splat(constants.Epsilon);
            V decay = S.Splat(constants.WeightDecay), rate = S.Splat(-learningRate);
            long last = Math.Min((long)end * Grain, length);
            for (long i = (long)start * Grain; i < last; i += S.Width)
            {
                int count = (int)Math.Min(S.Width, last - i);
                bool whole = count == S.Width;
                V g = whole ? S.Load(gradients + i) : S.LoadPartial(gradients + i, count);
                g = S.Multiply(g, factor);
                V w = whole ? S.Load(weights + i) : S.LoadPartial(weights + i, count);
                V m = whole ? S.Load(first + i) : S.LoadPartial(first + i, count);
                V v = whole ? S.Load(second + i) : S.LoadPartial(second + i, count);
                m = S.MulAdd(beta1, m, S.Multiply(rest1, g));
                v = S.MulAdd(beta2, v, S.Multiply(S.Multiply(rest2, g), g));
                V root = S.Add(S.Sqrt(S.Multiply(v, scale2)), epsilon);
                V update = S.MulAdd(decay, w, S.Divide(S.Multiply(m, scale1), root));
                w = S.MulAdd(rate, update, w);
                if (whole)
                {
                    S.Store(weights + i, w);
                    S.Store(first + i, m);
                    S.Store(second + i, v);
                }
                else
                {
                    S.StorePartial(weights + i, w, count);
                    S.StorePartial(first + i, m, count);
                    S.StorePartial(second + i, v, count);
                }
            }
        }
    }
}
