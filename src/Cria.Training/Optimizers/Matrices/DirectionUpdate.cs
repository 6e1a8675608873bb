using Cria.Engine.Kernels;

namespace Cria.Training.Optimizers.Matrices;

/// <summary>w = w − η·(scale·d + λ·w), where the first slot holds the direction d.</summary>
readonly struct DirectionUpdate(float scale, float weightDecay, float rateFactor) : IUpdate
{
    public static string Name => "direction";

    public static int Slots => 1;

    public V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V>
    {
        V change = S.MulAdd(S.Splat(weightDecay), weight, S.Multiply(S.Splat(scale), first));
        return S.MulAdd(S.Splat(-(step.LearningRate * rateFactor)), change, weight);
    }
}
