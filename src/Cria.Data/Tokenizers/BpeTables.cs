using System.Collections.Frozen;

namespace Cria.Data.Tokenizers;

/// <summary>What the merge loop looks up, built once from a checked model and never changed after.</summary>
sealed class BpeTables
{
    readonly FrozenDictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>>? _wholeWords;

    public BpeTables(BpeModel model, int[] byteIds)
    {
        ByteIds = byteIds;
        Ranks = new PairTable(model.Merges.Count);
        Results = new int[model.Merges.Count];
        for (int rank = 0; rank < Results.Length; rank++)
        {
            BpeMerge merge = model.Merges[rank];
            Ranks.GetOrAdd(merge.Left, merge.Right, rank);
            Results[rank] = merge.Result;
        }
        if (model.IgnoreMerges)
            _wholeWords = WordIds(model).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The id of each single byte.</summary>
    public int[] ByteIds { get; }

    /// <summary>The rank of a pair, or −1.</summary>
    public PairTable Ranks { get; }

    /// <summary>The id that a merge makes, by rank.</summary>
    public int[] Results { get; }

    /// <summary>The token that is the whole word, where the model asks for it before merging; otherwise −1.</summary>
    public int WholeWord(ReadOnlySpan<byte> word) =>
        _wholeWords is { } lookup && lookup.TryGetValue(word, out int id) ? id : -1;

    static FrozenDictionary<byte[], int> WordIds(BpeModel model)
    {
        HashSet<int> special = [.. model.SpecialIds];
        Dictionary<byte[], int> ids = new(ByteSequences.Instance);
        for (int id = 0; id < model.Tokens.Count; id++)
            if (!special.Contains(id))
                ids[model.Tokens[id]] = id;
        return ids.ToFrozenDictionary(ByteSequences.Instance);
    }
}
