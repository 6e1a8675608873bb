using Cria.Data.Tokenizers.Normalizers;

namespace Cria.Data.Tokenizers.Decoders;

/// <summary>Puts the same content in the place of every match.</summary>
public sealed record ReplaceDecoder(ReplaceNormalizer Replace) : ITokenDecoder
{
    /// <summary>No real token is longer, but a damaged file's decoders may multiply each other.</summary>
    const int MostCharacters = 1 << 16;

    /// <exception cref="DataException">
    /// The text is fused and a match could reach across tokens, or the token is far longer than any.
    /// </exception>
    public DecodedToken Decode(DecodedToken token) => !token.IsFused || Replace.Pattern.Literal is [_]
        ? Bounded(Bounded(token).Changed(Replace.Normalize))
        : throw new DataException(
            $"The decoder replaces '{Replace.Pattern.Source}' in fused text, which is not supported; one character only is.");

    DecodedToken Bounded(DecodedToken token) => token.Opening.Length + token.Following.Length <= MostCharacters
        ? token
        : throw new DataException(
            $"The decoder that replaces '{Replace.Pattern.Source}' has a token of more than {MostCharacters / 2} characters; "
            + "no real one does.");
}
