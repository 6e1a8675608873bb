namespace Cria.Data.Tests.Cleaning.Duplicates;

/// <summary>Sets of random shingles whose Jaccard index is known.</summary>
static class SyntheticSets
{
    /// <summary>Two sets of equal size, as near to a Jaccard index as whole numbers allow.</summary>
    public static (ulong[] First, ulong[] Second) Pair(int size, double jaccard, ulong seed)
    {
        int shared = (int)Math.Round(2 * jaccard * size / (1 + jaccard)); // J = s / (2n - s)
        ulong[] first = Random(size, seed, 0);
        return (first, [.. first[..shared], .. Random(size - shared, seed, 1)]);
    }

    /// <summary>The Jaccard index by the definition.</summary>
    public static double Jaccard(IEnumerable<ulong> first, IEnumerable<ulong> second)
    {
        HashSet<ulong> a = [.. first], b = [.. second];
        return a.Union(b).Any() ? (double)a.Intersect(b).Count() / a.Union(b).Count() : 0;
    }

    static ulong[] Random(int count, ulong seed, ulong stream) =>
        [.. Enumerable.Range(0, count).Select(i => KeyedHash.Combine(KeyedHash.Combine(seed, stream), (ulong)i))];
}
