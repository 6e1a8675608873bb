using System.Collections.Frozen;
using System.Text;

namespace Cria.Data.Tokenizers.Models;

/// <summary>
/// The division into pieces that is the most probable (Kudo 2018), as Hugging Face's files describe it. All pieces may
/// be found in a text, and sums are doubles.
/// </summary>
public sealed class UnigramModel : ITokenModel
{
    readonly Lazy<UnigramTables> _tables;
    readonly Lazy<int[]> _byteIds;

    public UnigramModel() => (_tables, _byteIds) = (new(Tables), new(() => TokenTexts.ByteIds(Tokens!)));

    public required IReadOnlyList<string> Tokens { get; init; }

    public IReadOnlySet<int> Marks { get; init; } = FrozenSet<int>.Empty;

    /// <summary>Log probabilities by id.</summary>
    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>The piece of unknown characters; neighbouring ones are one token.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Whether unknown characters become the tokens of their bytes, if it has all of them.</summary>
    public bool ByteFallback { get; init; }

    /// <exception cref="DataException">The scores are not as many as the pieces, or some text would have no pieces.</exception>
    public ISegmenter NewSegmenter() => new UnigramSegmenter(_tables.Value);

    UnigramTables Tables()
    {
        if (Scores.Count != Tokens.Count)
            throw new DataException($"The vocabulary has {Tokens.Count} pieces and {Scores.Count} scores.");
        if (UnknownId is null && !(ByteFallback && !_byteIds.Value.Contains(-1)))
            throw new DataException(
                "The vocabulary has neither an unknown piece nor byte fallback with all 256 bytes; it needs one of them.");
        // Of equal pieces the last counts.
        IEnumerable<int> ids = Enumerable.Range(0, Tokens.Count).Reverse().Where(id => !Marks.Contains(id));
        ByteTrie pieces = new(ids.Select(id => (Encoding.UTF8.GetBytes(Tokens[id]), id)));
        double least = Scores.Count == 0 ? 0 : Scores.Min();
        return new UnigramTables(pieces, [.. Scores], least - UnigramTables.UnknownPenalty, Fallback)
        {
            JoiningId = UnknownId ?? -1,
        };
    }

    int Fallback(ReadOnlySpan<byte> character, Span<int> ids)
    {
        int[] byteIds = _byteIds.Value;
        bool hasBytes = ByteFallback;
        foreach (byte b in character)
            hasBytes &= byteIds[b] >= 0;
        if (!hasBytes)
        {
            ids[0] = UnknownId!.Value; // there is one where a byte is missing: Tables has seen to it
            return 1;
        }
        for (int i = 0; i < character.Length; i++)
            ids[i] = byteIds[character[i]];
        return character.Length;
    }
}
