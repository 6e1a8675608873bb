using System.Text;

namespace Cria.Data.Cleaning.Steps;

/// <summary>The lines of a text, ended by <c>\n</c> alone, and texts without some of them.</summary>
static class TextLines
{
    /// <summary>Whether a line (without its end) stays.</summary>
    public delegate bool Keeps(ReadOnlySpan<char> line);

    /// <summary>The lines without their ends, the same that <see cref="Where"/> asks about.</summary>
    public static Lines Of(string text) => new(text);

    /// <summary>The lines that stay, each with its end; <paramref name="text"/> itself if all do.</summary>
    public static string Where(string text, Keeps keeps)
    {
        StringBuilder? output = null;
        Lines lines = Of(text);
        while (lines.MoveNext())
        {
            if (!keeps(lines.Current))
                output ??= new StringBuilder(text, 0, lines.Start, text.Length);
            else
                output?.Append(text, lines.Start, lines.Next - lines.Start);
        }

        return output?.ToString() ?? text;
    }

    /// <summary>A walk over lines; behind the last line end stands none.</summary>
    public ref struct Lines(string text)
    {
        /// <summary>Where the line begins.</summary>
        public int Start { get; private set; }

        /// <summary>Where the next one begins.</summary>
        public int Next { get; private set; }

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly Lines GetEnumerator() => this;

        public bool MoveNext()
        {
            if (Next >= text.Length)
                return false;
            Start = Next;
            int end = text.IndexOf('\n', Start);
            Current = text.AsSpan(Start, (end < 0 ? text.Length : end) - Start);
            Next = end < 0 ? text.Length : end + 1;
            return true;
        }
    }
}
