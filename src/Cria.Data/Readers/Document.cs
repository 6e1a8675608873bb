namespace Cria.Data.Readers;

/// <summary>One text as it was read.</summary>
/// <param name="Text">The text, lines ended by <c>\n</c>; valid UTF-16 unless a JSON escape said otherwise.</param>
/// <param name="File">The file it came from.</param>
/// <param name="Line">The line, from 1, on which it begins.</param>
public sealed record Document(string Text, string File, long Line)
{
    /// <summary>The line that stands between two documents of a plain text file.</summary>
    public const string Separator = "<|endoftext|>";

    /// <summary>FILE:LINE.</summary>
    public string Place => $"{File}:{Line}";
}
