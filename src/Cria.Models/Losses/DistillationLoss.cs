using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;

namespace Cria.Models.Losses;

/// <summary>Over what the teachers' part of a distillation loss is a mean; the next token's part is one over tokens either way.</summary>
public enum DivergenceReduction
{
    /// <summary>Over tokens.</summary>
    Tokens,

    /// <summary>Over sequences, summed within each: T times as much. BabyLlama's, where T is 128.</summary>
    Sequences,
}

/// <summary>What of a distillation loss can be chosen.</summary>
/// <param name="Alpha">The share of the next token's cross-entropy; the rest is the teachers'.</param>
/// <param name="Temperature">Divides the logits of both sides before the softmax of the teachers' part.</param>
/// <param name="Mean">How several teachers become one.</param>
/// <param name="Reduction">Over what the divergence is a mean.</param>
public sealed record DistillationOptions(float Alpha = 0.5f, float Temperature = 1, EnsembleMean Mean = EnsembleMean.Logits,
    DivergenceReduction Reduction = DivergenceReduction.Tokens);

/// <summary>
/// α · CE(next token) + (1 − α) · T² · KL(teachers ‖ student), both sides of the divergence at temperature T. T² keeps the size
/// of its gradient. Hinton et al. 2015; with several teachers Timiryasov and Tastet 2023, "Baby Llama".
/// </summary>
/// <remarks>Teachers see the same tokens and never drop out. They need no memory for gradients.</remarks>
public sealed class DistillationLoss : ITrainingLoss
{
    readonly DistillationOptions _options;

    /// <param name="teachers">At least one; kept by the caller, and frozen here.</param>
    /// <param name="options">How much they count.</param>
    /// <exception cref="ConfigException">A number is out of its range, or there is no teacher.</exception>
    public DistillationLoss(IReadOnlyList<ILanguageModel> teachers, DistillationOptions options)
    {
        Check(options);
        if (teachers.Count == 0)
            throw new ConfigException("distillation needs a teacher, and none is named; name one or more trained models.");
        (Teachers, _options) = (teachers, options);
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
    }

    public VocabularyLoss Record(Graph g, Sequence s, ILanguageModel model, Value targets, Value weights)
    {
        foreach (var teacher in Teachers)
            Check(teacher, model, s.MaxLength);
        var undropped = s.WithoutDropout();
        // Teachers first: while they run, nothing of the student waits for backward.
        Prediction[] taught = [.. Teachers.Select(teacher => teacher.Predict(g, undropped))];
        float divergence = (1 - _options.Alpha) * _options.Temperature * _options.Temperature
            * (_options.Reduction == DivergenceReduction.Sequences ? s.MaxLength : 1);
        var head = new DistillationHead(model.Predict(g, s), taught, _options.Mean, targets, weights,
            new(_options.Alpha, divergence, _options.Temperature));
        g.Record(head);
        return head;
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
