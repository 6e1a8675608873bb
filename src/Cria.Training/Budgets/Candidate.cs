namespace Cria.Training.Budgets;

/// <summary>A model with what a budget buys it.</summary>
/// <param name="Shape">The model, and the tokens computed at once.</param>
/// <param name="TokensPerStep">Of an optimizer step.</param>
/// <param name="SecondsPerStep">Of these tokens.</param>
/// <param name="IsMeasured">Whether that was measured, or is the cost model's word.</param>
/// <param name="Steps">Optimizer steps.</param>
/// <param name="Epochs">How often all text is seen.</param>
/// <param name="BitsPerByte">Predicted, on text of the same kind.</param>
public sealed record Candidate(
    StepShape Shape, int TokensPerStep, double SecondsPerStep, bool IsMeasured, int Steps, double Epochs, double BitsPerByte)
{
    /// <summary>Whether it ends because its text is exhausted, with time left.</summary>
    public bool IsOutOfText => Epochs >= 0.98 * EffectiveData.MostEpochs;

    public long Tokens => (long)Steps * TokensPerStep;

    public double TokensPerParameter => (double)Tokens / Shape.Parameters;

    public double TokensPerSecond => TokensPerStep / SecondsPerStep;

    /// <summary>Seconds of all steps.</summary>
    public double Seconds => Steps * SecondsPerStep;
}
