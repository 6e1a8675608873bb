namespace Cria.Data.Tokenizers.Decoders;

/// <summary>A token that continues a word loses its prefix, every other one gains the space before it.</summary>
/// <param name="Prefix">What the file writes before a token that continues a word.</param>
/// <param name="CleansUp">Whether the space before punctuation and English contractions goes.</param>
public sealed record WordPieceDecoder(string Prefix, bool CleansUp) : ITokenDecoder
{
    static readonly (string From, string To)[] Spaces =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public DecodedToken Decode(DecodedToken token)
    {
        string following = token.Following.StartsWith(Prefix, StringComparison.Ordinal)
            ? token.Following[Prefix.Length..]
            : " " + token.Following;
        DecodedToken spaced = token with { Following = following };
        return CleansUp ? spaced.Changed(Clean) : spaced;
    }

    static string Clean(string text) =>
        Spaces.Aggregate(text, (current, pair) => current.Replace(pair.From, pair.To, StringComparison.Ordinal));
}
