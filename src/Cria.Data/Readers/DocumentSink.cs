using System.Text;

namespace Cria.Data.Readers;

/// <summary>Where the formats put what they find: it is checked, repaired, counted, and made documents.</summary>
sealed class DocumentSink(string file, ReaderOptions options, ReaderStatistics statistics)
{
    readonly List<Document> _documents = [];
    byte[] _groupUtf8 = [];
    string? _group;

    public IReadOnlyList<Document> Documents => _documents;

    /// <summary>A text; bytes that are not UTF-8 become U+FFFD, one of nothing but white space is left out.</summary>
    public void Add(ReadOnlyMemory<byte> text, long line, ReadOnlySpan<byte> group = default, bool hasGroup = false)
    {
        if (text.Length > options.MaxDocumentBytes)
            throw TooLong(file, line, options);
        if (TextBytes.IsWhiteSpace(text.Span))
        {
            statistics.EmptyDocuments++;
            return;
        }

        text = TextBytes.Repaired(text, statistics);
        statistics.Documents++;
        statistics.TextBytes += text.Length;
        _documents.Add(new Document(text, file, line) { Group = hasGroup ? Group(group) : null });
    }

    /// <summary>A line that holds no document; <paramref name="fault"/> goes on after its place.</summary>
    public void AddBadLine(long line, string fault) =>
        statistics.AddBadLine($"{file}:{line} {fault}; the line is left out.");

    /// <summary>Escapes of half a surrogate pair, which were replaced by U+FFFD.</summary>
    public void CountLoneSurrogates(int count) => statistics.LoneSurrogates += count;

    public static DataException TooLong(string file, long line, ReaderOptions options) => new(
        $"{file}:{line} begins a document of more than {Limit(options)}; that is refused: cut it into smaller ones.");

    public static string Limit(ReaderOptions options) => options.MaxDocumentBytes >= 1 << 20
        ? $"{options.MaxDocumentBytes >> 20} MB"
        : $"{options.MaxDocumentBytes} bytes";

    // Neighbours have the same author more often than not.
    string Group(ReadOnlySpan<byte> utf8)
    {
        if (_group is null || !utf8.SequenceEqual(_groupUtf8))
            (_groupUtf8, _group) = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return _group;
    }
}
