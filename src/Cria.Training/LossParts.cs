namespace Cria.Training;

/// <summary>What a loss that listens to teachers is made of, in nats a token and before anything is multiplied.</summary>
/// <param name="CrossEntropy">With the next token.</param>
/// <param name="Divergence">KL(teachers ‖ student) at the loss's temperature.</param>
public readonly record struct LossParts(double CrossEntropy, double Divergence)
{
    /// <summary>Those of two micro-batches of one step, each weighted by its share of the step.</summary>
    public LossParts Plus(LossParts other) => new(CrossEntropy + other.CrossEntropy, Divergence + other.Divergence);
}
