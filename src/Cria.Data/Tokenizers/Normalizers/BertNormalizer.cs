using System.Globalization;
using System.Text;
using Cria.Data.Unicode;

namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>BERT's preparation: control characters gone, spaces around ideographs, accents and case gone on demand.</summary>
/// <param name="CleanText">Whether control characters go and every white space becomes a space.</param>
/// <param name="HandleChineseCharacters">Whether ideographs stand alone.</param>
/// <param name="StripAccents">Whether accents go; null: where <paramref name="Lowercase"/> says so.</param>
/// <param name="Lowercase">Whether text becomes lower case.</param>
public sealed record BertNormalizer(bool CleanText, bool HandleChineseCharacters, bool? StripAccents, bool Lowercase) : INormalizer
{
    static readonly LowercaseNormalizer Case = new();

    public string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder output = new(text.Length);
        ReadOnlySpan<char> rest = text;
        while (rest.Length > 0)
        {
            Rune.DecodeFromUtf16(rest, out Rune rune, out int length);
            Append(rune, rest[..length], output);
            rest = rest[length..];
        }
        string result = output.ToString();
        if (StripAccents ?? Lowercase)
            result = StripAccentsNormalizer.Without(
                UnicodeNormalization.Nfd(result), category => category == UnicodeCategory.NonSpacingMark);
        return Lowercase ? Case.Normalize(result) : result;
    }

    public long MaxBytes(long utf8Bytes) => utf8Bytes * 9; // decomposed, then in lower case

    void Append(Rune rune, ReadOnlySpan<char> characters, StringBuilder output)
    {
        if (CleanText && (rune.Value is 0 or 0xFFFD || IsControl(rune)) && !char.IsLowSurrogate(characters[0]))
            return;
        if (CleanText && Rune.IsWhiteSpace(rune))
            output.Append(' ');
        else if (HandleChineseCharacters && IsIdeograph(rune.Value))
            output.Append(' ').Append(characters).Append(' ');
        else
            output.Append(characters);
    }

    static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;

    static bool IsIdeograph(int point) => point is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F)
        or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
