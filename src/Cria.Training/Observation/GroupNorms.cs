namespace Cria.Training.Observation;

/// <summary>The Euclidean norms of a group of parameters in one step.</summary>
/// <param name="Name">A block of a layer, such as <c>model.layers.0.self_attn</c>, or a parameter outside of the layers.</param>
/// <param name="Weight">Of its weights after the step.</param>
/// <param name="Gradient">Of its gradient before clipping.</param>
/// <param name="Update">Of the difference that the step made: everything the optimizer did, weight decay included.</param>
public sealed record GroupNorms(string Name, double Weight, double Gradient, double Update)
{
    /// <summary>How far the step moved the weights, as a share of their size; healthy training moves by about 1e-4 to 1e-2.</summary>
    public double RelativeUpdate => Update / Weight;
}
