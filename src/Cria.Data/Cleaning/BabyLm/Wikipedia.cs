using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Wikipedia: articles and their sections under headings of the form <c>= = = Title = = =</c>.</summary>
sealed class Wikipedia : IBabyLmDomain
{
    const string Opening = "= = = ", Closing = " = = =";

    public string Stem => "wikipedia";

    /// <summary>
    /// A heading loses its signs and its line end, so that it is glued to what follows; lines are stripped; the first character of
    /// all goes; paragraphs are glued together.
    /// </summary>
    public string Clean(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (ReadOnlySpan<char> line in PythonText.Lines(WithoutHeadings(text)))
            output.Append(PythonText.Strip(line)).Append('\n');
        if (output.Length > 0)
            output.Length--; // lines are joined, not ended
        if (output.Length > 0)
            output.Remove(0, char.IsHighSurrogate(output[0]) ? 2 : 1);
        return GluedParagraphs.Glue(output.ToString());
    }

    /// <summary>An article is a document; headings stand on lines of their own, paragraphs stay apart, no character is lost.</summary>
    public IEnumerable<string> Documents(string text) => HeadedArticles.Of(text);

    static string WithoutHeadings(string text)
    {
        var output = new StringBuilder(text.Length);
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            if (end < 0)
            {
                output.Append(text, start, text.Length - start); // without a line end it is no heading
                break;
            }

            AppendLine(output, text.AsSpan(start, end - start));
            start = end + 1;
        }

        return output.ToString();
    }

    // The title is the shortest that is not empty: from the first opening to the line's end.
    static void AppendLine(StringBuilder output, ReadOnlySpan<char> line)
    {
        int opening = line.IndexOf(Opening);
        int title = opening + Opening.Length, closing = line.Length - Closing.Length;
        if (opening >= 0 && closing > title && line.EndsWith(Closing))
            output.Append(line[..opening]).Append(line[title..closing]);
        else
            output.Append(line).Append('\n');
    }
}
