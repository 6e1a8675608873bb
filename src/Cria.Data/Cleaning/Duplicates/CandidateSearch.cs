using System.Runtime.InteropServices;

namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// From band keys to candidate pairs: band by band, the documents with one key form a bucket. Every document of a
/// bucket is paired with the first <see cref="FirstOfBucket"/> of it, so that work is linear in the largest buckets
/// too; of more than that many alike, the first is enough to drop the rest.
/// </summary>
static class CandidateSearch
{
    /// <summary>How many documents of a bucket the others are compared with.</summary>
    public const int FirstOfBucket = 8;

    const int BytesOfEntry = sizeof(ulong) + sizeof(int);

    /// <summary>Finds the pairs; which ones depends on the keys alone.</summary>
    /// <param name="table">The keys.</param>
    /// <param name="bands">How many a document has.</param>
    /// <param name="pairs">Receives the pairs.</param>
    /// <param name="memoryBytes">For sorting, on all threads together; smaller bounds cost more readings.</param>
    /// <param name="threads">How many.</param>
    public static void Run(BandTable table, int bands, PairRuns pairs, long memoryBytes, int threads)
    {
        long entries = Math.Max(4096, memoryBytes / threads / (2 * BytesOfEntry)); // lists double when they grow
        int parts = checked((int)((table.Documents / entries) + 1));
        long pairsAtOnce = Math.Max(4096, memoryBytes / threads / (4 * sizeof(ulong)));
        var work = new OrderedPipeline<(int Band, int Part), int>(
            item => Join(table, item.Band, item.Part, parts, pairs, pairsAtOnce), threads);
        foreach (int _ in work.Run(Steps(bands, parts)))
        {
        }
    }

    static IEnumerable<(int Band, int Part)> Steps(int bands, int parts)
    {
        for (int band = 0; band < bands; band++)
        {
            for (int part = 0; part < parts; part++)
                yield return (band, part);
        }
    }

    static int Join(BandTable table, int band, int part, int parts, PairRuns runs, long pairsAtOnce)
    {
        List<ulong> keys = [], pairs = [];
        List<int> documents = [];
        table.Read(band, part, parts, keys, documents);
        Span<ulong> sorted = CollectionsMarshal.AsSpan(keys);
        Span<int> byKey = CollectionsMarshal.AsSpan(documents);
        sorted.Sort(byKey);
        for (int first = 0, end; first < sorted.Length; first = end)
        {
            for (end = first + 1; end < sorted.Length && sorted[end] == sorted[first];)
                end++;
            if (end - first == 1)
                continue;
            Span<int> bucket = byKey[first..end];
            bucket.Sort();
            for (int later = 1; later < bucket.Length; later++)
            {
                for (int earlier = 0; earlier < Math.Min(later, FirstOfBucket); earlier++)
                    pairs.Add(PairRuns.Pair(bucket[later], bucket[earlier]));
                if (pairs.Count >= pairsAtOnce)
                    runs.Add(pairs);
            }
        }

        runs.Add(pairs);
        return 0;
    }
}
