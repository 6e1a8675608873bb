namespace Cria.Data.Cleaning.Duplicates;

/// <summary>What near-duplicates are, and what finding them may take.</summary>
public sealed record NearDuplicateOptions
{
    /// <summary>
    /// The Jaccard index of two documents' shingles from which the later one is dropped. With three words a shingle,
    /// 0.6 is reached where about 9 words of 100 are changed.
    /// </summary>
    public double Threshold { get; init; } = 0.6;

    /// <summary>Words in a shingle. A changed word spoils as many shingles.</summary>
    public int ShingleWords { get; init; } = 3;

    /// <summary>Minima in a document's signature, a power of two from 16 to 4096.</summary>
    public int Hashes { get; init; } = 256;

    /// <summary>How the signature is cut; null: <see cref="Banding.For"/> the threshold.</summary>
    public Banding? Banding { get; init; }

    /// <summary>
    /// Bytes of tables that may lie in memory; what is more goes to temporary files. Beside them a document takes 4
    /// bytes and a bit, and a kept one that waits for a candidate some 100.
    /// </summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <exception cref="DataException">A value is out of its range.</exception>
    internal Banding Checked()
    {
        if (!(Threshold > 0 && Threshold <= 1))
            throw new DataException($"The threshold of near-duplicates is {Threshold}; choose one above 0 and at most 1, such as 0.6.");
        if (ShingleWords is < 1 or > 64)
            throw new DataException($"Shingles have {ShingleWords} words; choose from 1 to 64, such as 3.");
        if (Hashes is < 16 or > 4096 || !int.IsPow2(Hashes))
            throw new DataException($"A signature has {Hashes} hashes; choose a power of two from 16 to 4096, such as 256.");
        if (MemoryBytes < 1 << 20)
            throw new DataException($"Near-duplicates may take {MemoryBytes} bytes of memory; give them 1 MB at least.");
        Banding banding = Banding ?? Duplicates.Banding.For(Threshold, Hashes);
        if (banding.Bands < 1 || banding.Rows < 1 || (long)banding.Bands * banding.Rows > Hashes)
        {
            throw new DataException($"{banding.Bands} bands of {banding.Rows} rows do not fit {Hashes} hashes; " +
                "choose at least 1 of each and no more hashes than there are.");
        }

        return banding;
    }
}
