using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

public sealed unsafe partial class CpuKernels<V, S>
{
    public void AdamWCompact(Tensor weights, Tensor firstMoment, Tensor secondMoment, Tensor gradients, Tensor scalars,
        AdamWConstants constants, RoundingNoise noise)
    {
        long length = weights.Length;
        Debug.Assert(firstMoment.Length == length && secondMoment.Length == length && gradients.Length == length);
        float* values = Floats(scalars);
        float clip = values[(int)StepScalar.ClipFactor];
        if (clip == 0)
            return; // the gradients are not finite: weights and moments stay as they are
        var work = new AdamWCompactWork(Floats(weights), Halves(firstMoment), Halves(secondMoment), Floats(gradients), length,
            values[(int)StepScalar.LearningRate] * constants.RateFactor, values[(int)StepScalar.BiasCorrection1],
            values[(int)StepScalar.BiasCorrection2], clip, constants, noise.FirstElement,
            noise.Keys((int)values[(int)StepScalar.Step]));
        _pool.For(checked((int)((length + Grain - 1) / Grain)), ref work);
    }

    readonly struct AdamWCompactWork(float* weights, ushort* first, ushort* second, float* gradients, long length,
        float learningRate, float correction1, float correction2, float clip, AdamWConstants constants, uint firstElement,
        (uint Before, uint Between) keys) : IRowWork
    {
        public void Run(int start, int end, int worker)
        {
            long i = (long)start * Grain, last = Math.Min((long)end * Grain, length);
            Span(weights + i, first + i, second + i, gradients + i, (last - i) / S.Width, firstElement + (uint)i);
            int rest = (int)((last - i) % S.Width);
            if (rest > 0)
                Rest(last - rest, rest);
        }

        void Span(float* w, ushort* m, ushort* v, float* g, long vectors, uint element)
        {
            V beta1 = S.Splat(constants.Beta1), rest1 = S.Splat(1 - constants.Beta1);
            V beta2 = S.Splat(constants.Beta2), rest2 = S.Splat(1 - constants.Beta2), factor = S.Splat(clip);
            V scale1 = S.Splat(1 / correction1), scale2 = S.Splat(1 / correction2);
            V epsilon = S.Splat(constants.Epsilon), decay = S.Splat(constants.WeightDecay), rate = S.Splat(-learningRate);
            var (before, between) = keys;
            for (long i = 0; i < vectors * S.Width; i += S.Width)
            {
                V words = Compact<V, S>.Words(element + (uint)i, before, between);
                V gradient = S.Multiply(S.Load(g + i), factor), weight = S.Load(w + i);
                V mean = S.MulAdd(beta1, Compact<V, S>.Load(m + i), S.Multiply(rest1, gradient));
                V square = S.MulAdd(beta2, Compact<V, S>.Load(v + i), S.Multiply(S.Multiply(rest2, gradient), gradient));
                V root = S.Add(S.Sqrt(S.Multiply(square, scale2)), epsilon);
                V update = S.MulAdd(decay, weight, S.Divide(S.Multiply(mean, scale1), root));
                S.Store(w + i, S.MulAdd(rate, update, weight));
                Compact<V, S>.StoreByLowerHalf(m + i, mean, words);
                Compact<V, S>.StoreByUpperHalf(v + i, square, words);
            }
        }

        /// <summary>Less than a vector, on a copy with zeros behind it.</summary>
        void Rest(long at, int count)
        {
            float* w = stackalloc float[16], g = stackalloc float[16];
            ushort* m = stackalloc ushort[16], v = stackalloc ushort[16];
            for (int i = 0; i < count; i++)
                (w[i], g[i], m[i], v[i]) = (weights[at + i], gradients[at + i], first[at + i], second[at + i]);
            Span(w, m, v, g, 1, firstElement + (uint)at);
            for (int i = 0; i < count; i++)
                (weights[at + i], first[at + i], second[at + i]) = (w[i], m[i], v[i]);
        }
    }
}
