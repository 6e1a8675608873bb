namespace Cria.Evaluation.NGram;

/// <summary>What modified Kneser–Ney takes from a count of one, of two, and of three or more (Chen and Goodman 1998,
/// equation 26). One instance for each order, estimated from how many n-grams of that order have each count.</summary>
readonly record struct Discounts(double One, double Two, double ThreeOrMore)
{
    /// <summary>Used where the estimate does not exist: a corpus so small, or a vocabulary so closed, that some
    /// count never occurs. Half of each count's lowest step, the usual choice.</summary>
    public static readonly Discounts Fallback = new(0.5, 1.0, 1.5);

    /// <summary>Estimates the discounts from the counts of all n-grams of one order; zeros are not n-grams.</summary>
    public static Discounts From(ReadOnlySpan<int> counts)
    {
        long n1 = 0, n2 = 0, n3 = 0, n4 = 0;
        foreach (int count in counts)
        {
            switch (count)
            {
                case 1: n1++; break;
                case 2: n2++; break;
                case 3: n3++; break;
                case 4: n4++; break;
            }
        }

        if (n1 == 0 || n2 == 0 || n3 == 0 || n4 == 0)
            return Fallback;

        double y = (double)n1 / (n1 + (2 * n2));
        var estimate = new Discounts(1 - (2 * y * n2 / n1), 2 - (3 * y * n3 / n2), 3 - (4 * y * n4 / n3));
        return estimate.IsProper ? estimate : Fallback;
    }

    /// <summary>What is taken from <paramref name="count"/>; nothing from a count of zero.</summary>
    public double Of(int count) => count switch { 0 => 0, 1 => One, 2 => Two, _ => ThreeOrMore };

    // Odd counts of counts can push an estimate outside the count it is taken from; a probability would turn negative,
    // or no mass would be left for what was never seen.
    bool IsProper => One is > 0 and <= 1 && Two is > 0 and <= 2 && ThreeOrMore is > 0 and <= 3;
}
