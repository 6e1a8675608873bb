namespace Cria.Data.Tokenizers.Decoders;

/// <summary>One after the other.</summary>
public sealed record DecoderSequence(IReadOnlyList<ITokenDecoder> Parts) : ITokenDecoder
{
    public DecodedToken Decode(DecodedToken token) => Parts.Aggregate(token, (current, part) => part.Decode(current));
}
