using System.Globalization;

namespace Cria.Data.Cleaning.Filters;

/// <summary>Documents with too many signs, digits or capitals, which are tables, code and shouting more often than sentences, go.</summary>
public sealed record CharacterRatios : IDocumentFilter
{
    /// <inheritdoc/>
    public string Name => "character ratios";

    /// <summary>The greatest share of signs (no letter, mark or digit) among what is no white space; prose has about 0.05.</summary>
    public double MaxSymbols { get; init; } = 0.3;

    /// <summary>The greatest share of digits among what is no white space.</summary>
    public double MaxDigits { get; init; } = 0.2;

    /// <summary>The greatest share of capitals among letters that have two forms.</summary>
    public double MaxCapitals { get; init; } = 0.5;

    /// <inheritdoc/>
    public string? Reason(string text)
    {
        int visible = 0, symbols = 0, digits = 0, capitals = 0, small = 0;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c))
                continue;
            visible++;
            switch (char.GetUnicodeCategory(c))
            {
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter:
                    capitals++;
                    break;
                case UnicodeCategory.LowercaseLetter:
                    small++;
                    break;
                case UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber:
                    digits++;
                    break;
                case UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Surrogate:
                    break; // a surrogate is half of a letter as well as of a sign
                default:
                    symbols++;
                    break;
            }
        }

        return TooMany(symbols, visible, MaxSymbols, "of its characters are signs")
            ?? TooMany(digits, visible, MaxDigits, "of its characters are digits")
            ?? TooMany(capitals, capitals + small, MaxCapitals, "of its letters are capitals");
    }

    static string? TooMany(int count, int all, double most, string what) =>
        count > most * all ? $"{FilterText.Percent((double)count / all)} {what}" : null;
}
