namespace Cria.Evaluation.Pairs;

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

    /// <summary>The same with ties lost.</summary>
    public double MacroStrictAccuracy => Phenomena.Sum(p => p.StrictAccuracy) / Phenomena.Count;

    /// <summary>The standard error of <see cref="MacroAccuracy"/>, the phenomena being independent and all that there are:
    /// √(Σ SE²) / m.</summary>
    public double MacroStandardError =>
        Math.Sqrt(Phenomena.Sum(p => p.StandardError * p.StandardError)) / Phenomena.Count;

    /// <summary>The standard error of <see cref="MacroAccuracy"/> were the phenomena themselves drawn from many: s / √m with the
    /// standard deviation s of their accuracies. NaN of one.</summary>
    public double SpreadStandardError
    {
        get
        {
            double mean = MacroAccuracy, squares = Phenomena.Sum(p => (p.Accuracy - mean) * (p.Accuracy - mean));
            return Math.Sqrt(squares / (Phenomena.Count - 1) / Phenomena.Count);
        }
    }

    /// <summary>The mean of the groups' accuracies.</summary>
    public double GroupAccuracy => Groups.Sum(g => g.Accuracy) / Groups.Count;
}
