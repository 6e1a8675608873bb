namespace Cria.Data.Tokenizers.Decoders;

/// <summary>Takes a character away: at most so many at the start and at the end of each token, or of the fused text.</summary>
public sealed record StripDecoder(char Content, int Start, int Stop) : ITokenDecoder
{
    /// <exception cref="DataException">The text is fused, and its end is not known yet.</exception>
    public DecodedToken Decode(DecodedToken token)
    {
        if (!token.IsFused)
            return token.Changed(Stripped);
        return Stop == 0 && Start <= 1
            ? token with { Opening = Stripped(token.Opening) }
            : throw new DataException(
                $"The decoder strips {Start} and {Stop} characters from fused text, which is not supported; one at the start is.");
    }

    string Stripped(string text)
    {
        (int start, int end) = (0, text.Length);
        while (start < end && start < Start && text[start] == Content)
            start++;
        while (end > start && text.Length - end < Stop && text[end - 1] == Content)
            end--;
        return text[start..end];
    }
}
