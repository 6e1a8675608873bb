using System.Runtime.InteropServices;

namespace Cria.Data.Tokenizers.Training;

/// <summary>
/// The words of a corpus and how often each occurs, to be walked through as often as needed, and from them those that
/// fit into memory when merging.
/// </summary>
/// <param name="all">Every word once.</param>
/// <param name="table">The same in memory; null where they lie on disk.</param>
/// <param name="spilledBytes">What was written to disk.</param>
sealed class CountedWords(
    Func<IEnumerable<(ReadOnlyMemory<byte> Word, long Occurrences)>> all, WordCounts? table, long spilledBytes)
{
    // What a word takes at most while it merges: ids, and its place in the list of every pair that it ever has.
    const int BytesPerByte = 24, BytesPerWord = 64;

    readonly Dictionary<long, long> _sizes = []; // memory of all words that occur so often

    /// <summary>Whether a byte occurs.</summary>
    public bool[] HasByte { get; } = new bool[256];

    /// <summary>What was counted, and what was left out.</summary>
    public WordStatistics Statistics { get; private set; } = new() { SpilledBytes = spilledBytes };

    /// <summary>The words, without the rarest where all need more memory; of equally frequent words all or none.</summary>
    public WordCounts Within(long maxMemory)
    {
        Survey();
        long least = LeastOccurrences(maxMemory);
        if (least == 1 && table is not null)
            return table;
        WordCounts kept = new();
        foreach ((ReadOnlyMemory<byte> word, long occurrences) in all())
            if (occurrences >= least)
                kept.Add(word.Span, occurrences);
            else
                Statistics = Statistics with
                {
                    LostWords = Statistics.LostWords + 1,
                    LostOccurrences = Statistics.LostOccurrences + occurrences,
                    MostLost = Math.Max(Statistics.MostLost, occurrences),
                };
        return kept;
    }

    void Survey()
    {
        long words = 0, distinct = 0;
        foreach ((ReadOnlyMemory<byte> word, long occurrences) in all())
        {
            distinct++;
            words += occurrences;
            CollectionsMarshal.GetValueRefOrAddDefault(_sizes, occurrences, out _) += BytesPerWord + ((long)BytesPerByte * word.Length);
            foreach (byte b in word.Span)
                HasByte[b] = true;
        }
        Statistics = Statistics with { Words = words, DistinctWords = distinct };
    }

    long LeastOccurrences(long maxMemory)
    {
        long size = 0;
        foreach ((long occurrences, long bytes) in _sizes.OrderByDescending(entry => entry.Key))
        {
            size += bytes;
            if (size > maxMemory)
                return occurrences + 1;
        }
        return 1;
    }
}
