using System.Runtime.InteropServices;

namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// The shingles of a text: every run of some words in a row (Broder, "On the resemblance and containment of documents",
/// 1997), as 64-bit hashes. A text with fewer words than a shingle has one, of all its words; one without words has
/// none.
/// </summary>
/// <param name="words">Words in a shingle.</param>
sealed class ShingleHashes(int words)
{
    // The hash of a run is a polynomial in an odd base, modulo 2^64, so that it rolls: a word in, a word out.
    const ulong Base = 0xD6E8FEB86659FD93;

    readonly ulong _outgoing = Power(Base, words);

    /// <summary>The hashes in the order of the text, repeated ones included, put into a list that is emptied first.</summary>
    public void Of(ReadOnlySpan<char> text, List<ulong> hashes)
    {
        hashes.Clear();
        Span<ulong> window = stackalloc ulong[words];
        window.Clear();
        ulong rolling = 0;
        int count = 0, oldest = 0;
        var scanner = new WordScanner(text);
        while (scanner.Next())
        {
            rolling = (rolling * Base) + scanner.Hash - (window[oldest] * _outgoing);
            window[oldest] = scanner.Hash;
            oldest = oldest + 1 == window.Length ? 0 : oldest + 1;
            if (++count >= words)
                hashes.Add(KeyedHash.Mix(rolling));
        }

        if (count > 0 && count < words)
            hashes.Add(KeyedHash.Mix(rolling));
    }

    /// <summary>The different shingles, sorted.</summary>
    public ulong[] SetOf(ReadOnlySpan<char> text, List<ulong> scratch)
    {
        Of(text, scratch);
        Span<ulong> all = CollectionsMarshal.AsSpan(scratch);
        all.Sort();
        return all[..Distinct(all)].ToArray();
    }

    /// <summary>Moves the different values of a sorted span to its front; how many there are.</summary>
    public static int Distinct(Span<ulong> sorted)
    {
        int count = 0;
        foreach (ulong value in sorted)
        {
            if (count == 0 || sorted[count - 1] != value)
                sorted[count++] = value;
        }

        return count;
    }

    /// <summary>The Jaccard index of two sorted sets: what they share of all they have; 0 if both are empty.</summary>
    public static double Jaccard(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        long shared = 0;
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            (ulong x, ulong y) = (a[i], b[j]);
            shared += x == y ? 1 : 0;
            i += x <= y ? 1 : 0;
            j += y <= x ? 1 : 0;
        }

        long all = (long)a.Length + b.Length - shared;
        return all == 0 ? 0 : (double)shared / all;
    }

    static ulong Power(ulong value, int exponent)
    {
        ulong power = 1;
        for (int i = 0; i < exponent; i++)
            power *= value;
        return power;
    }
}
