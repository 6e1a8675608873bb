using Cria.Engine.Graphs;

namespace Cria.Training.Optimizers;

/// <summary>Parameters that an optimizer treats alike, and where they lie in the flat blocks.</summary>
/// <param name="WeightDecay">λ of this group.</param>
/// <param name="LearningRateFactor">What the step's learning rate is multiplied by.</param>
/// <param name="Parameters">In recording order.</param>
/// <param name="Ranges">Offsets and lengths in elements; neighbours are one range.</param>
public sealed record ParameterGroup(
    float WeightDecay, float LearningRateFactor, IReadOnlyList<Parameter> Parameters, IReadOnlyList<(long Offset, long Length)> Ranges);
