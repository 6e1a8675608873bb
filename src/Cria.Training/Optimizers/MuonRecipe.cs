using Cria.Engine.Graphs;
using Cria.Models;
using Cria.Training.Optimizers.Matrices;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>What the kinds of Muon have in common: the momentum of a matrix is orthogonalised, AdamW takes the rest.</summary>
public abstract record OrthogonalRecipe : SecondMomentRecipe
{
    /// <summary>What of the momentum stays.</summary>
    public float Momentum { get; init; } = 0.95f;

    /// <summary>The gradient is added once more to the momentum that is orthogonalised.</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>Of Newton–Schulz.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>Of the iterations' polynomials: jordan, polar_express or cubic.</summary>
    public string Coefficients { get; init; } = "jordan";

    /// <summary>AdamW's β₁.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>AdamW's β₂.</summary>
    public override float Beta2 { get; init; } = 0.95f;

    /// <summary>AdamW's ε.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>What an orthogonal matrix is multiplied by, beside the learning rate.</summary>
    internal abstract float Scale(int rows, int columns);

    /// <summary>AdamW's learning rate as a multiple of the matrices'.</summary>
    internal abstract float RestFactor { get; }

    public override IOptimizer Create(Recipe recipe, ParameterStore store) => new Muon(this, recipe, store);

    public override long StateBytes(Recipe recipe, ParameterStore store) => Muon.StateBytes(recipe, store);

    public override void Validate()
    {
        base.Validate();
        CheckBeta("momentum", Momentum);
        CheckBeta("beta1", Beta1);
        CheckEpsilon(Epsilon);
        if (Iterations is < 1 or > 30)
            throw new ConfigException($"optimizer.iterations {Iterations} does not lie between 1 and 30; 5 is usual.");
        _ = Orthogonalization.Of(Coefficients, Iterations);
    }
}

/// <summary>The constants of Muon as it was published; the learning rate is the matrices'.</summary>
public sealed record MuonRecipe : OrthogonalRecipe
{
    public MuonRecipe() => (LearningRate, WeightDecay) = (0.02f, 0);

    public override string Type => "muon";

    /// <summary>The highest learning rate of embeddings, heads, norms and biases.</summary>
    public float AdamwLearningRate { get; init; } = 1e-3f;

    /// <summary>Every output of a layer then changes by about the same, however many inputs it has.</summary>
    internal override float Scale(int rows, int columns) => MathF.Sqrt(Math.Max(1, (float)rows / columns));

    /// <summary>The scale does it already.</summary>
    public override float MatrixWidthPower => 0;

    internal override float RestFactor => AdamwLearningRate / LearningRate;

    public override void Validate()
    {
        base.Validate();
        if (!(AdamwLearningRate > 0 && float.IsFinite(AdamwLearningRate)))
            throw new ConfigException($"optimizer.adamw_learning_rate {AdamwLearningRate} is not above 0; 1e-3 is a good start.");
    }
}

/// <summary>The constants of D-Muon: one learning rate and one decay for all parameters.</summary>
public sealed record DMuonRecipe : OrthogonalRecipe
{
    public override string Type => "d_muon";

    /// <summary>
    /// The root mean square of an orthogonal matrix is 1/√max(rows, columns); with this it is 0.2, as AdamW's updates have it.
    /// </summary>
    internal override float Scale(int rows, int columns) => 0.2f * MathF.Sqrt(Math.Max(rows, columns));

    /// <summary>The scale grows with the root of the width.</summary>
    public override float MatrixWidthPower => 0.5f;

    internal override float RestFactor => 1;
}
