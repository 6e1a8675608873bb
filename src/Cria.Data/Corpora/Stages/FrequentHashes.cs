namespace Cria.Data.Corpora.Stages;

/// <summary>
/// The 64-bit hashes that stand in many documents, in bounded memory. A sketch counts all of them, never too low; those that may be
/// frequent are counted exactly, as many at once as there is room for: a range of hashes a reading.
/// </summary>
/// <param name="minDocuments">Documents in which a frequent hash stands, at least.</param>
/// <param name="mostCounted">Hashes that are counted at once; one takes about 40 bytes.</param>
sealed class FrequentHashes(int minDocuments, int mostCounted = 1 << 23)
{
    /// <summary>How often the documents were read.</summary>
    public int Readings { get; private set; }

    /// <summary>The most hashes that were counted at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Finds them.</summary>
    /// <param name="read">Reads the different hashes of every document, the same every time.</param>
    /// <param name="bytes">Of the documents' text, about: what the sketch is measured by.</param>
    public HashSet<ulong> Find(Func<IEnumerable<HashSet<ulong>>> read, long bytes)
    {
        var sketch = new CountSketch(bytes);
        foreach (ulong hash in All(read))
            sketch.Add(hash);

        HashSet<ulong> frequent = [];
        for (ulong first = 0; ;)
        {
            ulong last = ulong.MaxValue;
            Dictionary<ulong, int> counts = [];
            foreach (ulong hash in All(read))
            {
                if (hash < first || hash > last || sketch.AtMost(hash) < (uint)minDocuments)
                    continue;
                counts[hash] = counts.GetValueOrDefault(hash) + 1;
                MostAtOnce = Math.Max(MostAtOnce, counts.Count);
                while (counts.Count > mostCounted && last > first)
                    last = Halve(counts, first, last);
            }

            frequent.UnionWith(counts.Where(hash => hash.Value >= minDocuments).Select(hash => hash.Key));
            if (last == ulong.MaxValue)
                return frequent;
            first = last + 1;
        }
    }

    IEnumerable<ulong> All(Func<IEnumerable<HashSet<ulong>>> read)
    {
        Readings++;
        return read().SelectMany(document => document);
    }

    /// <summary>Leaves the upper half of a range for the next reading; returns the new last hash.</summary>
    static ulong Halve(Dictionary<ulong, int> counts, ulong first, ulong last)
    {
        ulong middle = first + ((last - first) / 2);
        foreach (ulong hash in counts.Keys)
        {
            if (hash > middle)
                counts.Remove(hash); // a dictionary may be thinned out while it is walked
        }

        return middle;
    }
}
