namespace Cria.Evaluation.Statistics;

/// <summary>P-values of tests of paired differences that assume no distribution: exact, two-sided.</summary>
public static class ExactPValue
{
    /// <summary>More pairs would take minutes; seeds are few.</summary>
    public const int MostPairs = 500;

    /// <summary>
    /// Wilcoxon's signed-rank test (1945): the chance, if signs were tossed, of rank sums as far apart as these. Differences of 0
    /// are left out; equal ones share the mean of their ranks, and the distribution is the exact one of those shared ranks.
    /// </summary>
    /// <returns>1 where nothing differs.</returns>
    public static double SignedRank(IReadOnlyList<double> differences)
    {
        double[] left = [.. differences.Where(d => d != 0)];
        Check(left);
        Array.Sort(left, (a, b) => Math.Abs(a).CompareTo(Math.Abs(b)));
        int[] doubled = DoubledRanks(left); // whole numbers, also where ranks are shared
        int total = doubled.Sum(), positive = 0;
        for (int i = 0; i < left.Length; i++)
            positive += left[i] > 0 ? doubled[i] : 0;
        double[] chances = Subsets(doubled, total);
        double below = chances.Take(Math.Min(positive, total - positive) + 1).Sum();
        return Math.Min(1, 2 * below);
    }

    /// <summary>The sign test: the chance, if signs were tossed, of a majority as large as this. Differences of 0 are left
    /// out.</summary>
    public static double Sign(IReadOnlyList<double> differences)
    {
        double[] left = [.. differences.Where(d => d != 0)];
        Check(left);
        int fewer = Math.Min(left.Count(d => d > 0), left.Count(d => d < 0));
        double chance = Math.Pow(0.5, left.Length), sum = 0;
        for (int k = 0; k <= fewer; k++)
        {
            sum += chance;
            chance *= (left.Length - k) / (k + 1.0);
        }
        return Math.Min(1, 2 * sum);
    }

    static void Check(double[] differences)
    {
        if (differences.Length > MostPairs || differences.Any(double.IsNaN))
            throw new ArgumentException($"{differences.Length} differences; expected numbers, {MostPairs} at most", nameof(differences));
    }

    static int[] DoubledRanks(double[] sorted)
    {
        int[] ranks = new int[sorted.Length];
        for (int first = 0, end; first < sorted.Length; first = end)
        {
            for (end = first + 1; end < sorted.Length && Math.Abs(sorted[end]) == Math.Abs(sorted[first]); end++)
            {
            }
            Array.Fill(ranks, first + 1 + end, first, end - first); // twice the mean of first + 1 … end
        }
        return ranks;
    }

    // How likely each sum of ranks is where every rank counts or not, by a toss.
    static double[] Subsets(int[] ranks, int total)
    {
        double[] chances = new double[total + 1];
        chances[0] = 1;
        int reached = 0;
        foreach (int rank in ranks)
        {
            reached += rank;
            for (int sum = reached; sum >= 0; sum--)
                chances[sum] = (chances[sum] + (sum >= rank ? chances[sum - rank] : 0)) / 2;
        }
        return chances;
    }
}
