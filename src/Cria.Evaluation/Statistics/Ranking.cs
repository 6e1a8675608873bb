namespace Cria.Evaluation.Statistics;

/// <summary>
/// Arms in the order of their means, lower is better, with the places that each may hold: better than an arm is only what is better
/// by a test whose level is shared out among all pairs of arms (Holm 1979). Such places hold together with the chosen confidence.
/// </summary>
public sealed record Ranking
{
    Ranking(IReadOnlyList<RankedArm> arms, IReadOnlyList<PairOfArms> pairs) => (Arms, Pairs) = (arms, pairs);

    /// <summary>The best first.</summary>
    public IReadOnlyList<RankedArm> Arms { get; }

    /// <summary>Every two arms once.</summary>
    public IReadOnlyList<PairOfArms> Pairs { get; }

    /// <summary>The spread of one run about what its arm and its seed explain.</summary>
    public double Deviation { get; private init; }

    /// <summary>Degrees of freedom of <see cref="Deviation"/>.</summary>
    public int Freedom { get; private init; }

    /// <summary>Half the width of an arm's own interval.</summary>
    public double Reach { get; private init; }

    /// <summary>
    /// Arms that all ran with the same seeds: a randomised block design, where what a seed does to all arms is taken out
    /// (Fisher 1935). The spread is pooled over arms, which a few seeds an arm could not tell alone.
    /// </summary>
    /// <param name="losses">By arm, in the same order of seeds; two arms and two seeds at least.</param>
    /// <param name="confidence">Of the ranks together, and of each arm's interval.</param>
    public static Ranking Of(IReadOnlyList<IReadOnlyList<double>> losses, double confidence = PairedDifference.DefaultConfidence)
    {
        int arms = losses.Count, seeds = arms == 0 ? 0 : losses[0].Count;
        if (arms < 2 || seeds < 2 || losses.Any(row => row.Count != seeds))
            throw new ArgumentException("expected two arms or more, with the same two seeds or more each", nameof(losses));
        double[] means = [.. losses.Select(Sample.Mean)];
        double[] seedMeans = [.. Enumerable.Range(0, seeds).Select(seed => losses.Average(row => row[seed]))];
        double grand = means.Average(), squares = 0;
        for (int arm = 0; arm < arms; arm++)
            for (int seed = 0; seed < seeds; seed++)
            {
                double residual = losses[arm][seed] - means[arm] - seedMeans[seed] + grand;
                squares += residual * residual;
            }
        int freedom = (arms - 1) * (seeds - 1);
        double deviation = Math.Sqrt(squares / freedom);
        var pairs = Compare(means, deviation * Math.Sqrt(2.0 / seeds), freedom);
        double level = 1 - confidence;
        RankedArm[] ranked = [.. Enumerable.Range(0, arms).OrderBy(arm => means[arm]).Select(arm => new RankedArm(arm, means[arm],
            1 + pairs.Count(pair => pair.Worse == arm && pair.AdjustedPValue < level),
            arms - pairs.Count(pair => pair.Better == arm && pair.AdjustedPValue < level)))];
        double reach = StudentT.Quantile(0.5 + confidence / 2, freedom) * deviation / Math.Sqrt(seeds);
        return new(ranked, pairs) { Deviation = deviation, Freedom = freedom, Reach = reach };
    }

    static List<PairOfArms> Compare(double[] means, double error, int freedom)
    {
        var pairs = new List<PairOfArms>();
        for (int a = 0; a < means.Length; a++)
            for (int b = a + 1; b < means.Length; b++)
            {
                double difference = Math.Abs(means[a] - means[b]);
                double p = error > 0 ? StudentT.TwoSided(difference / error, freedom) : difference == 0 ? 1 : 0;
                pairs.Add(means[a] <= means[b] ? new(a, b, difference, p, 1) : new(b, a, difference, p, 1));
            }
        return Holm(pairs);
    }

    // The smallest p-value times the number of pairs, the next times one less, and never below one before it.
    static List<PairOfArms> Holm(List<PairOfArms> pairs)
    {
        double floor = 0;
        var adjusted = pairs.OrderBy(pair => pair.PValue).ToList();
        for (int i = 0; i < adjusted.Count; i++)
        {
            floor = Math.Max(floor, Math.Min(1, adjusted[i].PValue * (adjusted.Count - i)));
            adjusted[i] = adjusted[i] with { AdjustedPValue = floor };
        }
        return adjusted;
    }
}

/// <param name="Arm">Its number in what was given.</param>
/// <param name="BestPlace">1 more than the arms that are better beyond doubt.</param>
/// <param name="WorstPlace">The number of arms less those that are worse beyond doubt.</param>
public sealed record RankedArm(int Arm, double Mean, int BestPlace, int WorstPlace);

/// <summary>Two arms: how far apart their means are, and the chance of that much if they were equal.</summary>
/// <param name="Better">The arm of the lower mean.</param>
/// <param name="AdjustedPValue">After Holm.</param>
public sealed record PairOfArms(int Better, int Worse, double Difference, double PValue, double AdjustedPValue);
