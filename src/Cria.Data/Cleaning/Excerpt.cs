using System.Globalization;
using System.Text;

namespace Cria.Data.Cleaning;

/// <summary>Short pieces of text for reports, with what cannot be seen made visible.</summary>
static class Excerpt
{
    const int Around = 16, Length = 48;

    /// <summary>Both texts around their first difference.</summary>
    public static (string Before, string After) OfChange(string before, string after)
    {
        int start = Math.Max(0, before.AsSpan().CommonPrefixLength(after) - Around);
        return (Visible(before.AsSpan(start)), Visible(after.AsSpan(Math.Min(start, after.Length))));
    }

    /// <summary>The beginning of a text.</summary>
    public static string OfStart(string text) => Visible(text);

    static string Visible(ReadOnlySpan<char> text)
    {
        var output = new StringBuilder();
        foreach (char c in text[..Math.Min(Length, text.Length)])
        {
            if (c == '\n')
                output.Append("\\n");
            else if (IsInvisible(c))
                output.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                output.Append(c);
        }

        return output.ToString();
    }

    static bool IsInvisible(char c) => c != ' ' && char.GetUnicodeCategory(c) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;
}
