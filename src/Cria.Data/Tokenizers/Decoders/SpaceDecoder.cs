namespace Cria.Data.Tokenizers.Decoders;

/// <summary>A space between tokens: what a file without a decoder means.</summary>
public sealed record SpaceDecoder : ITokenDecoder
{
    public DecodedToken Decode(DecodedToken token) => token with { Following = " " + token.Following };
}
