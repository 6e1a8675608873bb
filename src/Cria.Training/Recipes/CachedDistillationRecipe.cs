using Cria.Engine.Graphs.Ops;
using Cria.Models;
using Cria.Models.Losses;

namespace Cria.Training.Recipes;

/// <summary>Cross-entropy with the next token, and the divergence from what teachers said beforehand. <see cref="CachedDistillationLoss"/></summary>
public sealed record CachedDistillationRecipe : LossRecipe
{
    public override string Type => "cached_distillation";

    /// <summary>A file that <c>cria teach</c> wrote, of the windows of the training text. It says the temperature.</summary>
    public string Targets { get; init; } = "";

    /// <inheritdoc cref="DistillationOptions.Alpha"/>
    public float Alpha { get; init; } = new DistillationOptions().Alpha;

    /// <inheritdoc cref="DistillationOptions.Reduction"/>
    public DivergenceReduction Reduction { get; init; } = new DistillationOptions().Reduction;

    public override string? TaughtPath => Targets;

    public override ITrainingLoss Create(IReadOnlyList<ILanguageModel> teachers, ITaughtSamples? taught = null) =>
        new CachedDistillationLoss(taught ?? throw new ConfigException("loss.targets is not opened."), Alpha, Reduction);

    public override void Validate()
    {
        if (Targets.Length == 0)
            throw new ConfigException("loss.targets is empty; name the file that `cria teach` wrote of the teachers' predictions.");
        DistillationLoss.Check(new(Alpha));
    }
}
