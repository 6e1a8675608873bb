using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Optimizers;

/// <summary>The constants of <see cref="Soap"/>, with the defaults of its authors' program, but for the largest dimension.</summary>
public sealed record SoapRecipe : SecondMomentRecipe
{
    public SoapRecipe() => LearningRate = 3e-3f;

    public override string Type => "soap";

    public float Beta1 { get; init; } = 0.95f;

    /// <summary>Also of the matrices whose eigenvectors the bases are.</summary>
    public override float Beta2 { get; init; } = 0.95f;

    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Updates between two refreshes of the bases.</summary>
    public int Frequency { get; init; } = 10;

    /// <summary>
    /// A side of a matrix that is longer is not turned, so that a vocabulary's is not. The authors have 10000; an n × n basis takes
    /// n³ operations in double at the start and at every refresh, which a processor's cores take minutes for long before that.
    /// </summary>
    public int MaxDimension { get; init; } = 1024;

    public override IOptimizer Create(Recipe recipe, ParameterStore store) => new Soap(this, recipe, store);

    public override long StateBytes(Recipe recipe, ParameterStore store) => Soap.StateBytes(this, recipe, store);

    public override void Demand(Recipe recipe, ParameterStore store, ScratchDemand demand) => Soap.Demand(this, recipe, store, demand);

    public override void Validate()
    {
        base.Validate();
        CheckBeta("beta1", Beta1);
        CheckEpsilon(Epsilon);
        if (Frequency < 1)
            throw new ConfigException($"optimizer.frequency {Frequency} is less than 1; 10 is usual.");
        if (MaxDimension < 1)
            throw new ConfigException($"optimizer.max_dimension {MaxDimension} is less than 1; a matrix turned on neither side is AdamW's.");
    }
}
