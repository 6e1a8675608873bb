using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace Cria.Data.Tokenizers.SentencePieces;

/// <summary>
/// The tables of SentencePiece's BPE. A file has no list of merges: any two neighbours merge whose texts together are a
/// piece, the piece of greatest score first. So all pairs are found here, once, by cutting every piece in two.
/// </summary>
sealed class ScoreTables : MergeTables
{
    readonly PieceVocabulary _vocabulary;
    readonly PairTable _results;
    readonly FrozenDictionary<int, int> _symbols;
    readonly byte[][] _characters;
    readonly FrozenDictionary<int, int[]> _unused;

    /// <param name="vocabulary">The pieces.</param>
    /// <param name="mergesUnused">Whether unused pieces may be steps of merging, as SentencePiece lets them.</param>
    public ScoreTables(PieceVocabulary vocabulary, bool mergesUnused = true)
    {
        _vocabulary = vocabulary;
        _results = new PairTable(vocabulary.Texts.Length * 2);
        Dictionary<byte[], int> ids = new(ByteSequences.Instance);
        foreach ((byte[] text, int id) in vocabulary.Findable())
            if (text.Length > 0)
                ids.TryAdd(text, id);
        (_symbols, _characters) = Symbols(ids);
        PairTable pairs = new(vocabulary.Texts.Length * 2);
        AddPairs(ids, pairs, mergesUnused);
        Ranks = new RankTable(pairs);
        _unused = mergesUnused ? Unused(ids) : FrozenDictionary<int, int[]>.Empty;
    }

    /// <summary>Symbols from here on are characters that occur in pieces but are none themselves.</summary>
    int FirstCharacter => _vocabulary.Texts.Length;

    public override RankTable Ranks { get; }

    public override int Result(int left, int right, int rank) => _results[left, right];

    public override int Symbols(ReadOnlySpan<byte> word, Span<int> ids)
    {
        int count = 0;
        while (word.Length > 0)
        {
            int point = Utf8Characters.First(word, out int length);
            if (_symbols.TryGetValue(point, out int symbol))
                ids[count++] = symbol;
            else
                count += _vocabulary.Fallback(word[..length], ids[count..]);
            word = word[length..];
        }
        return count;
    }

    public override int Finish(Span<int> ids, int count)
    {
        if (_characters.Length == 0 && _unused.Count == 0)
            return count;
        int[] symbols = ids[..count].ToArray();
        int written = 0;
        foreach (int symbol in symbols)
            if (symbol >= FirstCharacter)
                written += _vocabulary.Fallback(_characters[symbol - FirstCharacter], ids[written..]);
            else if (_unused.TryGetValue(symbol, out int[]? parts))
                written += Copy(parts, ids[written..]);
            else
                ids[written++] = symbol;
        return written;
    }

    static int Copy(int[] parts, Span<int> ids)
    {
        parts.CopyTo(ids);
        return parts.Length;
    }

    /// <summary>A symbol for every character of every piece.</summary>
    (FrozenDictionary<int, int> Symbols, byte[][] Characters) Symbols(Dictionary<byte[], int> ids)
    {
        Dictionary<int, int> symbols = [];
        List<byte[]> characters = [];
        foreach (byte[] text in ids.Keys)
            for (int i = 0; i < text.Length;)
            {
                int point = Utf8Characters.First(text.AsSpan(i), out int length);
                ref int symbol = ref CollectionsMarshal.GetValueRefOrAddDefault(symbols, point, out bool exists);
                byte[] character = text.AsSpan(i, length).ToArray();
                i += length;
                if (exists || ids.TryGetValue(character, out symbol))
                    continue;
                symbol = FirstCharacter + characters.Count;
                characters.Add(character);
            }
        return (symbols.ToFrozenDictionary(), [.. characters]);
    }

    void AddPairs(Dictionary<byte[], int> ids, PairTable pairs, bool mergesUnused)
    {
        float[] scores = [.. ids.Values.Select(id => _vocabulary.Model.Pieces[id].Score).Distinct().OrderDescending()];
        Dictionary<float, int> ranks = [];
        foreach (float score in scores)
            ranks[score] = ranks.Count;
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach ((byte[] text, int id) in ids)
        {
            Piece piece = _vocabulary.Model.Pieces[id];
            if (piece.Type == PieceType.UserDefined || (piece.Type == PieceType.Unused && !mergesUnused))
                continue; // the former are cut out of the text before merging
            for (int cut = 1; cut < text.Length; cut++)
                if ((text[cut] & 0xC0) != 0x80
                    && Symbol(lookup, text.AsSpan(0, cut)) is >= 0 and int left
                    && Symbol(lookup, text.AsSpan(cut)) is >= 0 and int right)
                {
                    pairs.GetOrAdd(left, right, ranks[piece.Score]);
                    _results.GetOrAdd(left, right, id);
                }
        }
    }

    int Symbol(Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> ids, ReadOnlySpan<byte> text) =>
        ids.TryGetValue(text, out int id) ? id
        : Utf8Characters.IsOne(text) ? _symbols[Utf8Characters.First(text, out _)]
        : -1;

    /// <summary>What an unused piece is taken apart into: what merging makes of its text without such pieces.</summary>
    FrozenDictionary<int, int[]> Unused(Dictionary<byte[], int> ids)
    {
        Dictionary<int, int[]> parts = [];
        WordMerger? merger = null;
        foreach ((byte[] text, int id) in ids)
        {
            if (_vocabulary.Model.Pieces[id].Type != PieceType.Unused || Utf8Characters.IsOne(text))
                continue;
            merger ??= new WordMerger(new ScoreTables(_vocabulary, mergesUnused: false));
            int[] pieces = new int[text.Length];
            parts[id] = pieces[..merger.Merge(text, pieces)];
        }
        return parts.ToFrozenDictionary();
    }
}
