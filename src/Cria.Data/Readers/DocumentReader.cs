using System.Collections;
using System.Runtime.InteropServices;

namespace Cria.Data.Readers;

/// <summary>
/// Documents from files, one after the other, in bounded memory. Plain text: documents stand between lines of
/// <c>&lt;|endoftext|&gt;</c>, and a file without such a line is one document. <c>.jsonl</c>: a document a line, in a
/// field. Each may be packed with gzip. Not for several threads, but <see cref="BytesRead"/> may be watched from
/// another.
/// </summary>
public sealed class DocumentReader : IEnumerable<Document>
{
    readonly List<InputFile> _files;
    readonly ReaderOptions _options;
    long _bytesFinished;
    FileStream? _current;

    DocumentReader(List<InputFile> files, ReaderOptions options)
    {
        (_files, _options) = (files, options);
        foreach (InputFile file in files)
            TotalBytes += new FileInfo(file.Path).Length;
    }

    /// <summary>The files in the order in which they are read.</summary>
    public IEnumerable<string> Files => _files.Select(file => file.Path);

    /// <summary>Bytes of all files on disk.</summary>
    public long TotalBytes { get; }

    /// <summary>Bytes on disk read so far, for a progress bar.</summary>
    public long BytesRead
    {
        get
        {
            FileStream? current = Volatile.Read(ref _current);
            try
            {
                return Volatile.Read(ref _bytesFinished) + (current?.Position ?? 0);
            }
            catch (ObjectDisposedException) // the file ended while we looked
            {
                return Volatile.Read(ref _bytesFinished);
            }
        }
    }

    /// <summary>What was met so far; filled while documents are taken.</summary>
    public ReaderStatistics Statistics { get; private set; } = new();

    /// <summary>Finds the files; each is opened when its turn comes.</summary>
    /// <param name="paths">Files, folders (their text files, also in folders inside) and patterns (<c>*</c>, <c>?</c>,
    /// <c>**</c>); the latter two give their files sorted by name.</param>
    /// <param name="options">How files become documents; null for the defaults.</param>
    /// <exception cref="DataException">A path does not exist, or names no file.</exception>
    public static DocumentReader Open(IEnumerable<string> paths, ReaderOptions? options = null) =>
        new(InputFiles.Expand(paths), options ?? new ReaderOptions());

    /// <summary>The documents, from the first file on; the statistics begin anew.</summary>
    /// <exception cref="DataException">A file is empty, binary or damaged, or a document is too long.</exception>
    public IEnumerator<Document> GetEnumerator()
    {
        Statistics = new ReaderStatistics();
        Volatile.Write(ref _bytesFinished, 0);
        foreach (InputFile file in _files)
        {
            using FileStream raw = OpenFile(file.Path);
            Statistics.Files++;
            Volatile.Write(ref _current, raw);
            if (!raw.CanSeek)
                throw new DataException($"{file.Path} is no regular file; save its content to a file first.");
            if (raw.Length == 0)
            {
                Complain(file, $"{file.Path} is empty; name a file with text.");
                continue;
            }

            using Stream stream = Unpacked(raw);
            var lines = new LineReader(stream, file.Path, _options.MaxDocumentBytes);
            RefuseBinary(file.Path, lines.Peek());
            bool isJson = InputFiles.IsJsonLines(file.Path);
            foreach (Document document in isJson ? JsonLines(file, lines) : PlainText(file, lines))
                yield return document;

            Volatile.Write(ref _current, null);
            Volatile.Write(ref _bytesFinished, _bytesFinished + raw.Length);
        }

        if (Statistics.Documents == 0)
        {
            string others = _files.Count > 1 ? $" and {_files.Count - 1} more hold" : " holds";
            string more = Statistics.BadLines > 0 ? $" ({Statistics.BadLineExamples[0].TrimEnd('.')})" : "";
            throw new DataException($"{_files[0].Path}{others} no text{more}; name files with text.");
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IEnumerable<Document> PlainText(InputFile file, LineReader lines)
    {
        var bytes = new List<byte>();
        long first = 1;
        while (true)
        {
            bool ended = !lines.Next(out ReadOnlySpan<byte> line);
            if (!ended && !line.TrimEnd((byte)' ').SequenceEqual("<|endoftext|>"u8))
            {
                Append(bytes, line, $"{file.Path}:{first}");
                continue;
            }

            if (Finish(bytes, file.Path, first) is { } document)
                yield return document;
            if (ended)
                yield break;
            bytes.Clear();
            first = lines.Line + 1;
        }
    }

    void Append(List<byte> bytes, ReadOnlySpan<byte> line, string place)
    {
        if ((long)bytes.Count + line.Length >= _options.MaxDocumentBytes)
        {
            throw new DataException(
                $"{place} begins a document of more than {_options.MaxDocumentBytes >> 20} MB; that is " +
                $"refused: cut it into smaller ones with lines of {Document.Separator}.");
        }

        bytes.AddRange(line);
        bytes.Add((byte)'\n');
    }

    Document? Finish(List<byte> bytes, string path, long line)
    {
        ReadOnlySpan<byte> all = CollectionsMarshal.AsSpan(bytes);
        if (all.IsEmpty)
            return null; // two separators in a row, or one at an end of the file
        return Counted(TextDecoding.Decode(all[..^1], Statistics), path, line);
    }

    IEnumerable<Document> JsonLines(InputFile file, LineReader lines)
    {
        while (lines.Next(out ReadOnlySpan<byte> line))
        {
            if (line.Trim(" \t"u8).IsEmpty)
                continue;
            string? text = JsonLine.Text(line, _options.TextField, Statistics, out string? fault);
            if (text is null)
                Statistics.AddBadLine($"{file.Path}:{lines.Line} {fault}; the line is left out.");
            else if (Counted(text, file.Path, lines.Line) is { } document)
                yield return document;
        }
    }

    Document? Counted(string text, string path, long line)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Statistics.EmptyDocuments++;
            return null;
        }

        Statistics.Documents++;
        Statistics.TextBytes += System.Text.Encoding.UTF8.GetByteCount(text);
        return new Document(text, path, line);
    }

    void Complain(InputFile file, string sentence)
    {
        if (file.IsNamed)
            throw new DataException(sentence);
        Statistics.Warn(sentence);
    }

    static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16,
                FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{path} could not be opened: {e.Message.TrimEnd('.')}; check the file and its rights.", e);
        }
    }

    // By the first two bytes, not by the name: files are renamed more often than repacked.
    static Stream Unpacked(FileStream raw)
    {
        Span<byte> magic = stackalloc byte[2];
        int count = raw.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        raw.Position = 0;
        return count == 2 && magic.SequenceEqual((ReadOnlySpan<byte>)[0x1F, 0x8B])
            ? new CheckedGzipStream(raw)
            : raw;
    }

    static void RefuseBinary(string path, ReadOnlySpan<byte> start)
    {
        if (TextDecoding.BinarySign(start) is { } sign)
        {
            throw new DataException(
                $"{path} is {sign}; what can be read is UTF-8 text or JSON lines, also with gzip: convert it first.");
        }
    }
}
