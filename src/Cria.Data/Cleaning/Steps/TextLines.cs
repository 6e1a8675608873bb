using System.Text;

namespace Cria.Data.Cleaning.Steps;

/// <summary>Texts without some of their lines.</summary>
static class TextLines
{
    /// <summary>Whether a line (without its end) stays.</summary>
    public delegate bool Keeps(ReadOnlySpan<char> line);

    /// <summary>The lines that stay, each with its end; <paramref name="text"/> itself if all do.</summary>
    public static string Where(string text, Keeps keeps)
    {
        StringBuilder? output = null;
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            int next = end < 0 ? text.Length : end + 1;
            bool isKept = keeps(text.AsSpan(start, (end < 0 ? text.Length : end) - start));
            if (!isKept)
                output ??= new StringBuilder(text, 0, start, text.Length);
            else
                output?.Append(text, start, next - start);
            start = next;
        }

        return output?.ToString() ?? text;
    }
}
