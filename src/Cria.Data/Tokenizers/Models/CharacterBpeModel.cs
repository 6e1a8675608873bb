using System.Collections.Frozen;
using System.Text;

namespace Cria.Data.Tokenizers.Models;

/// <summary>
/// Byte-pair encoding that starts from characters, as Hugging Face's files describe it. A character that is no token
/// becomes the tokens of its bytes (byte fallback), else the unknown token, else nothing.
/// </summary>
public sealed class CharacterBpeModel : ITokenModel
{
    readonly Lazy<(CharacterTables Tables, bool HasWords)> _shared;

    public CharacterBpeModel() => _shared = new(() => (new CharacterTables(this), HasWords()));

    public required IReadOnlyList<string> Tokens { get; init; }

    public IReadOnlySet<int> Marks { get; init; } = FrozenSet<int>.Empty;

    /// <summary>In the order of their ranks.</summary>
    public required IReadOnlyList<BpeMerge> Merges { get; init; }

    /// <summary>The token of unknown characters; null if they vanish.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Whether neighbouring unknown characters are one token.</summary>
    public bool FusesUnknown { get; init; }

    /// <summary>Whether unknown characters become the tokens of their bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is itself a token becomes that token before any merge is tried.</summary>
    public bool IgnoresMerges { get; init; }

    /// <exception cref="DataException">A merge or the unknown token is outside the vocabulary.</exception>
    public ISegmenter NewSegmenter() => new BpeSegmenter(_shared.Value.Tables, _shared.Value.HasWords);

    // Unknown characters must not join across words either: "▁" must be known.
    bool HasWords() => !IgnoresMerges && Tokens.Contains("\u2581")
        && Merges.All(merge => BpeSegmenter.IsInOneWord(Encoding.UTF8.GetBytes(Tokens[merge.Result])));
}
