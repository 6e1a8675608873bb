namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// MinHash signatures (Broder, 1997): of two documents, each minimum is the same with a chance equal to the Jaccard
/// index of their shingles. One hash a shingle, whatever the length of the signature: the hash's upper half chooses the
/// bin whose minimum its lower half may become (one-permutation hashing: Li, Owen and Zhang, 2012).
/// </summary>
/// <remarks>
/// Bins that no shingle fell into are filled round by round: in each, every bin that had a shingle sends its minimum to
/// one bin drawn for it and the round, which takes it if it has none. Two documents draw alike, so a filled bin agrees
/// with the chance that its sender would: the estimate stays unbiased, and the work is K log K however short the text
/// (Mai, Rao and others, "On densification for MinWise hashing", 2019).
/// </remarks>
/// <param name="banding">How signatures are cut.</param>
/// <param name="hashes">Their length, a power of two.</param>
/// <param name="seed">Draws the hash functions.</param>
sealed class MinHash(Banding banding, int hashes, ulong seed)
{
    /// <summary>A minimum that no shingle has given.</summary>
    public const uint Empty = uint.MaxValue;

    readonly int _shift = 64 - int.Log2(hashes);
    readonly ulong _key = KeyedHash.Mix(seed + 0x2545F4914F6CDD1D);

    /// <summary>How signatures are cut.</summary>
    public Banding Banding => banding;

    /// <summary>The minima of a document with at least one shingle; all <see cref="Empty"/> for one without.</summary>
    public void Signature(ReadOnlySpan<ulong> shingles, Span<uint> minima)
    {
        minima = minima[..hashes];
        minima.Fill(Empty);
        foreach (ulong shingle in shingles)
        {
            ulong hash = KeyedHash.Mix(shingle ^ _key);
            ref uint bin = ref minima[(int)(hash >> _shift)];
            bin = Math.Min(bin, Math.Min((uint)hash, Empty - 1));
        }

        if (!shingles.IsEmpty)
            Densify(minima);
    }

    /// <summary>One key a band; documents that agree on a band have the same, others in practice do not. Never 0.</summary>
    public void BandKeys(ReadOnlySpan<uint> minima, Span<ulong> keys)
    {
        for (int band = 0; band < banding.Bands; band++)
        {
            ulong key = (ulong)band;
            foreach (uint minimum in minima.Slice(band * banding.Rows, banding.Rows))
                key = KeyedHash.Combine(key, minimum);
            keys[band] = Math.Max(key, 1);
        }
    }

    void Densify(Span<uint> minima)
    {
        Span<int> senders = stackalloc int[hashes];
        int count = 0;
        for (int bin = 0; bin < minima.Length; bin++)
        {
            if (minima[bin] != Empty)
                senders[count++] = bin;
        }

        int missing = hashes - count;
        for (ulong round = 1; missing > 0; round++)
        {
            foreach (int sender in senders[..count])
            {
                ulong draw = KeyedHash.Mix((_key * round) + (ulong)sender);
                ref uint bin = ref minima[(int)(draw >> _shift)];
                if (bin != Empty)
                    continue;
                bin = minima[sender];
                missing--;
            }
        }
    }
}
