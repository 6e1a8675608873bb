using Cria.Engine.Kernels;

namespace Cria.Training.Optimizers.Matrices;

/// <summary>The "weight", a number of scratch, becomes the clipped gradient.</summary>
readonly struct GradientUpdate : IUpdate
{
    public static string Name => "gradient";

    public static int Slots => 0;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V> => gradient;
}

/// <summary>
/// The "weight", m, becomes β₁·m + (1 − β₁)·g and the first slot, v, β₂·v + (1 − β₂)·g'². The second slot holds g, the third the
/// turned g'.
/// </summary>
readonly struct MomentsUpdate(float beta1, float beta2) : IUpdate
{
    public static string Name => "moments";

    public static int Slots => 3;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V>
    {
        first = S.MulAdd(S.Splat(beta2), first, S.Multiply(S.Multiply(S.Splat(1 - beta2), third), third));
        return S.MulAdd(S.Splat(beta1), weight, S.Multiply(S.Splat(1 - beta1), second));
    }
}

/// <summary>The "weight", the turned m', becomes m' / (√v + ε); the first slot holds v.</summary>
readonly struct RatioUpdate(float epsilon) : IUpdate
{
    public static string Name => "ratio";

    public static int Slots => 1;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V> =>
        S.Divide(weight, S.Add(S.Sqrt(first), S.Splat(epsilon)));
}

/// <summary>
/// w = (w − η·c·d)·(1 − η·λ): the first slot holds the direction d, the step's third factor c is √(1 − β₂ᵗ) / (1 − β₁ᵗ).
/// </summary>
readonly struct TurnedUpdate(float weightDecay, float rateFactor) : IUpdate
{
    public static string Name => "turned";

    public static int Slots => 1;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V>
    {
        V rate = S.Splat(-(step.LearningRate * rateFactor));
        V moved = S.MulAdd(rate, S.Multiply(S.Splat(step[StepScalar.Factor3]), first), weight);
        return S.MulAdd(rate, S.Multiply(S.Splat(weightDecay), moved), moved);
    }
}
