using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Articles under headings of the form <c>= = = Title = = =</c>: each a document, its title and the headings in it on lines
/// of their own.</summary>
static class HeadedArticles
{
    const int ArticleLevel = 3;

    /// <param name="text">The file.</param>
    /// <param name="keepsIndentation">Whether a line's first spaces mean something, as in verse; its last never do.</param>
    /// <param name="isNumber">Of a heading, whether it opens an article and is no title of it.</param>
    public static IEnumerable<string> Of(string text, bool keepsIndentation = false, Predicate<string>? isNumber = null)
    {
        var article = new StringBuilder();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            if (end < 0)
                end = text.Length;
            string line = PythonText.Strip(text.AsSpan(start, end - start)).ToString();
            int level = Level(line);
            if (level == ArticleLevel && article.Length > 0)
            {
                yield return article.ToString();
                article.Clear();
            }

            if (level == 0 && keepsIndentation)
                line = PythonText.StripEnd(text.AsSpan(start, end - start)).ToString();
            string content = line[(2 * level)..(line.Length - (2 * level))];
            if (level != ArticleLevel || isNumber?.Invoke(content) != true)
                article.Append(content).Append('\n');
            start = end + 1;
        }

        if (article.Length > 0)
            yield return article.ToString();
    }

    /// <summary>How many signs stand on each side of a title, at least three; 0 for an ordinary line.</summary>
    static int Level(string line)
    {
        int level = 0;
        while (line.Length > (4 * level) + 4 && line.AsSpan(2 * level).StartsWith("= ") && line.AsSpan(0, line.Length - (2 * level)).EndsWith(" ="))
            level++;
        return level >= ArticleLevel ? level : 0;
    }
}
