using System.Text;

namespace Cria.Data.Readers.Formats;

/// <summary>
/// Text as people write it: documents stand between separators, and a file without one is one document. Lines end with
/// <c>\n</c> or <c>\r\n</c>, in documents always with <c>\n</c>; the line end before a separator belongs to neither.
/// </summary>
sealed class PlainText(ReaderOptions options) : ITextFormat
{
    readonly ISeparator _separator = ISeparator.Of(options.Separator);
    int _searched;

    public int WholeDocuments(ReadOnlySpan<byte> bytes, long line)
    {
        // A line that was cut is looked at again from its beginning.
        int from = bytes[.._searched].LastIndexOf((byte)'\n') + 1;
        int whole = _separator.LastEnd(bytes, from);
        _searched = bytes.Length - whole;
        return whole;
    }

    public void Parse(Memory<byte> bytes, long line, DocumentSink sink)
    {
        for (int start = 0; start < bytes.Length;)
        {
            (int end, int next) = _separator.Next(bytes.Span, start);
            int lines = bytes.Span[start..next].Count((byte)'\n'); // before line ends move
            if (end > start)
                sink.Add(Normalized(WithoutLineEnd(bytes[start..end])), line);
            line += lines;
            start = next;
        }
    }

    public string TooLong(long line, string limit) =>
        $"begins a document of more than {limit}; that is refused: cut it into smaller ones with {_separator.Words}.";

    static Memory<byte> WithoutLineEnd(Memory<byte> text)
    {
        if (text.Span.EndsWith("\n"u8))
            text = text[..^1];
        return text.Span.EndsWith("\r"u8) ? text[..^1] : text;
    }

    /// <summary>The text with every <c>\r\n</c> made <c>\n</c>, where it stands.</summary>
    static Memory<byte> Normalized(Memory<byte> text)
    {
        Span<byte> bytes = text.Span;
        int read = bytes.IndexOf("\r\n"u8);
        if (read < 0)
            return text;

        int written = read;
        while (read < bytes.Length)
        {
            read++; // the carriage return
            int run = bytes[read..].IndexOf("\r\n"u8);
            if (run < 0)
                run = bytes.Length - read;
            bytes.Slice(read, run).CopyTo(bytes[written..]);
            written += run;
            read += run;
        }

        return text[..written];
    }
}
