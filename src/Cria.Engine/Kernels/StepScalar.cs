namespace Cria.Engine.Kernels;

/// <summary>
/// The values that change each step live in a small F32 tensor on the device, in this order, so that one recorded (or
/// captured) step serves all steps. The global-norm kernel writes the norm and the clip factor, the host all others.
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

    /// <summary>A number of the optimizer's own that changes from step to step; its update says which. So are the next three.</summary>
    Factor1,

    Factor2,

    Factor3,

    Factor4,

    Count,
}
