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

    /// <summary>
    /// The words, without the rarest where all need more memory. Which of equally frequent ones stay, their own bytes
    /// decide, so that the choice is the same on every machine and for any order of the documents.
    /// </summary>
    public WordCounts Within(long maxMemory)
    {
        Survey();
        (long least, ulong border) = Bound(maxMemory);
        if (least == 1 && table is not null)
            return table;
        WordCounts kept = new();
        foreach ((ReadOnlyMemory<byte> word, long occurrences) in all())
            if (occurrences >= least || (occurrences == least - 1 && Hash(word.Span) < border))
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

    /// <summary>How often a word must occur to stay, and below which hash those stay that occur once less.</summary>
    (long Least, ulong Border) Bound(long maxMemory)
    {
        long size = 0;
        foreach ((long occurrences, long bytes) in _sizes.OrderByDescending(entry => entry.Key))
        {
            if (size + bytes > maxMemory)
                return (occurrences + 1, (ulong)((double)(maxMemory - size) / bytes * ulong.MaxValue));
            size += bytes;
        }
        return (1, 0);
    }

    static ulong Hash(ReadOnlySpan<byte> word)
    {
        ulong hash = (ulong)word.Length;
        foreach (byte b in word)
            hash = KeyedHash.Combine(hash, b);
        return hash;
    }
}
