using Cria.Engine.Graphs.Ops;
using Cria.Models;
using Cria.Models.Losses;

namespace Cria.Training.Recipes;

/// <summary>What training makes small; each kind has a record of its own beneath this one. Evaluations measure the cross-entropy with the
/// next token whatever it is, and beside it what <see cref="OnHeldOut"/> says.</summary>
public abstract record LossRecipe
{
    /// <summary>Its name in recipes: <c>cross_entropy</c>.</summary>
    public abstract string Type { get; }

    /// <summary>loss.type → the record that holds its numbers.</summary>
    public static IReadOnlyDictionary<string, Type> Types { get; } = new Dictionary<string, Type>
    {
        ["cross_entropy"] = typeof(CrossEntropyRecipe),
        ["distillation"] = typeof(DistillationRecipe),
        ["cached_distillation"] = typeof(CachedDistillationRecipe),
    };

    /// <summary>The checkpoints of the models that take part besides the one that learns.</summary>
    public virtual IReadOnlyList<string> TeacherPaths => [];

    /// <summary>The file of what teachers said beforehand; null where they are not cached.</summary>
    public virtual string? TaughtPath => null;

    /// <summary>Makes the loss.</summary>
    /// <param name="teachers">What stands at <see cref="TeacherPaths"/>, in their order.</param>
    /// <param name="taught">What stands at <see cref="TaughtPath"/>.</param>
    public abstract ITrainingLoss Create(IReadOnlyList<ILanguageModel> teachers, ITaughtSamples? taught = null);

    /// <summary>Whether evaluations measure it too, beside the cross-entropy: whether its teachers can be asked about any text.</summary>
    public virtual bool IsEvaluated => false;

    /// <summary>What evaluations measure beside the cross-entropy; null where that is all.</summary>
    /// <inheritdoc cref="Create"/>
    public ITrainingLoss? OnHeldOut(IReadOnlyList<ILanguageModel> teachers) => IsEvaluated ? Create(teachers) : null;

    /// <summary>The ranges of its values.</summary>
    /// <exception cref="ConfigException">A value is out of its range; the message names it and the remedy.</exception>
    public abstract void Validate();
}

/// <summary>Cross-entropy with the next token of the text.</summary>
public sealed record CrossEntropyRecipe : LossRecipe
{
    public override string Type => "cross_entropy";

    /// <summary>The share of the target that goes to all tokens alike; 0.1 is usual where it is used.</summary>
    public float LabelSmoothing { get; init; }

    public override ITrainingLoss Create(IReadOnlyList<ILanguageModel> teachers, ITaughtSamples? taught = null) =>
        new NextTokenLoss(LabelSmoothing);

    public override void Validate()
    {
        if (!(LabelSmoothing >= 0 && LabelSmoothing < 1))
            throw new ConfigException($"loss.label_smoothing {LabelSmoothing} does not lie in [0, 1); 0.1 is usual, and 0 leaves it out.");
    }
}

/// <summary>Cross-entropy with the next token, and the divergence from what trained models say. <see cref="DistillationLoss"/></summary>
public sealed record DistillationRecipe : LossRecipe
{
    public override string Type => "distillation";

    /// <summary>Trained models of one tokenizer, which becomes the student's: run folders or checkpoints of any format that is
    /// read.</summary>
    public string[] Teachers { get; init; } = [];

    /// <summary>What each teacher counts in their mean, in their order, such as 2, 1; none weighs all alike.</summary>
    public float[] Weights { get; init; } = [];

    /// <inheritdoc cref="DistillationOptions.Alpha"/>
    public float Alpha { get; init; } = new DistillationOptions().Alpha;

    /// <inheritdoc cref="DistillationOptions.Temperature"/>
    public float Temperature { get; init; } = new DistillationOptions().Temperature;

    /// <inheritdoc cref="DistillationOptions.Mean"/>
    public EnsembleMean Average { get; init; } = new DistillationOptions().Mean;

    /// <inheritdoc cref="DistillationOptions.Reduction"/>
    public DivergenceReduction Reduction { get; init; } = new DistillationOptions().Reduction;

    public override IReadOnlyList<string> TeacherPaths => Teachers;

    DistillationOptions Options => new(Alpha, Temperature, Average, Reduction, Weights.Length == 0 ? null : Weights);

    public override ITrainingLoss Create(IReadOnlyList<ILanguageModel> teachers, ITaughtSamples? taught = null) =>
        new DistillationLoss(teachers, Options);

    public override bool IsEvaluated => true;

    public override void Validate()
    {
        if (Teachers.Length == 0)
            throw new ConfigException("loss.teachers is empty; name the run folders or checkpoints of one or more trained models.");
        DistillationLoss.Check(Options);
        DistillationLoss.Check(Options, Teachers.Length);
    }
}
