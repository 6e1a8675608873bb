namespace Cria.Engine.Graphs.Ops;

/// <summary>How several models become one prediction.</summary>
public enum EnsembleMean
{
    /// <summary>The mean of their logits: a geometric mean of their probabilities, normalised. BabyLlama's.</summary>
    Logits,

    /// <summary>The mean of their probabilities: a mixture.</summary>
    Probabilities,
}
