using System.Buffers;
using System.Text.RegularExpressions;

namespace Cria.Data.Cleaning.Steps;

/// <summary>
/// Lines that belong to a page and not to its text go: cookie notices, policies, what a script should have shown. A line goes if it
/// holds one of the phrases or is found by one of the patterns.
/// </summary>
public sealed record BoilerplateLines : ICleaningStep
{
    SearchValues<string> _phrases = Search(DefaultPhrases);
    Regex[] _patterns = [];

    /// <summary>The phrases of Raffel et al. 2020 (C4), section 2.2: policies, cookies, JavaScript.</summary>
    public static IReadOnlyList<string> DefaultPhrases { get; } =
        ["javascript", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"];

    /// <inheritdoc/>
    public string Name => "boilerplate lines removed";

    /// <summary>Phrases anywhere in a line, in any case of letters.</summary>
    public string[] Phrases { get; init { field = value; _phrases = Search(value); } } = [.. DefaultPhrases];

    /// <summary>Regular expressions that are looked for in a line, without look-around and back references, so that they take linear
    /// time.</summary>
    /// <exception cref="DataException">One of them is none, or needs backtracking.</exception>
    public string[] Patterns { get; init { field = value; _patterns = Array.ConvertAll(value, Compiled); } } = [];

    /// <inheritdoc/>
    public string Apply(string text) => TextLines.Where(text, Keeps);

    bool Keeps(ReadOnlySpan<char> line)
    {
        if (line.ContainsAny(_phrases))
            return false;
        foreach (Regex pattern in _patterns)
        {
            if (pattern.IsMatch(line))
                return false;
        }

        return true;
    }

    static SearchValues<string> Search(IEnumerable<string> phrases) =>
        SearchValues.Create([.. phrases.Where(phrase => phrase.Length > 0)], StringComparison.OrdinalIgnoreCase);

    static Regex Compiled(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new DataException($"The pattern \"{pattern}\" cannot be used: {e.Message.TrimEnd('.')}; write a regular expression " +
                "without look-around and back references.", e);
        }
    }
}
