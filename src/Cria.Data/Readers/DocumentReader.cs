using System.Collections;
using Cria.Data.Compression;
using Cria.Data.Readers.Formats;

namespace Cria.Data.Readers;

/// <summary>
/// Documents from files, one after the other, in bounded memory. A file's name tells its format: JSON lines, CSV and TSV
/// have a document a row, in a field that <see cref="ReaderOptions"/> names, all else is plain text, cut at separators;
/// each may be packed. Parquet is known by its first bytes too, and has a document a row. Not for several threads, but
/// <see cref="BytesRead"/> may be watched from another.
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

    /// <summary>How they become documents.</summary>
    public ReaderOptions Options => _options;

    /// <summary>Whether every file is plain text, by its name.</summary>
    public bool IsPlainText => _files.TrueForAll(file => InputFiles.IsPlainText(file.Path));

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
    public static DocumentReader Open(IEnumerable<string> paths, ReaderOptions? options = null)
    {
        options ??= new ReaderOptions();
        if (options.GroupField == options.TextField)
            throw new DataException($"The field \"{options.TextField}\" is asked for as text and as group; name two.");
        return new(InputFiles.Expand(paths), options);
    }

    /// <summary>The documents, from the first file on, on the caller's thread; the statistics begin anew.</summary>
    /// <exception cref="DataException">A file is empty, binary or damaged, or a document is too long.</exception>
    public IEnumerator<Document> GetEnumerator() =>
        Process(documents => documents, threads: 1).SelectMany(documents => documents).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// Works on the documents of every block on several threads; results come in the order of the corpus. Reading
    /// itself happens on the caller's thread, and a few blocks are under way at a time. The statistics begin anew.
    /// </summary>
    /// <param name="work">What is done with the documents of a block; called from several threads at once.</param>
    /// <param name="threads">How many; 0 for one a core, 1 for the caller's own.</param>
    /// <exception cref="DataException">A file is empty, binary or damaged, or a document is too long.</exception>
    public IEnumerable<T> Process<T>(Func<IReadOnlyList<Document>, T> work, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        var pipeline = new OrderedPipeline<DocumentBlock, (T Result, ReaderStatistics Met)>(block =>
        {
            var met = new ReaderStatistics();
            return (work(block.Parse(met)), met);
        }, threads > 0 ? threads : Environment.ProcessorCount);
        foreach ((T result, ReaderStatistics met) in pipeline.Run(Blocks()))
        {
            Statistics.Add(met);
            yield return result;
        }

        RefuseNothing();
    }

    /// <summary>
    /// The corpus in blocks, to be parsed on any thread; the statistics begin anew and know of files only.
    /// </summary>
    /// <exception cref="DataException">A file is empty, binary or damaged, or a document does not end.</exception>
    public IEnumerable<DocumentBlock> Blocks()
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
            long length = raw.Length;
            if (length == 0)
                Complain(file, $"{file.Path} is empty; name a file with text.");
            else
                foreach (DocumentBlock block in BlocksOf(file, raw))
                    yield return block;

            Volatile.Write(ref _current, null);
            Volatile.Write(ref _bytesFinished, _bytesFinished + length);
        }
    }

    IEnumerable<DocumentBlock> BlocksOf(InputFile file, FileStream raw)
    {
        string path = file.Path;
        void Complaint(string sentence) => Complain(file, sentence);
        if (ParquetBlockReader.Reads(path, raw))
        {
            foreach (DocumentBlock block in new ParquetBlockReader(path, raw, _options, Complaint).Blocks())
                yield return block;
            yield break;
        }

        using Stream stream = PackedFile.Open(raw, path);
        ITextFormat format = ITextFormat.Of(path, _options, Complaint);
        foreach (DocumentBlock block in new TextBlockReader(stream, path, format, _options).Blocks())
            yield return block;
    }

    /// <exception cref="DataException">No document was met.</exception>
    internal void RefuseNothing()
    {
        if (Statistics.Documents > 0)
            return;
        string others = _files.Count > 1 ? $" and {_files.Count - 1} more hold" : " holds";
        string more = Statistics.BadLines > 0 ? $" ({Statistics.BadLineExamples[0].TrimEnd('.')})" : "";
        throw new DataException($"{_files[0].Path}{others} no text{more}; name files with text.");
    }

    void Complain(InputFile file, string sentence)
    {
        if (file.IsNamed)
            throw new DataException(sentence);
        Statistics.Warn(sentence);
    }

    // Unbuffered: whoever reads it takes large pieces, and then its position may be watched from another thread.
    static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{path} could not be opened: {e.Message.TrimEnd('.')}; check the file and its rights.", e);
        }
    }
}
