namespace Cria.Data.Corpora.Stages;

/// <summary>
/// Counts of 64-bit hashes in 64 MB whatever their number, never too low (count-min: Cormode and Muthukrishnan, 2005, with two rows).
/// The counts do not depend on the order.
/// </summary>
sealed class CountSketch
{
    const int LogWidth = 23;

    readonly uint[] _first = new uint[1 << LogWidth], _second = new uint[1 << LogWidth];

    public void Add(ulong hash)
    {
        _first[First(hash)] += _first[First(hash)] == uint.MaxValue ? 0u : 1;
        _second[Second(hash)] += _second[Second(hash)] == uint.MaxValue ? 0u : 1;
    }

    /// <summary>The count, or more.</summary>
    public uint AtMost(ulong hash) => Math.Min(_first[First(hash)], _second[Second(hash)]);

    static int First(ulong hash) => (int)(hash >> (64 - LogWidth));

    static int Second(ulong hash) => (int)(hash & ((1 << LogWidth) - 1));
}
