namespace Cria.Engine.Kernels;

/// <summary>
/// The values that change each step live in a small F32 tensor on the device, in this order, so that one recorded (or
/// captured) step serves all steps. The host writes the first three and the last, the global-norm kernel the others.
/// </summary>
public enum StepScalar
{
    LearningRate,

    /// <summary>1 − β₁ᵗ, t the optimizer step counted from 1</summary>
    BiasCorrection1,

    /// <summary>1 − β₂ᵗ</summary>
    BiasCorrection2,

    /// <summary>The L2 norm of all gradients, before clipping.</summary>
    GradientNorm,

    /// <summary>min(1, max norm / norm); 0 when the norm is not finite, and then optimizers leave everything as it is.</summary>
    ClipFactor,

    /// <summary>t itself, for what draws random bits in each step; exact up to 2²⁴.</summary>
    Step,

    Count,
}
