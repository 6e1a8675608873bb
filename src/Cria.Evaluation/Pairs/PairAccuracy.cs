namespace Cria.Evaluation.Pairs;

/// <summary>How often the good text was the likelier one, over the pairs of one phenomenon, group or the whole set.
/// </summary>
/// <param name="Name">The phenomenon or group.</param>
/// <param name="Group">The group of a phenomenon; its own name for a group.</param>
/// <param name="Count">The pairs.</param>
/// <param name="Correct">The pairs won; a tie is half a pair, which is what guessing would make of it.</param>
public sealed record PairAccuracy(string Name, string Group, int Count, double Correct)
{
    /// <summary>Between 0 and 1; NaN without pairs. Chance is 0.5.</summary>
    public double Accuracy => Correct / Count;

    /// <summary>The binomial standard error of the accuracy, √(p(1 − p) / n).</summary>
    public double StandardError => Math.Sqrt(Accuracy * (1 - Accuracy) / Count);
}

/// <summary>A scorer's verdicts on a set of minimal pairs.</summary>
/// <param name="Scorer">The scorer's name.</param>
/// <param name="Phenomena">In the order in which they first appear among the pairs.</param>
/// <param name="Groups">In the order in which they first appear; over all pairs of the group.</param>
/// <param name="Overall">Over all pairs.</param>
public sealed record MinimalPairResult(
    string Scorer, IReadOnlyList<PairAccuracy> Phenomena, IReadOnlyList<PairAccuracy> Groups, PairAccuracy Overall)
{
    /// <summary>The mean of the phenomena's accuracies: a phenomenon with many pairs weighs no more than one with few.
    /// </summary>
    public double MacroAccuracy => Phenomena.Sum(p => p.Accuracy) / Phenomena.Count;

    /// <summary>The standard error of <see cref="MacroAccuracy"/>, the phenomena being independent.</summary>
    public double MacroStandardError =>
        Math.Sqrt(Phenomena.Sum(p => p.StandardError * p.StandardError)) / Phenomena.Count;
}
