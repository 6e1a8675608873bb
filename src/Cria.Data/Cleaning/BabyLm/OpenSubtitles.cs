using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Subtitles of films. Whoever made them says so in a line of the film.</summary>
sealed class OpenSubtitles : IBabyLmDomain
{
    const string Word = "subtitle";

    public string Stem => "open_subtitles";

    /// <summary>Lines that hold "subtitle" go, but for one at the end of the file that no line end closes.</summary>
    public string Clean(string text) => WithoutCredits(text, alsoUnclosed: false);

    /// <summary>All such lines go.</summary>
    public IEnumerable<string> Documents(string text) => [WithoutCredits(text, alsoUnclosed: true)];

    static string WithoutCredits(string text, bool alsoUnclosed)
    {
        var output = new StringBuilder(text.Length);
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            bool isClosed = end >= 0;
            int next = isClosed ? end + 1 : text.Length;
            if (!(isClosed || alsoUnclosed) || !HoldsWord(text.AsSpan(start, next - start)))
                output.Append(text, start, next - start);
            start = next;
        }

        return output.ToString();
    }

    static bool HoldsWord(ReadOnlySpan<char> line)
    {
        for (int i = 0; i <= line.Length - Word.Length; i++)
        {
            int same = 0;
            while (same < Word.Length && IsSame(line[i + same], Word[same]))
                same++;
            if (same == Word.Length)
                return true;
        }

        return false;
    }

    // Python's own rule: the long s is an s, and the i with and without its dot is an i.
    static bool IsSame(char c, char lower) => char.ToLowerInvariant(c) == lower
        || (lower == 's' && c == '\u017F') || (lower == 'i' && c is '\u0130' or '\u0131');
}
