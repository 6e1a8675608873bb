namespace Cria.Data.Tokenizers.Decoders;

/// <summary>Turns a token, as the file writes it, into the text it stands for: token by token, so that text can stream.</summary>
public interface ITokenDecoder
{
    DecodedToken Decode(DecodedToken token);
}

/// <summary>A token on its way to become text; bytes that are not UTF-8 are lone surrogates, U+DC80 to U+DCFF.</summary>
/// <param name="Opening">Its text where it opens a text.</param>
/// <param name="Following">Its text after other tokens.</param>
/// <param name="IsFused">Whether what follows sees the text as a whole and no longer its tokens.</param>
public readonly record struct DecodedToken(string Opening, string Following, bool IsFused = false)
{
    /// <summary>The same change of both texts.</summary>
    public DecodedToken Changed(Func<string, string> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return this with { Opening = change(Opening), Following = change(Following) };
    }
}
