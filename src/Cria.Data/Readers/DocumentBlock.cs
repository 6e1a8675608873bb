namespace Cria.Data.Readers;

/// <summary>
/// A run of whole documents, read but not yet taken apart. Blocks are read one after the other and cut where the file
/// alone says, never the number of threads: so "the n-th document" means something.
/// </summary>
public abstract class DocumentBlock
{
    bool _isParsed;

    private protected DocumentBlock(string file, long line, ReaderOptions options) =>
        (File, Line, Options) = (file, line, options);

    /// <summary>The file it came from.</summary>
    public string File { get; }

    /// <summary>The line (of Parquet files: the row), from 1, on which it begins.</summary>
    public long Line { get; }

    private protected ReaderOptions Options { get; }

    /// <summary>
    /// The documents, in the order of the file. On any thread, but only once: values are unescaped where they stand.
    /// </summary>
    /// <param name="statistics">Counts what is met; of this thread alone. <see cref="ReaderStatistics.Add"/> sums.</param>
    /// <exception cref="DataException">A document is too long, or the block is damaged.</exception>
    public IReadOnlyList<Document> Parse(ReaderStatistics statistics)
    {
        if (Interlocked.Exchange(ref _isParsed, true))
            throw new InvalidOperationException("a block is parsed only once");
        var sink = new DocumentSink(File, Options, statistics);
        Parse(sink);
        return sink.Documents;
    }

    private protected abstract void Parse(DocumentSink sink);
}
