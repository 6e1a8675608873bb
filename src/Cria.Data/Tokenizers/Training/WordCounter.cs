using System.Collections.Concurrent;
using Cria.Data.Readers;
using Cria.Data.Tokenizers.Composition;

namespace Cria.Data.Tokenizers.Training;

/// <summary>
/// Counts the words of a stream of documents on several threads, each into a table of its own; sums do not depend on who
/// counted what. A table that outgrows its share of the memory becomes a sorted run on disk.
/// </summary>
sealed class WordCounter : IDisposable
{
    const int PartBytes = 1 << 20, ReportEvery = 1 << 20;
    const long LargestTable = 1 << 30; // of one array of bytes no more than twice this can be asked for

    readonly BpeTrainerOptions _options;
    readonly IProgress<BpeTrainerProgress>? _progress;
    readonly long _tableBytes;
    readonly ConcurrentBag<Worker> _workers = [];
    readonly WordRuns _runs;

    /// <exception cref="DataException">The folder for temporary files can neither be found nor be made.</exception>
    public WordCounter(BpeTrainerOptions options, IProgress<BpeTrainerProgress>? progress)
    {
        (_options, _progress) = (options, progress);
        _runs = new WordRuns(Made(options.TemporaryFolder));
        _tableBytes = Math.Min(LargestTable, options.MaxMemory / 4 / Math.Max(1, options.Threads)); // growing, it is twice as large
    }

    public long CountedBytes { get; private set; }

    /// <exception cref="OperationCanceledException">Cancelled between two parts of the documents.</exception>
    public CountedWords Count(IEnumerable<ReadOnlyMemory<byte>> documents, CancellationToken cancellation)
    {
        long reported = 0;
        OrderedPipeline<List<Part>, long> pipeline = new(CountAll, _options.Threads);
        foreach (long bytes in pipeline.Run(DocumentBatches.Of(Parts(documents), part => part.Text.Length)))
        {
            cancellation.ThrowIfCancellationRequested();
            CountedBytes += bytes;
            if (CountedBytes - reported < ReportEvery)
                continue;
            reported = CountedBytes;
            _progress?.Report(new BpeTrainerProgress(CountedBytes, 0, _options.VocabSize));
        }
        return Total();
    }

    /// <inheritdoc/>
    public void Dispose() => _runs.Dispose();

    // Before hours of counting, not when the first table is full.
    static string? Made(string? folder)
    {
        try
        {
            return folder is null ? null : Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(folder!, e);
        }
    }

    CountedWords Total()
    {
        WordCounts total = new();
        bool fits = _runs.Count == 0 && _workers.Sum(worker => worker.Counts.SizeInBytes) <= LargestTable;
        foreach (Worker worker in _workers)
            if (!fits)
                _runs.Add(worker.Counts);
            else if (total.Count == 0)
                total = worker.Counts;
            else
                total.AddAll(worker.Counts);
        _workers.Clear();
        return fits ? new CountedWords(total.All, total, 0) : new CountedWords(_runs.Merged, null, _runs.SizeInBytes);
    }

    /// <summary>Pieces of documents that can be counted by themselves, so that one long document keeps all threads busy.</summary>
    IEnumerable<Part> Parts(IEnumerable<ReadOnlyMemory<byte>> documents)
    {
        foreach (ReadOnlyMemory<byte> document in documents)
        {
            ReadOnlyMemory<byte> text = document;
            for (bool begins = true; text.Length > 0; begins = _options.ByLine)
            {
                int cut = text.Length <= PartBytes ? text.Length : FirstCut(text.Span);
                yield return new Part(text[..cut], begins);
                text = text[cut..];
            }
        }
    }

    int FirstCut(ReadOnlySpan<byte> text)
    {
        if (_options.ByLine)
            return text[PartBytes..].IndexOf((byte)'\n') is >= 0 and int end ? PartBytes + end + 1 : text.Length;
        return _options.Normalizer is null ? _options.Splitter.FirstCut(text, PartBytes) : text.Length;
    }

    long CountAll(List<Part> parts)
    {
        if (!_workers.TryTake(out Worker? worker))
            worker = new Worker();
        long bytes = 0;
        foreach (Part part in parts)
        {
            bytes += part.Text.Length;
            ReadOnlySpan<byte> text = part.Text.Span;
            while (_options.ByLine && text.IndexOf((byte)'\n') is >= 0 and int end)
            {
                CountText(text[..(end + 1)], true, worker);
                text = text[(end + 1)..];
            }
            CountText(text, part.Begins, worker);
            if (worker.Counts.SizeInBytes > _tableBytes)
                _runs.Add(worker.Counts);
        }
        _workers.Add(worker);
        return bytes;
    }

    void CountText(ReadOnlySpan<byte> text, bool begins, Worker worker)
    {
        if (_options.Normalizer is { } normalizer)
            text = EscapedText.ToUtf8(normalizer.Normalize(EscapedText.FromUtf8(text)));
        if (begins && _options.AddPrefixSpace && text.Length > 0 && text[0] != ' ')
            text = worker.Prefixed(text);
        WordCounts counts = worker.Counts;
        IWordSplitter splitter = _options.Splitter;
        while (text.Length > 0)
        {
            int length = splitter.FirstWord(text);
            counts.Add(text[..length], 1);
            text = text[length..];
        }
    }

    readonly record struct Part(ReadOnlyMemory<byte> Text, bool Begins);

    sealed class Worker
    {
        byte[] _buffer = [];

        public WordCounts Counts { get; } = new();

        public ReadOnlySpan<byte> Prefixed(ReadOnlySpan<byte> text)
        {
            if (_buffer.Length <= text.Length)
                _buffer = new byte[Math.Min(Array.MaxLength, Math.Max(text.Length + 1, _buffer.Length * 2L))];
            _buffer[0] = (byte)' ';
            text.CopyTo(_buffer.AsSpan(1));
            return _buffer.AsSpan(0, text.Length + 1);
        }
    }
}
