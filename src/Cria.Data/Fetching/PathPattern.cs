using System.Text;
using System.Text.RegularExpressions;

namespace Cria.Data.Fetching;

/// <summary>
/// Patterns over the paths of a repository: <c>*</c> and <c>?</c> stay inside one name, <c>**</c> goes through folders, <c>[ab]</c>
/// is one of them.
/// </summary>
static class PathPattern
{
    const int MostCharacters = 1000;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static Func<string, bool> Of(string pattern)
    {
        if (pattern.Length > MostCharacters)
            throw new DataException($"A pattern of files has {pattern.Length} characters; at most {MostCharacters} are taken.");
        StringBuilder text = new("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*')
            {
                bool isFolder = i + 2 < pattern.Length && pattern[i + 2] == '/';
                text.Append(isFolder ? "(?:.*/)?" : ".*");
                i += isFolder ? 2 : 1;
            }
            else if (c == '[' && pattern.IndexOf(']', i) is > 0 and int end && end > i + 1)
            {
                string set = pattern[(i + 1)..end].Replace("\\", "\\\\", StringComparison.Ordinal);
                text.Append('[').Append(set[0] == '!' ? "^" + set[1..] : set).Append(']');
                i = end;
            }
            else
            {
                text.Append(c switch { '*' => "[^/]*", '?' => "[^/]", _ => Regex.Escape(c.ToString()) });
            }
        }

        try
        {
            // Without backtracking, so that no pattern that a server sends is slow.
            Regex regex = new(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Patience);
            return regex.IsMatch;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new DataException($"\"{pattern}\" is no pattern of files; expected names with *, ?, ** or [ab].", e);
        }
    }
}
