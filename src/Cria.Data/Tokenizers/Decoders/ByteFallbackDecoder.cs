using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Models;

namespace Cria.Data.Tokenizers.Decoders;

/// <summary>A token named <c>&lt;0xNN&gt;</c> becomes that byte.</summary>
public sealed record ByteFallbackDecoder : ITokenDecoder
{
    public DecodedToken Decode(DecodedToken token) => token.Changed(text =>
        TokenTexts.ByteOf(text) is >= 0 and int b ? EscapedText.OfByte((byte)b).ToString() : text);
}
