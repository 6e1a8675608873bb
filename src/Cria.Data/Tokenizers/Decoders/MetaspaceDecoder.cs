using Cria.Data.Tokenizers.PreTokenizers;

namespace Cria.Data.Tokenizers.Decoders;

/// <summary>The visible mark becomes a space; in the token that opens a text it goes, for encoding put one there.</summary>
public sealed record MetaspaceDecoder(char Replacement, PrependScheme Scheme, bool Splits = true) : ITokenDecoder
{
    public DecodedToken Decode(DecodedToken token) => token with
    {
        Opening = Scheme == PrependScheme.Never
            ? token.Opening.Replace(Replacement, ' ')
            : token.Opening.Replace(Replacement.ToString(), "", StringComparison.Ordinal),
        Following = token.Following.Replace(Replacement, ' '),
    };
}
