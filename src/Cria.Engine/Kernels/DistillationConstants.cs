namespace Cria.Engine.Kernels;

/// <summary>The scalars of <see cref="IKernels.Distillation"/>.</summary>
/// <param name="CrossEntropy">The factor of the next token's part.</param>
/// <param name="Divergence">The factor of the teachers' part, T² included where it is wanted.</param>
/// <param name="Temperature">T, which divides the student's logits in the teachers' part.</param>
public readonly record struct DistillationConstants(float CrossEntropy, float Divergence, float Temperature);
