namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>Every character in lower case, by itself: no language, no neighbours.</summary>
public sealed record LowercaseNormalizer : INormalizer
{
    public string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // The one character whose lower case is two characters in every language.
        return text.ToLowerInvariant().Replace("\u0130", "i\u0307", StringComparison.Ordinal);
    }

    public long MaxBytes(long utf8Bytes) => utf8Bytes * 3 / 2 + 1; // two bytes may become three
}
