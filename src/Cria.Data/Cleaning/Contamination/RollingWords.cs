using System.Runtime.CompilerServices;

namespace Cria.Data.Cleaning.Contamination;

/// <summary>
/// Hashes of runs of words of any length from sums at their ends: the hash of a text's first k words is a polynomial P(k)
/// in an odd base, modulo 2^64, and that of the run from i on with L words is P(i + L) - P(i) base^L.
/// </summary>
sealed class RollingWords
{
    const ulong Base = 0xA0761D6478BD642F, LengthKey = 0xE7037ED1A0B428DB;

    readonly ulong[] _powers;

    public RollingWords(int most)
    {
        _powers = new ulong[most + 1];
        _powers[0] = 1;
        for (int i = 1; i <= most; i++)
            _powers[i] = _powers[i - 1] * Base;
    }

    /// <summary>P(k + 1) from P(k) and the hash of word k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next(ulong sum, ulong word) => (sum * Base) + word;

    /// <summary>The hash of a run from the sums at its ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash(ulong before, ulong after, int length) =>
        KeyedHash.Mix(after - (before * _powers[length]) + ((ulong)length * LengthKey));

    /// <summary>The hash of a run of words whose hashes are at hand.</summary>
    public ulong Hash(List<ulong> words, int first, int length)
    {
        ulong sum = 0;
        for (int i = first; i < first + length; i++)
            sum = Next(sum, words[i]);
        return Hash(0, sum, length);
    }
}
