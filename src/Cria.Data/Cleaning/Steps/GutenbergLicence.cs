using System.Buffers;

namespace Cria.Data.Cleaning.Steps;

/// <summary>
/// What Project Gutenberg puts around a book goes: all before its line <c>*** START OF …</c> and all behind <c>*** END OF …</c>, the
/// two lines with it. A text without such lines stays as it is, and so does one of which nothing but white space would be left.
/// </summary>
public sealed record GutenbergLicence : ICleaningStep
{
    static readonly SearchValues<char> OtherLineEnds = SearchValues.Create("\r\f\v\u0085\u2028\u2029");

    /// <inheritdoc/>
    public string Name => "Project Gutenberg licence removed";

    /// <inheritdoc/>
    public string Apply(string text)
    {
        if (!text.Contains("PROJECT GUTENBERG", StringComparison.OrdinalIgnoreCase))
            return text;
        bool? opens = FirstMarker(text);
        if (opens is null)
            return text;
        bool isInside = !opens.Value; // before the first END without a START stands the book
        string book = TextLines.Where(text, line =>
        {
            if (Marker(line) is { } isStart)
            {
                isInside = isStart;
                return false;
            }

            return isInside;
        });
        return string.IsNullOrWhiteSpace(book) ? text : book;
    }

    static bool? FirstMarker(string text)
    {
        foreach (ReadOnlySpan<char> line in TextLines.Of(text))
        {
            if (Marker(line) is { } isStart)
                return isStart;
        }

        return null;
    }

    // *** START OF THE PROJECT GUTENBERG EBOOK, ***START OF THIS …, End of the Project Gutenberg EBook of …
    static bool? Marker(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        bool isStarred = line.StartsWith("***");
        line = line.Trim('*').Trim();
        bool isOneLine = line.IndexOfAny(OtherLineEnds) < 0; // of a book with other line ends, a line is the whole of it
        if (line.Length > 200 || !isOneLine || !line.Contains("PROJECT GUTENBERG", StringComparison.OrdinalIgnoreCase))
            return null;
        if (isStarred && line.StartsWith("START OF ", StringComparison.OrdinalIgnoreCase))
            return true;
        bool isEnd = line.StartsWith("END OF ", StringComparison.OrdinalIgnoreCase)
            && (isStarred || line["END OF ".Length..].TrimStart("theisTHEIS ").StartsWith("PROJECT GUTENBERG", StringComparison.OrdinalIgnoreCase));
        return isEnd ? false : null;
    }
}
