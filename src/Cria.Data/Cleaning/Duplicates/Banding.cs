namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// How a signature of minima is cut: <paramref name="Bands"/> bands of <paramref name="Rows"/> minima. Two documents
/// are a candidate pair if they agree on all rows of at least one band (Leskovec, Rajaraman and Ullman, "Mining of
/// massive datasets", 3.4).
/// </summary>
/// <param name="Bands">b: more find more pairs.</param>
/// <param name="Rows">r: more find fewer wrong ones.</param>
public readonly record struct Banding(int Bands, int Rows)
{
    /// <summary>The least chance with which a pair at the threshold itself must be found.</summary>
    public const double FoundAtThreshold = 0.98;

    /// <summary>Minima that a signature needs.</summary>
    public int Hashes => Bands * Rows;

    /// <summary>The S-curve: the chance 1 - (1 - J^r)^b that a pair with this Jaccard index is found.</summary>
    public double Probability(double jaccard) => 1 - Math.Pow(1 - Math.Pow(jaccard, Rows), Bands);

    /// <summary>
    /// The cut that finds pairs at the threshold with a chance of at least <see cref="FoundAtThreshold"/> and has the
    /// most rows that do, because every row more makes pairs below the threshold rarer among the candidates.
    /// </summary>
    /// <param name="threshold">The Jaccard index, above 0 and at most 1, from which documents are duplicates.</param>
    /// <param name="hashes">Minima in a signature.</param>
    public static Banding For(double threshold, int hashes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hashes, 1);
        for (int rows = hashes; rows > 1; rows--)
        {
            var banding = new Banding(hashes / rows, rows);
            if (banding.Probability(threshold) >= FoundAtThreshold)
                return banding;
        }

        return new Banding(hashes, 1);
    }
}
