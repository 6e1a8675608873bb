using System.Numerics;
using System.Runtime.InteropServices;

namespace Cria.Data.Shards;

/// <summary>What a <see cref="ShardWriter"/> must know before the first document.</summary>
public sealed record ShardOptions
{
    /// <summary>Ids in a full file, if nothing else is asked for.</summary>
    public const long UsualTokensPerShard = 1 << 26;

    /// <summary>SHA-256 of the canonical tokenizer.json: 64 lower-case hexadecimal digits.</summary>
    public required string TokenizerSha256 { get; init; }

    /// <summary>Ids are below this; up to 65,536 they are stored as uint16, above as uint32.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The id that opens every document and closes the last.</summary>
    public required int EndOfText { get; init; }

    /// <summary>Ids in every file but the last of a run.</summary>
    public long TokensPerShard { get; init; } = UsualTokensPerShard;

    internal int BytesPerToken => TokenBytes.Width(VocabSize);

    // Written so that it becomes vector code where there is any: every id of a corpus passes here.
    static uint Greatest(ReadOnlySpan<int> ids)
    {
        ReadOnlySpan<uint> numbers = MemoryMarshal.Cast<int, uint>(ids);
        Vector<uint> greatest = Vector<uint>.Zero;
        int i = 0;
        for (; i <= numbers.Length - Vector<uint>.Count; i += Vector<uint>.Count)
            greatest = Vector.Max(greatest, new Vector<uint>(numbers[i..]));
        uint all = 0;
        for (int lane = 0; lane < Vector<uint>.Count; lane++)
            all = Math.Max(all, greatest[lane]);
        for (; i < numbers.Length; i++)
            all = Math.Max(all, numbers[i]);
        return all;
    }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(VocabSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TokensPerShard, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(EndOfText);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(EndOfText, VocabSize);
    }

    /// <exception cref="DataException">An id is no text of this vocabulary.</exception>
    internal void CheckIds(ReadOnlySpan<int> ids)
    {
        if (!ids.Contains(EndOfText) && (ids.IsEmpty || Greatest(ids) < (uint)VocabSize))
            return;
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)VocabSize || id == EndOfText)
            {
                throw new DataException($"A document has the id {id}; expected 0 to {VocabSize - 1} without {EndOfText}, which only " +
                    "separates documents; encode it with the tokenizer of this set, special tokens as text.");
            }
        }
    }
}
