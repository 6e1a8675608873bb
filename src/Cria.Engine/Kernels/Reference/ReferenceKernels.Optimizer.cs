using System.Diagnostics;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Reference;

public sealed partial class ReferenceKernels<T>
{
    public void ClipByGlobalNorm(Tensor scalars, Tensor gradients, float maxNorm)
    {
        var flat = gradients.Span<T>();
        float norm = (float)Math.Sqrt(Dot(flat, flat));
        var values = scalars.Span<float>();
        values[(int)StepScalar.GradientNorm] = norm;
        values[(int)StepScalar.ClipFactor] =
            !float.IsFinite(norm) ? 0 :
            maxNorm == 0 || norm <= maxNorm ? 1 :
            maxNorm / norm;
    }

    public void RangeNorms(Tensor norms, Tensor values, Tensor minus, Tensor starts)
    {
        var flat = values.Span<T>();
        var results = norms.Span<float>();
        var bounds = starts.Span<int>();
        var taken = minus.IsNothing ? default : minus.Span<T>();
        for (int range = 0; range < results.Length; range++)
        {
            double sum = 0;
            for (int i = bounds[range]; i < bounds[range + 1]; i++)
            {
                double difference = Number(flat[i]) - (minus.IsNothing ? 0 : Number(taken[i]));
                sum += difference * difference;
            }
            results[range] = (float)Math.Sqrt(sum);
        }
    }

    public void AdamW(Tensor weights, Tensor firstMoment, Tensor secondMoment, Tensor gradients, Tensor scalars,
        AdamWConstants constants)
    {
        Debug.Assert(weights.Length == gradients.Length && firstMoment.Length == gradients.Length);
        Debug.Assert(secondMoment.Length == gradients.Length);
        var step = scalars.Span<float>();
        double clip = step[(int)StepScalar.ClipFactor], rate = step[(int)StepScalar.LearningRate] * constants.RateFactor;
        if (clip == 0)
            return;
        double correction1 = step[(int)StepScalar.BiasCorrection1], correction2 = step[(int)StepScalar.BiasCorrection2];
        double beta1 = constants.Beta1, beta2 = constants.Beta2;
        Span<T> ws = weights.Span<T>(), ms = firstMoment.Span<T>(), vs = secondMoment.Span<T>(), gs = gradients.Span<T>();
        for (int i = 0; i < ws.Length; i++)
        {
            double w = Number(ws[i]), g = clip * Number(gs[i]);
            double m = beta1 * Number(ms[i]) + (1 - beta1) * g, v = beta2 * Number(vs[i]) + (1 - beta2) * g * g;
            double direction = m / correction1 / (Math.Sqrt(v / correction2) + constants.Epsilon);
            ms[i] = Rounded(m);
            vs[i] = Rounded(v);
            ws[i] = Rounded(w - rate * (direction + constants.WeightDecay * w));
        }
    }

    public void AdamWCompact(Tensor weights, Tensor firstMoment, Tensor secondMoment, Tensor gradients, Tensor scalars,
        AdamWConstants constants, RoundingNoise noise)
    {
        Debug.Assert(weights.Length == gradients.Length && firstMoment.Length == gradients.Length);
        Debug.Assert(secondMoment.Length == gradients.Length);
        var step = scalars.Span<float>();
        double clip = step[(int)StepScalar.ClipFactor], rate = step[(int)StepScalar.LearningRate] * constants.RateFactor;
        if (clip == 0)
            return;
        double correction1 = step[(int)StepScalar.BiasCorrection1], correction2 = step[(int)StepScalar.BiasCorrection2];
        double beta1 = constants.Beta1, beta2 = constants.Beta2;
        var keys = noise.Keys((int)step[(int)StepScalar.Step]);
        Span<T> ws = weights.Span<T>(), gs = gradients.Span<T>();
        Span<ushort> ms = firstMoment.Span<ushort>(), vs = secondMoment.Span<ushort>();
        for (int i = 0; i < ws.Length; i++)
        {
            double w = Number(ws[i]), g = clip * Number(gs[i]);
            double m = beta1 * Rounding.Widened(ms[i]) + (1 - beta1) * g;
            double v = beta2 * Rounding.Widened(vs[i]) + (1 - beta2) * g * g;
            double direction = m / correction1 / (Math.Sqrt(v / correction2) + constants.Epsilon);
            uint word = RoundingNoise.Word(noise.FirstElement + (uint)i, keys);
            ms[i] = Rounding.Stochastic((float)m, word & 0xFFFF);
            vs[i] = Rounding.Stochastic((float)v, word >> 16);
            ws[i] = Rounded(w - rate * (direction + constants.WeightDecay * w));
        }
    }
}
