namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>Rewrites text before it is cut into words. Safe for many threads at once.</summary>
public interface INormalizer
{
    /// <summary>The text in its normal form; lone surrogates, which carry bytes that are not UTF-8, stay.</summary>
    string Normalize(string text);

    /// <summary>No text of so many bytes of UTF-8 becomes longer than this many.</summary>
    long MaxBytes(long utf8Bytes);
}
