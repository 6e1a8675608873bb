using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Cria.Data.Tokenizers;

/// <summary>
/// What a tokenizer file looks for: a literal string or a regular expression. Expressions mean code points, while .NET's
/// run over UTF-16; so each character beyond the basic plane is shown to them as one character of the same category.
/// </summary>
public sealed class TextPattern
{
    const int LongestExpression = 10_000;

    const int MicrosecondsPerCharacter = 10;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly Regex? _regex;

    TextPattern(string source, string? literal, Regex? regex) => (Source, Literal, _regex) = (source, literal, regex);

    /// <summary>The literal or the expression as the file has it.</summary>
    public string Source { get; }

    /// <summary>The string itself, where it is no expression.</summary>
    public string? Literal { get; }

    /// <exception cref="DataException">The string is empty.</exception>
    public static TextPattern OfLiteral(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length > 0
            ? new TextPattern(text, text, null)
            : throw new DataException("A pattern is an empty string, which is everywhere; give the text that is meant.");
    }

    /// <exception cref="DataException">The expression is damaged, or of a dialect that .NET does not know.</exception>
    public static TextPattern OfRegex(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        if (expression.Length > LongestExpression)
            throw new DataException($"An expression has {expression.Length} characters, more than any tokenizer's ({LongestExpression}).");
        if (expression.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0)
            throw new DataException($"The expression '{expression}' names characters beyond U+FFFF, which is not supported.");
        return new TextPattern(expression, null, Compile(expression));
    }

    /// <summary>The matches from left to right; none overlaps another.</summary>
    /// <exception cref="DataException">The expression takes too long on this text.</exception>
    public List<(int Start, int Length)> Matches(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Matches(text, Patience + TimeSpan.FromMicroseconds((long)MicrosecondsPerCharacter * text.Length));
    }

    /// <param name="text">Where to look.</param>
    /// <param name="patience">How long an expression may take for all matches together.</param>
    internal List<(int Start, int Length)> Matches(string text, TimeSpan patience)
    {
        List<(int, int)> matches = [];
        if (_regex is null)
            for (int i = 0; (i = text.IndexOf(Literal!, i, StringComparison.Ordinal)) >= 0; i += Literal!.Length)
                matches.Add((i, Literal!.Length));
        else
            FindAll(text, patience, matches);
        return matches;
    }

    void FindAll(string text, TimeSpan patience, List<(int, int)> matches)
    {
        int[]? places = null;
        string shown = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDBFF') >= 0 ? Shown(text, out places) : text;
        long began = Stopwatch.GetTimestamp();
        try
        {
            foreach (ValueMatch match in _regex!.EnumerateMatches(shown))
            {
                int start = places?[match.Index] ?? match.Index;
                int end = match.Index + match.Length;
                matches.Add((start, (places?[end] ?? end) - start));
                if (Stopwatch.GetElapsedTime(began) > patience)
                    throw new DataException(TooSlow(text, patience));
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new DataException(TooSlow(text, Patience), e);
        }
    }

    string TooSlow(string text, TimeSpan patience) =>
        $"The expression '{Source}' takes more than {patience.TotalSeconds:0} seconds on {text.Length} characters; "
        + "use a tokenizer with a simpler one.";

    /// <summary>The text with one character a code point, and where each begins in the original.</summary>
    static string Shown(string text, out int[] places)
    {
        StringBuilder shown = new(text.Length);
        List<int> starts = [];
        for (int i = 0; i < text.Length;)
        {
            starts.Add(i);
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(text, i);
            shown.Append(isPair ? StandIn(CharUnicodeInfo.GetUnicodeCategory(text, i)) : text[i]);
            i += isPair ? 2 : 1;
        }
        starts.Add(text.Length);
        places = [.. starts];
        return shown.ToString();
    }

    /// <summary>A character of a category that no expression is likely to name by itself.</summary>
    static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u2C00',
        UnicodeCategory.LowercaseLetter => '\u2C30',
        UnicodeCategory.TitlecaseLetter => '\u1F88',
        UnicodeCategory.ModifierLetter => '\uA717',
        UnicodeCategory.OtherLetter => '\uA000',
        UnicodeCategory.NonSpacingMark => '\u1DC0',
        UnicodeCategory.SpacingCombiningMark => '\u1B04',
        UnicodeCategory.EnclosingMark => '\uA670',
        UnicodeCategory.DecimalDigitNumber => '\uA620',
        UnicodeCategory.LetterNumber => '\u16EE',
        UnicodeCategory.OtherNumber => '\u2CFD',
        UnicodeCategory.DashPunctuation => '\u2E1A',
        UnicodeCategory.OtherPunctuation => '\u2CF9',
        UnicodeCategory.MathSymbol => '\u2A00',
        UnicodeCategory.CurrencySymbol => '\u20BF',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => '\u2800',
        UnicodeCategory.Format => '\u2060',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\u0378', // never assigned
    };

    static Regex Compile(string expression)
    {
        try
        {
            return new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Patience);
        }
        catch (NotSupportedException) // it looks ahead or back, which only the backtracking engine can
        {
            return new Regex(expression, RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException e)
        {
            throw new DataException($"The expression '{expression}' is not understood: {e.Message}", e);
        }
    }
}
