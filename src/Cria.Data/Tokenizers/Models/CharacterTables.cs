using System.Collections.Frozen;
using System.Text;

namespace Cria.Data.Tokenizers.Models;

/// <summary>The tables of BPE from characters: every character that is a token is a symbol.</summary>
sealed class CharacterTables : MergeTables
{
    readonly CharacterBpeModel _model;
    readonly int[] _results;
    readonly int[] _byteIds;
    readonly FrozenDictionary<int, int> _symbols;
    readonly FrozenDictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>>? _wholeWords;

    public CharacterTables(CharacterBpeModel model)
    {
        PairTable pairs = new(model.Merges.Count);
        _model = model;
        _results = new int[model.Merges.Count];
        for (int rank = 0; rank < _results.Length; rank++)
        {
            BpeMerge merge = model.Merges[rank];
            Check(merge.Left);
            Check(merge.Right);
            Check(merge.Result);
            pairs.GetOrAdd(merge.Left, merge.Right, rank);
            _results[rank] = merge.Result;
        }
        Ranks = new RankTable(pairs);
        if (model.UnknownId is { } unknown)
            Check(unknown);
        _byteIds = TokenTexts.ByteIds(model.Tokens);
        _symbols = Characters(model.Tokens);
        if (model.IgnoresMerges)
            _wholeWords = Words(model).GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public override RankTable Ranks { get; }

    public override int Result(int left, int right, int rank) => _results[rank];

    public override int WholeWord(ReadOnlySpan<byte> word) =>
        _wholeWords is { } lookup && lookup.TryGetValue(word, out int id) ? id : -1;

    public override int Symbols(ReadOnlySpan<byte> word, Span<int> ids)
    {
        int count = 0;
        bool isUnknown = false; // the last symbol stands for characters without a token
        while (word.Length > 0)
        {
            int point = Utf8Characters.First(word, out int length);
            ReadOnlySpan<byte> character = word[..length];
            word = word[length..];
            if (_symbols.TryGetValue(point, out int symbol))
                (ids[count++], isUnknown) = (symbol, false);
            else if (_model.ByteFallback && HasBytes(character))
                foreach (byte b in character)
                    (ids[count++], isUnknown) = (_byteIds[b], false);
            else if (_model.UnknownId is { } unknown && !(isUnknown && _model.FusesUnknown))
                (ids[count++], isUnknown) = (unknown, true);
        }
        return count;
    }

    bool HasBytes(ReadOnlySpan<byte> character)
    {
        foreach (byte b in character)
            if (_byteIds[b] < 0)
                return false;
        return true;
    }

    static FrozenDictionary<int, int> Characters(IReadOnlyList<string> tokens)
    {
        Dictionary<int, int> characters = [];
        for (int id = 0; id < tokens.Count; id++)
            if (tokens[id].Length > 0 && Rune.DecodeFromUtf16(tokens[id], out Rune rune, out int length)
                == System.Buffers.OperationStatus.Done && length == tokens[id].Length)
                characters[rune.Value] = id;
        return characters.ToFrozenDictionary();
    }

    static FrozenDictionary<byte[], int> Words(CharacterBpeModel model)
    {
        Dictionary<byte[], int> words = new(ByteSequences.Instance);
        for (int id = 0; id < model.Tokens.Count; id++)
            if (model.Tokens[id].Length > 0 && !model.Marks.Contains(id))
                words[Encoding.UTF8.GetBytes(model.Tokens[id])] = id;
        return words.ToFrozenDictionary(ByteSequences.Instance);
    }

    void Check(int id)
    {
        if ((uint)id >= (uint)_model.Tokens.Count)
            throw new DataException($"A merge or the unknown token is {id}, outside the vocabulary of {_model.Tokens.Count}.");
    }
}
