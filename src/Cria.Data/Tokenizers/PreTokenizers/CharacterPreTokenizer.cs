using System.Globalization;
using System.Text;

namespace Cria.Data.Tokenizers.PreTokenizers;

/// <summary>The kinds of characters at which text is cut.</summary>
public enum DelimiterKind
{
    /// <summary>Unicode's White_Space property.</summary>
    WhiteSpace,

    /// <summary>Unicode's punctuation, and ASCII's symbols too.</summary>
    Punctuation,

    /// <summary>Unicode's numbers, digits or not.</summary>
    Number,
}

/// <summary>Cuts at characters of one kind, each a delimiter by itself.</summary>
public sealed record CharacterPreTokenizer(DelimiterKind Kind, SplitBehavior Behavior) : IPreTokenizer
{
    public void Split(TextPiece piece, ICollection<TextPiece> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        Delimiters.Cut(piece, Found(piece.Text), Behavior, isInverted: false, words);
    }

    public long MaxBytes(long utf8Bytes) => utf8Bytes;

    List<(int Start, int Length)> Found(string text)
    {
        List<(int, int)> found = [];
        for (int i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int length);
            if (Is(rune))
                found.Add((i, length));
            i += length;
        }
        return found;
    }

    bool Is(Rune rune) => Kind switch
    {
        DelimiterKind.WhiteSpace => Rune.IsWhiteSpace(rune),
        DelimiterKind.Number => Rune.IsNumber(rune),
        _ => Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.GetUnicodeCategory(rune) is UnicodeCategory.MathSymbol
            or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol),
    };
}
