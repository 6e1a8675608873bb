using System.Collections.Frozen;

namespace Cria.Data.Tokenizers;

/// <summary>The tables of byte-level BPE: every byte is a symbol.</summary>
sealed class BpeTables : MergeTables
{
    readonly int[] _results;
    readonly int _firstByteId;
    readonly int[]? _byteRanks; // of any two bytes, where their ids follow each other
    readonly FrozenDictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>>? _wholeWords;

    public BpeTables(BpeModel model, int[] byteIds)
    {
        PairTable pairs = new(model.Merges.Count);
        ByteIds = byteIds;
        _results = new int[model.Merges.Count];
        for (int rank = 0; rank < _results.Length; rank++)
        {
            BpeMerge merge = model.Merges[rank];
            pairs.GetOrAdd(merge.Left, merge.Right, rank);
            _results[rank] = merge.Result;
        }
        Ranks = new RankTable(pairs);
        _firstByteId = byteIds.Min();
        if (byteIds.Max() - _firstByteId == 255)
            _byteRanks = ByteRanks();
        if (model.IgnoreMerges)
            _wholeWords = WordIds(model).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public override RankTable Ranks { get; }

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

    public override void SymbolRanks(ReadOnlySpan<int> symbols, Span<int> ranks)
    {
        if (_byteRanks is not { } byteRanks)
        {
            base.SymbolRanks(symbols, ranks);
            return;
        }
        int left = symbols[0] - _firstByteId;
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            int right = symbols[i + 1] - _firstByteId;
            ranks[i] = byteRanks[(left << 8) | right];
            left = right;
        }
    }

    int[] ByteRanks()
    {
        int[] ranks = new int[256 * 256];
        for (int left = 0; left < 256; left++)
            for (int right = 0; right < 256; right++)
                ranks[(left << 8) | right] = Ranks[_firstByteId + left, _firstByteId + right];
        return ranks;
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
