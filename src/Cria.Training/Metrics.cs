using Cria.Training.Observation;

namespace Cria.Training;

/// <summary>One optimizer step.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Loss">Nats a token, over the whole step.</param>
/// <param name="LearningRate">As used in this step.</param>
/// <param name="GradientNorm">Before clipping; not finite means that the step was skipped.</param>
/// <param name="Tokens">Tokens trained on since the beginning.</param>
/// <param name="Seconds">Wall time of this step.</param>
public sealed record StepMetrics(int Step, double Loss, float LearningRate, float GradientNorm, long Tokens, double Seconds)
{
    /// <summary>What the loss was made of; null where that is the cross-entropy alone.</summary>
    public LossParts? Parts { get; init; }

    /// <summary>What all gradients were multiplied by: 1 as they were, less where they were clipped, 0 where the step is skipped.</summary>
    public float ClipFactor { get; init; } = 1;

    /// <summary>
    /// In steps in which the optimizer estimated the curvature, the share of the weights that it left unclipped; else NaN.
    /// </summary>
    public float WinRate { get; init; } = float.NaN;

    /// <summary>Where the step's seconds went.</summary>
    public StepPhases Phases { get; init; }

    /// <summary>The norms of every group of parameters; empty but in the steps in which they are taken.</summary>
    public IReadOnlyList<GroupNorms> Norms { get; init; } = [];
}

/// <summary>
/// Where the time went, in seconds. What is left of <see cref="StepMetrics.Seconds"/> after the first four is the loop's own;
/// the others lie between this step and the one before.
/// </summary>
/// <param name="Data">Reading samples, and copying them to the device.</param>
/// <param name="Pass">Forward and backward of all micro-batches.</param>
/// <param name="Optimizer">Clipping and the update.</param>
/// <param name="Norms">Taking <see cref="StepMetrics.Norms"/>.</param>
/// <param name="Observers">Metrics and whoever looks on.</param>
/// <param name="Evaluation">The loss on the validation set.</param>
/// <param name="Checkpoint">For which training stood still.</param>
public readonly record struct StepPhases(
    float Data, float Pass, float Optimizer, float Norms, float Observers, float Evaluation, float Checkpoint);

/// <summary>The loss on validation text after a step.</summary>
/// <param name="Nats">Summed over the tokens.</param>
/// <param name="Bytes">UTF-8 bytes of the text those tokens stand for; 0 where only a part was evaluated.</param>
public sealed record EvaluationMetrics(int Step, double Nats, long Tokens, long Bytes)
{
    /// <summary>The name of the weights that are evaluated in place of those in training, such as <c>ema</c>; empty for these.</summary>
    public string Weights { get; init; } = "";

    /// <summary>Cross-entropy with the next token, in nats a token, whatever training makes small.</summary>
    public double Loss => Nats / Tokens;

    /// <summary>The loss of the training in nats a token, the teachers' part included; null where nobody is listened to.</summary>
    public double? DistillationLoss { get; init; }

    /// <summary>KL(teachers ‖ student) at the loss's temperature, in nats a token; null where nobody is listened to.</summary>
    public double? Divergence { get; init; }

    public double BitsPerByte => Nats / Math.Log(2) / Bytes;
}

/// <summary>Looks on while a run trains: logs, shows, samples. It never changes the arithmetic.</summary>
public interface IObserver
{
    /// <summary>A process begins to train this run, or to continue it.</summary>
    void Started(SessionFacts session)
    {
    }

    void Stepped(StepMetrics metrics);

    /// <summary>Called while the model has the weights that were evaluated; they may be read.</summary>
    void Evaluated(EvaluationMetrics metrics);

    void Saved(string folder, int step);

    /// <summary>Something that is not a step: a skip, a spike, a roll-back, a new plan.</summary>
    void Happened(TrainingEvent happening)
    {
    }

    /// <summary>The model wrote a text in the middle of its training.</summary>
    void Sampled(TextSample sample)
    {
    }
}
