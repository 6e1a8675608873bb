using System.Buffers;
using System.Text;

namespace Cria.Data.Cleaning.Steps;

/// <summary>
/// The rules for lines of C4 (Raffel et al. 2020, "Exploring the limits of transfer learning", section 2.2): a line stays if it ends
/// with a terminal mark, has enough words and none of <see cref="BoilerplateLines.DefaultPhrases"/>; Wikipedia's marks of citations go.
/// Menus and captions go so, but headings and verse too: for pages of the web.
/// </summary>
public sealed record C4Lines : ICleaningStep
{
    static readonly SearchValues<string> Phrases =
        SearchValues.Create([.. BoilerplateLines.DefaultPhrases], StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public string Name => "C4 lines";

    /// <summary>Words at least.</summary>
    public int MinWords { get; init; } = 5;

    /// <inheritdoc/>
    public string Apply(string text) => TextLines.Where(WithoutCitations(text), Keeps);

    bool Keeps(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        if (line.IsEmpty)
            return true; // what stands between paragraphs; BlankLines makes several one
        if (line[^1] is not ('.' or '?' or '!' or '"' or '”') || line.EndsWith("...") || line.ContainsAny(Phrases))
            return false;
        int words = 0;
        foreach (Range _ in new TextWords(line))
            words++;
        return words >= MinWords;
    }

    // [12], [edit], [citation needed]; what is left may be one again: "[[1]2]".
    static string WithoutCitations(string text)
    {
        if (!text.Contains('[', StringComparison.Ordinal))
            return text;
        var output = new StringBuilder(text.Length);
        List<int> opened = [];
        foreach (char c in text)
        {
            output.Append(c);
            if (c == '[')
                opened.Add(output.Length - 1);
            else if (c == '\n')
                opened.Clear();
            else if (c == ']' && opened.Count > 0)
                Close(output, opened);
        }

        return output.Length == text.Length ? text : output.ToString();
    }

    static void Close(StringBuilder output, List<int> opened)
    {
        const int Longest = 20; // of a mark with its brackets
        int start = opened[^1], length = output.Length - start;
        opened.RemoveAt(opened.Count - 1);
        if (length > Longest)
            return;
        string inside = output.ToString(start + 1, length - 2);
        if (inside is "edit" or "citation needed" || inside.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
            output.Length = start;
    }
}
