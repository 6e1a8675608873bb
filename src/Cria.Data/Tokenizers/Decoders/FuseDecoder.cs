namespace Cria.Data.Tokenizers.Decoders;

/// <summary>From here on there is one text and no tokens.</summary>
public sealed record FuseDecoder : ITokenDecoder
{
    public DecodedToken Decode(DecodedToken token) => token with { IsFused = true };
}
