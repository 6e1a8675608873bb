using System.Text;

namespace Cria.Data.Readers.Formats;

/// <summary>
/// A row a document: CSV (RFC 4180) and TSV. The first row names the columns. A field that begins with a quote ends with
/// one, and may hold separators, line ends and doubled quotes; elsewhere a quote is a letter like any other.
/// </summary>
sealed class SeparatedValues(char delimiter, string file, ReaderOptions options, Action<string> complain) : ITextFormat
{
    const int MaxColumns = 1 << 14;

    readonly RowScanner _scanner = new((byte)delimiter);
    string[]? _columns;
    int _textColumn;
    int _groupColumn = -1;

    public bool IsLeftOut { get; private set; }

    public int WholeDocuments(ReadOnlySpan<byte> bytes, long line)
    {
        int whole = _scanner.WholeRows(bytes);
        if (_columns is null && whole > 0)
            ReadHeader(bytes[..whole]);
        return whole;
    }

    public void CheckEnd(ReadOnlySpan<byte> bytes, long line)
    {
        if (_scanner.OpenQuote is { } at)
        {
            throw new DataException($"{file}:{line + bytes[..at].Count((byte)'\n')} opens a quote that is never closed; " +
                "close it there, or double it if it belongs to the text.");
        }

        if (_columns is null)
            ReadHeader(bytes);
    }

    public void Parse(Memory<byte> bytes, long line, DocumentSink sink)
    {
        var fields = new List<Field>();
        for (int start = 0; start < bytes.Length;)
        {
            Memory<byte> rest = bytes[start..];
            int length = RowFields.Read(rest.Span, (byte)delimiter, _columns!.Length + 1, fields, out bool isWellFormed);
            int lines = rest.Span[..length].Count((byte)'\n');
            bool isHeader = line == 1;
            bool isBlank = fields is [{ Length: 0, IsQuoted: false }];
            if (!isHeader && !isBlank)
                AddRow(rest, fields, isWellFormed, line, sink);
            line += lines;
            start += length;
        }
    }

    public string TooLong(long line, string limit) =>
        $"begins a row of more than {limit}, which is refused; perhaps a quote in it is never closed.";

    void AddRow(Memory<byte> row, List<Field> fields, bool isWellFormed, long line, DocumentSink sink)
    {
        if (!isWellFormed)
            sink.AddBadLine(line, "has text behind the quote that closes a field");
        else if (fields.Count != _columns!.Length)
            sink.AddBadLine(line, fields.Count < _columns.Length
                ? $"has {fields.Count} of the {_columns.Length} columns that the first line names"
                : $"has more fields than the {_columns.Length} columns that the first line names");
        else if (_groupColumn < 0)
            sink.Add(Value(row, fields[_textColumn]), line);
        else
            sink.Add(Value(row, fields[_textColumn]), line, Value(row, fields[_groupColumn]).Span, hasGroup: true);
    }

    void ReadHeader(ReadOnlySpan<byte> bytes)
    {
        var fields = new List<Field>();
        byte[] copy = bytes.ToArray();
        RowFields.Read(copy, (byte)delimiter, MaxColumns + 1, fields, out _);
        if (fields.Count > MaxColumns)
            throw new DataException($"{file} names more than {MaxColumns} columns in its first line; it is no table of texts.");
        _columns = [.. fields.Select(field => Encoding.UTF8.GetString(Value(copy, field).Span))];
        _textColumn = Column(options.TextField);
        if (options.GroupField is { } group)
            _groupColumn = Column(group);
    }

    int Column(string name)
    {
        int column = Array.IndexOf(_columns!, name);
        if (column < 0 && !IsLeftOut)
        {
            complain($"{file} has no column \"{name}\"; its columns are {string.Join(", ", _columns!)}: name one of them.");
            IsLeftOut = true;
        }

        return column;
    }

    static Memory<byte> Value(Memory<byte> row, Field field)
    {
        Memory<byte> value = row.Slice(field.Start, field.Length);
        return field.HasDoubledQuotes ? value[..Undoubled(value.Span)] : value;
    }

    /// <summary>Makes one quote of two, where they stand.</summary>
    static int Undoubled(Span<byte> text)
    {
        int read = 0, written = 0;
        while (read < text.Length)
        {
            int run = text[read..].IndexOf("\"\""u8);
            run = run < 0 ? text.Length - read : run + 1;
            text.Slice(read, run).CopyTo(text[written..]);
            written += run;
            read += run + 1; // the second quote
        }

        return written;
    }
}
