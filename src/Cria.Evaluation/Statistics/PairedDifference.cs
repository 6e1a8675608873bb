namespace Cria.Evaluation.Statistics;

/// <summary>
/// What pairs of measurements say of the difference of their means: Student's interval over pairs, tests that assume no
/// distribution, and what so many pairs of such a spread could have shown at all.
/// </summary>
public sealed record PairedDifference
{
    public const double DefaultConfidence = 0.95, DefaultPower = 0.8;

    PairedDifference(IReadOnlyList<double> differences) => Differences = differences;

    /// <summary>One a pair, in the order of the pairs.</summary>
    public IReadOnlyList<double> Differences { get; }

    public int Pairs => Differences.Count;

    public double Mean { get; private init; }

    public double Median { get; private init; }

    /// <summary>Of the differences; NaN for a single pair, as everything that follows from it.</summary>
    public double Deviation { get; private init; }

    public double StandardError => Deviation / Math.Sqrt(Pairs);

    public double Confidence { get; private init; }

    public double Low { get; private init; }

    public double High { get; private init; }

    /// <summary>Two-sided, of the t-test.</summary>
    public double PValue { get; private init; }

    /// <summary>Two-sided and exact.</summary>
    public double SignedRankPValue { get; private init; }

    /// <summary>Two-sided and exact.</summary>
    public double SignPValue { get; private init; }

    /// <summary>The true difference that so many pairs of this spread would find with a chance of
    /// <see cref="DefaultPower"/>.</summary>
    public double SmallestDetectable => Pairs > 1
        ? StandardError * StudentT.DetectableShift(DefaultPower, Pairs - 1, 1 - Confidence)
        : double.NaN;

    /// <summary>Whether the interval leaves 0 out.</summary>
    public bool IsResolved => Low > 0 || High < 0;

    /// <param name="differences">At least one.</param>
    /// <param name="confidence">Of the interval, between 0 and 1.</param>
    public static PairedDifference Of(IReadOnlyList<double> differences, double confidence = DefaultConfidence)
    {
        if (differences.Count == 0)
            throw new ArgumentException("no pairs", nameof(differences));
        double mean = Sample.Mean(differences), deviation = Sample.Deviation(differences);
        double error = deviation / Math.Sqrt(differences.Count);
        int freedom = differences.Count - 1;
        bool isSpread = deviation > 0;
        double reach = freedom > 0 ? error * StudentT.Quantile(0.5 + confidence / 2, freedom) : double.NaN;
        return new(differences)
        {
            Mean = mean,
            Median = Sample.Median(differences),
            Deviation = deviation,
            Confidence = confidence,
            Low = mean - reach,
            High = mean + reach,
            PValue = freedom == 0 ? double.NaN : isSpread ? StudentT.TwoSided(mean / error, freedom) : mean == 0 ? 1 : 0,
            SignedRankPValue = ExactPValue.SignedRank(differences),
            SignPValue = ExactPValue.Sign(differences),
        };
    }
}
