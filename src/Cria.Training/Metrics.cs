namespace Cria.Training;

/// <summary>One optimizer step.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Loss">Nats a token, over the whole step.</param>
/// <param name="LearningRate">As used in this step.</param>
/// <param name="GradientNorm">Before clipping; not finite means that the step was skipped.</param>
/// <param name="Tokens">Tokens trained on since the beginning.</param>
/// <param name="Seconds">Wall time of this step.</param>
public sealed record StepMetrics(int Step, double Loss, float LearningRate, float GradientNorm, long Tokens, double Seconds);

/// <summary>The loss on validation text after a step.</summary>
/// <param name="Nats">Summed over the tokens.</param>
/// <param name="Bytes">UTF-8 bytes of the text those tokens stand for; 0 where only a part was evaluated.</param>
public sealed record EvaluationMetrics(int Step, double Nats, long Tokens, long Bytes)
{
    public double Loss => Nats / Tokens;

    public double BitsPerByte => Nats / Math.Log(2) / Bytes;
}

/// <summary>Looks on while a run trains: logs, shows, samples. It never changes the arithmetic.</summary>
public interface IObserver
{
    void Stepped(StepMetrics metrics);

    void Evaluated(EvaluationMetrics metrics);

    void Saved(string folder, int step);
}
