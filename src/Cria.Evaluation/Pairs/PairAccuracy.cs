namespace Cria.Evaluation.Pairs;

/// <summary>How often the good text was the likelier one, over the pairs of one phenomenon, group or the whole set.
/// </summary>
/// <param name="Name">The phenomenon or group.</param>
/// <param name="Group">The group of a phenomenon; its own name for a group.</param>
/// <param name="Count">The pairs.</param>
/// <param name="Correct">The pairs won; a tie is half a pair, which is what guessing would make of it.</param>
/// <param name="Ties">The pairs whose texts were exactly as likely.</param>
public sealed record PairAccuracy(string Name, string Group, int Count, double Correct, int Ties = 0)
{
    /// <summary>Between 0 and 1; NaN without pairs. Chance is 0.5.</summary>
    public double Accuracy => Correct / Count;

    /// <summary>The same with ties lost.</summary>
    public double StrictAccuracy => (Correct - Ties / 2.0) / Count;

    /// <summary>The binomial standard error of the accuracy, √(p(1 − p) / n).</summary>
    public double StandardError => Math.Sqrt(Accuracy * (1 - Accuracy) / Count);
}
