namespace Cria.Data.Readers;

/// <summary>
/// Cuts long documents into parts, for corpora that are one long text: only what consists of several documents can be
/// split into training and validation.
/// </summary>
public static class DocumentDivision
{
    /// <summary>
    /// Every document of at most <paramref name="maxCharacters"/> as it is; a longer one in parts, cut where a
    /// paragraph ends, else a line, else a word, without the line ends around them.
    /// </summary>
    public static IEnumerable<Document> Divide(IEnumerable<Document> documents, int maxCharacters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCharacters, 2);
        return Parts(documents, maxCharacters);
    }

    static IEnumerable<Document> Parts(IEnumerable<Document> documents, int maxCharacters)
    {
        foreach (Document document in documents)
        {
            string text = document.Text;
            if (text.Length <= maxCharacters)
            {
                yield return document;
                continue;
            }

            long line = document.Line;
            for (int start = 0; start < text.Length;)
            {
                int length = PartLength(text.AsSpan(start), maxCharacters);
                string part = text.Substring(start, length);
                if (!string.IsNullOrWhiteSpace(part))
                    yield return new Document(part.Trim('\r', '\n'), document.File, line) { Group = document.Group };
                line += part.AsSpan().Count('\n');
                start += length;
            }
        }
    }

    static int PartLength(ReadOnlySpan<char> text, int maxCharacters)
    {
        if (text.Length <= maxCharacters)
            return text.Length;
        ReadOnlySpan<char> head = text[..maxCharacters];
        int end = Math.Max(head.LastIndexOf("\n\n"), head.LastIndexOf("\n\r\n"));
        if (end <= 0)
            end = head.LastIndexOf('\n');
        if (end <= 0)
            end = head.LastIndexOf(' ');
        if (end > 0)
            return end + 1;
        return char.IsHighSurrogate(head[^1]) ? maxCharacters - 1 : maxCharacters;
    }
}
