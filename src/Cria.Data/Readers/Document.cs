using System.Text;

namespace Cria.Data.Readers;

/// <summary>One text as it was read. It may be a slice of the block it was read in, which lives as long as it does.</summary>
/// <param name="utf8">The text; valid UTF-8.</param>
/// <param name="file">The file it came from.</param>
/// <param name="line">The line (of Parquet files: the row), from 1, on which it begins.</param>
public sealed class Document(ReadOnlyMemory<byte> utf8, string file, long line)
{
    /// <summary>The line that stands between two documents of a plain text file.</summary>
    public const string Separator = "<|endoftext|>";

    string? _text;

    /// <summary>A document of a text at hand; half a surrogate pair becomes U+FFFD.</summary>
    public Document(string text, string file, long line)
        : this(Encoding.UTF8.GetBytes(text), file, line)
    {
    }

    /// <summary>The text; valid UTF-8. Line ends of plain text files are <c>\n</c>.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    /// <summary>The file it came from.</summary>
    public string File { get; } = file;

    /// <summary>The line (of Parquet files: the row), from 1, on which it begins.</summary>
    public long Line { get; } = line;

    /// <summary>Its value in the column <see cref="ReaderOptions.GroupField"/>, such as its author; null without one.</summary>
    public string? Group { get; init; }

    /// <summary>The text in UTF-16, made when it is first asked for.</summary>
    public string Text => _text ??= Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>FILE:LINE.</summary>
    public string Place => $"{File}:{Line}";
}
