using System.Globalization;
using System.Text;

namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>Leaves out combining marks; after a decomposition these are the accents.</summary>
public sealed record StripAccentsNormalizer : INormalizer
{
    public string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Without(text, category => category is UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);
    }

    public long MaxBytes(long utf8Bytes) => utf8Bytes;

    /// <summary>The text without the characters of certain categories.</summary>
    internal static string Without(string text, Func<UnicodeCategory, bool> isLeftOut)
    {
        StringBuilder kept = new(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int length = i + 1 < text.Length && char.IsSurrogatePair(text, i) ? 2 : 1;
            if (!isLeftOut(CharUnicodeInfo.GetUnicodeCategory(text, i)))
                kept.Append(text, i, length);
            i += length;
        }
        return kept.ToString();
    }
}
