using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;

namespace Cria.Models.Losses;

/// <summary>Over what the teachers' part of a distillation loss is a mean; the next token's part is one over tokens either way.</summary>
public enum DivergenceReduction
{
    /// <summary>Over tokens.</summary>
    Tokens,

    /// <summary>Over sequences, summed within each: T times as much. BabyLlama's, which calls it batchmean, where T is 128.</summary>
    Sequences,
}

/// <summary>What of a distillation loss can be chosen.</summary>
/// <param name="Alpha">The share of the next token's cross-entropy; the rest is the teachers'.</param>
/// <param name="Temperature">Divides the logits of both sides before the softmax of the teachers' part.</param>
/// <param name="Mean">How several teachers become one.</param>
/// <param name="Reduction">Over what the divergence is a mean.</param>
/// <param name="Weights">What each teacher counts in their mean, of which only the proportions matter; null weighs all alike.</param>
public sealed record DistillationOptions(float Alpha = 0.5f, float Temperature = 1, EnsembleMean Mean = EnsembleMean.Logits,
    DivergenceReduction Reduction = DivergenceReduction.Tokens, IReadOnlyList<float>? Weights = null)
{
    /// <summary>What the divergence of a token is multiplied by in the loss: (1 − α) · T², times the sequence's length where it is summed
    /// over sequences.</summary>
    /// <param name="length">Tokens of a sequence.</param>
    public float DivergenceFactor(int length) =>
        (1 - Alpha) * Temperature * Temperature * (Reduction == DivergenceReduction.Sequences ? length : 1);
}

/// <summary>
/// α · CE(next token) + (1 − α) · T² · KL(teachers ‖ student), both sides of the divergence at temperature T. T² keeps the size
/// of its gradient. Hinton et al. 2015; with several teachers Timiryasov and Tastet 2023, "Baby Llama".
/// </summary>
/// <remarks>Teachers see the same tokens and never drop out. They need no memory for gradients.</remarks>
public sealed class DistillationLoss : ITrainingLoss
{
    readonly DistillationOptions _options;
    readonly float[]? _shares;

    /// <param name="teachers">At least one; kept by the caller, and frozen here.</param>
    /// <param name="options">How much they count.</param>
    /// <exception cref="ConfigException">A number is out of its range, or there is no teacher.</exception>
    public DistillationLoss(IReadOnlyList<ILanguageModel> teachers, DistillationOptions options)
    {
        Check(options);
        if (teachers.Count == 0)
            throw new ConfigException("distillation needs a teacher, and none is named; name one or more trained models.");
        Check(options, teachers.Count);
        (Teachers, _options, _shares) = (teachers, options, Shares(options.Weights));
        foreach (var teacher in teachers)
            foreach (var parameter in teacher.Parameters.Parameters)
                parameter.Trainable = false;
    }

    public IReadOnlyList<ILanguageModel> Teachers { get; }

    /// <exception cref="ConfigException">A number is out of its range.</exception>
    public static void Check(DistillationOptions options)
    {
        if (!(options.Alpha >= 0 && options.Alpha <= 1))
            throw new ConfigException($"loss.alpha {options.Alpha} is not a share; 0 listens to the teachers alone, 1 to the text alone, " +
                "0.5 is usual.");
        if (!(options.Temperature > 0 && float.IsFinite(options.Temperature)))
            throw new ConfigException($"loss.temperature {options.Temperature} is not above 0; 1 and 2 are usual.");
        foreach (float weight in options.Weights ?? [])
            if (!(weight > 0 && float.IsFinite(weight)))
                throw new ConfigException($"loss.weights has a {weight}, which is not above 0; leave that teacher out.");
    }

    /// <exception cref="ConfigException">There are weights, and not one for each teacher.</exception>
    public static void Check(DistillationOptions options, int teachers)
    {
        if (options.Weights is { } weights && weights.Count != teachers)
            throw new ConfigException($"loss.weights has {weights.Count} numbers and {teachers} teachers are named; give one to each, or leave " +
                "loss.weights out, and all count alike.");
    }

    public VocabularyLoss Record(Graph g, Sequence s, ILanguageModel model, Value targets, Value weights)
    {
        foreach (var teacher in Teachers)
            Check(teacher, model, s.MaxLength);
        var undropped = s.WithoutDropout();
        // Teachers first: while they run, nothing of the student waits for backward.
        Prediction[] taught = [.. Teachers.Select(teacher => teacher.Predict(g, undropped))];
        var head = new DistillationHead(model.Predict(g, s), taught, _options.Mean, targets, weights,
            new(_options.Alpha, _options.DivergenceFactor(s.MaxLength), _options.Temperature), _shares);
        g.Record(head);
        return head;
    }

    // Equal weights are none: their mean is a sum, and needs no room for one teacher's logits.
    static float[]? Shares(IReadOnlyList<float>? weights)
    {
        if (weights is null || weights.All(weight => weight == weights[0]))
            return null;
        double sum = weights.Sum(weight => (double)weight);
        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    static void Check(ILanguageModel teacher, ILanguageModel student, int length)
    {
        if (teacher.Config.VocabSize != student.Config.VocabSize)
            throw new ConfigException($"a teacher has a vocabulary of {teacher.Config.VocabSize} tokens and its student one of " +
                $"{student.Config.VocabSize}; they must share one tokenizer.");
        if (teacher.Config.MaxPositionEmbeddings < length)
            throw new ConfigException($"a teacher's context is {teacher.Config.MaxPositionEmbeddings} tokens and sequences have " +
                $"{length}; use a sequence length of {teacher.Config.MaxPositionEmbeddings} or less.");
    }
}
