using System.Collections.Frozen;

namespace Cria.Data.Tokenizers;

/// <summary>The tables of byte-level BPE: every byte is a symbol.</summary>
sealed class BpeTables : MergeTables
{
    readonly int[] _results;
    readonly FrozenDictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>>? _wholeWords;

    public BpeTables(BpeModel model, int[] byteIds) : base(new PairTable(model.Merges.Count))
    {
        ByteIds = byteIds;
        _results = new int[model.Merges.Count];
        for (int rank = 0; rank < _results.Length; rank++)
        {
            BpeMerge merge = model.Merges[rank];
            Ranks.GetOrAdd(merge.Left, merge.Right, rank);
            _results[rank] = merge.Result;
        }
        if (model.IgnoreMerges)
            _wholeWords = WordIds(model).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The id of each single byte.</summary>
    public int[] ByteIds { get; }

    public override int Result(int left, int right, int rank) => _results[rank];

    public override int WholeWord(ReadOnlySpan<byte> word) =>
        _wholeWords is { } lookup && lookup.TryGetValue(word, out int id) ? id : -1;

    public override int Symbols(ReadOnlySpan<byte> word, Span<int> ids)
    {
        int[] byteIds = ByteIds;
        for (int i = 0; i < word.Length; i++)
            ids[i] = byteIds[word[i]];
        return word.Length;
    }

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
