using Cria.Data.Tokenizers.Composition;

namespace Cria.Data.Tokenizers.Decoders;

/// <summary>GPT-2's printable characters become their bytes; a token with any other character is text already.</summary>
public sealed record ByteLevelDecoder : ITokenDecoder
{
    public DecodedToken Decode(DecodedToken token) => token.Changed(Text) with { IsFused = true };

    static string Text(string printed) =>
        ByteCharacters.TryParse(printed, out byte[] bytes) ? EscapedText.FromUtf8(bytes) : printed;
}
