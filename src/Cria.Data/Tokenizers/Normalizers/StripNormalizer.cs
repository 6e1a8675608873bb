namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>Leaves out the white space at one end or both.</summary>
public sealed record StripNormalizer(bool Left, bool Right) : INormalizer
{
    public string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return (Left, Right) switch
        {
            (true, true) => text.Trim(),
            (true, false) => text.TrimStart(),
            (false, true) => text.TrimEnd(),
            _ => text,
        };
    }

    public long MaxBytes(long utf8Bytes) => utf8Bytes;
}
