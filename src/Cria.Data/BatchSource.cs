using Cria.Data.Shards;

namespace Cria.Data;

/// <summary>
/// Training samples by number: sample <c>i</c> is a pure function of (seed, i, the set's manifest hash), whoever asks,
/// in whatever order, after however many resumptions. One epoch takes every window once, in that epoch's own shuffle;
/// where the windows begin moves from epoch to epoch.
/// </summary>
/// <remarks>
/// The last token of a set closes its last document, the first opens its first, and both are EndOfText: so the stream
/// is read as a ring of Tokens - 1 positions on which they are one. A window may cross the seam like any other document
/// border, every epoch has the same number of windows, and fewer than SequenceLength tokens stay unused in an epoch.
/// </remarks>
public sealed class BatchSource
{
    readonly ShardSet _set;
    readonly ulong _key;
    readonly long _ring;

    /// <summary>Samples of <paramref name="sequenceLength"/> tokens from a shard set, which the caller keeps
    /// open.</summary>
    /// <exception cref="DataException">The set is shorter than one sample.</exception>
    public BatchSource(ShardSet set, int sequenceLength, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        _set = set;
        _ring = set.Tokens - 1;
        SequenceLength = sequenceLength;
        Windows = _ring / sequenceLength;
        _key = KeyedHash.Combine(seed, KeyedHash.OfHex(set.ManifestHash));
        if (Windows == 0)
        {
            throw new DataException($"{set.Folder} holds {set.Tokens} tokens; a sequence length of {sequenceLength} " +
                $"needs {(long)sequenceLength + 1}; give it more text or set a sequence length of {_ring} or less.");
        }
    }

    /// <summary>Tokens a sample (T).</summary>
    public int SequenceLength { get; }

    /// <summary>Samples an epoch.</summary>
    public long Windows { get; }

    /// <summary>
    /// Fills samples [<paramref name="firstSample"/>, + <paramref name="count"/>) without allocating. Several threads
    /// may call it at once.
    /// </summary>
    /// <param name="firstSample">The global number of the first sample, from 0, not reset by epochs.</param>
    /// <param name="count">How many samples (B).</param>
    /// <param name="tokens">Receives the inputs, (B, T).</param>
    /// <param name="targets">Receives the token after each input, (B, T).</param>
    public void Read(long firstSample, int count, Span<int> tokens, Span<int> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstSample);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tokens.Length, (long)count * SequenceLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(targets.Length, (long)count * SequenceLength);

        for (int i = 0; i < count; i++)
        {
            Span<int> inputs = tokens.Slice(i * SequenceLength, SequenceLength);
            Span<int> next = targets.Slice(i * SequenceLength, SequenceLength);
            long position = Position(firstSample + i);
            ReadRing(position, inputs);
            inputs[1..].CopyTo(next);
            ReadRing(position + SequenceLength, next[^1..]);
        }
    }

    /// <summary>Where a sample begins: the offset of its first token in the set.</summary>
    public long Position(long sample)
    {
        (long epoch, long index) = Math.DivRem(sample, Windows);
        ulong key = KeyedHash.Combine(_key, (ulong)epoch);
        long offset = KeyedHash.Below(KeyedHash.Combine(key, 0), SequenceLength);
        long window = new KeyedPermutation(key, Windows)[index];
        return (offset + window * SequenceLength) % _ring;
    }

    void ReadRing(long position, Span<int> tokens)
    {
        position %= _ring;
        int before = (int)Math.Min(tokens.Length, _ring - position);
        _set.Read(position, tokens[..before]);
        _set.Read(0, tokens[before..]); // shorter than the ring: a sample has at most as many tokens
    }
}
