namespace Cria.Data.Cleaning.Steps;

/// <summary>
/// What Project Gutenberg puts around a book goes: all before its line <c>*** START OF …</c> and all behind <c>*** END OF …</c>, the
/// two lines with it. A text without such lines stays as it is.
/// </summary>
public sealed record GutenbergLicence : ICleaningStep
{
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
        return TextLines.Where(text, line =>
        {
            if (Marker(line) is { } isStart)
            {
                isInside = isStart;
                return false;
            }

            return isInside;
        });
    }

    static bool? FirstMarker(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (Marker(line) is { } isStart)
                return isStart;
        }

        return null;
    }

    // *** START OF THE PROJECT GUTENBERG EBOOK, ***START OF THIS …, End of the Project Gutenberg EBook of …
    static bool? Marker(ReadOnlySpan<char> line)
    {
        bool isStarred = line.TrimStart().StartsWith("***");
        line = line.Trim("* ");
        if (line.Length > 200 || !line.Contains("PROJECT GUTENBERG", StringComparison.OrdinalIgnoreCase))
            return null;
        if (isStarred && line.StartsWith("START OF ", StringComparison.OrdinalIgnoreCase))
            return true;
        bool isEnd = line.StartsWith("END OF ", StringComparison.OrdinalIgnoreCase)
            && (isStarred || line["END OF ".Length..].TrimStart("theisTHEIS ").StartsWith("PROJECT GUTENBERG", StringComparison.OrdinalIgnoreCase));
        return isEnd ? false : null;
    }
}
