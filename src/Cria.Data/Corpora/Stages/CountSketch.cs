using System.Numerics;

namespace Cria.Data.Corpora.Stages;

/// <summary>
/// Counts of 64-bit hashes, never too low (count-min: Cormode and Muthukrishnan, 2005, with two rows). The counts do not depend on the
/// order.
/// </summary>
sealed class CountSketch
{
    const int BytesPerLine = 64, MinLogWidth = 16, MaxLogWidth = 27;

    readonly int _logWidth;
    readonly uint[] _first, _second;

    /// <param name="bytes">Of the text whose lines are counted: there is a counter in each row for every 64, from 512 kB to 1 GB in
    /// all.</param>
    public CountSketch(long bytes)
    {
        _logWidth = LogWidth(bytes);
        (_first, _second) = (new uint[1 << _logWidth], new uint[1 << _logWidth]);
    }

    /// <summary>The logarithm of the counters in a row.</summary>
    public static int LogWidth(long bytes) =>
        Math.Clamp(BitOperations.Log2((ulong)Math.Max(1, bytes / BytesPerLine)) + 1, MinLogWidth, MaxLogWidth);

    public void Add(ulong hash)
    {
        _first[First(hash)] += _first[First(hash)] == uint.MaxValue ? 0u : 1;
        _second[Second(hash)] += _second[Second(hash)] == uint.MaxValue ? 0u : 1;
    }

    /// <summary>The count, or more.</summary>
    public uint AtMost(ulong hash) => Math.Min(_first[First(hash)], _second[Second(hash)]);

    int First(ulong hash) => (int)(hash >> (64 - _logWidth));

    int Second(ulong hash) => (int)(hash & ((1UL << _logWidth) - 1));
}
