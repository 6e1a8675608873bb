using Cria.Data.Tokenizers.Normalizers;

namespace Cria.Data.Tokenizers.Decoders;

/// <summary>Puts the same content in the place of every match.</summary>
public sealed record ReplaceDecoder(ReplaceNormalizer Replace) : ITokenDecoder
{
    /// <exception cref="DataException">The text is fused and a match could reach across tokens.</exception>
    public DecodedToken Decode(DecodedToken token) => !token.IsFused || Replace.Pattern.Literal is [_]
        ? token.Changed(Replace.Normalize)
        : throw new DataException(
            $"The decoder replaces '{Replace.Pattern.Source}' in fused text, which is not supported; one character only is.");
}
