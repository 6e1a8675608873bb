using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>The books of the Children's Book Test, cut into tokens with spaces between: <c>`` I do n't , '' said John 's dog</c>.</summary>
sealed class Cbt : IBabyLmDomain
{
    const string Title = "_BOOK_TITLE_";

    public string Stem => "cbt";

    /// <summary>Extra spaces, and the space before an apostrophe within a word.</summary>
    public string Clean(string text) => JoinApostrophes(ExtraSpaces.Remove(text));

    /// <summary>A book is a document, its quotation marks, brackets and endings such as <c>n't</c> are written as in print.</summary>
    public IEnumerable<string> Documents(string text)
    {
        foreach (string book in Books(text))
            yield return ExtraSpaces.Remove(PrintedTokens.Of(book));
    }

    // What has been joined is not looked at again: in "I 'd 've" the second space stays, as with a regular expression.
    static string JoinApostrophes(string text)
    {
        var output = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out int length);
            output.Append(text, i, length);
            i += length;
            if (i + 2 >= text.Length || text[i] != ' ' || text[i + 1] is not ('\'' or '’') || !PythonText.IsWord(rune))
                continue;
            Rune.DecodeFromUtf16(text.AsSpan(i + 2), out Rune next, out length);
            if (!PythonText.IsWord(next))
                continue;
            output.Append(text, i + 1, 1 + length);
            i += 2 + length;
        }

        return output.ToString();
    }

    static IEnumerable<string> Books(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int border = text.IndexOf(Title, start, StringComparison.Ordinal);
            int end = border < 0 ? text.Length : border;
            if (end > start)
                yield return text[start..end];
            int line = border < 0 ? -1 : text.IndexOf('\n', border);
            start = line < 0 ? text.Length : line + 1;
        }
    }
}
