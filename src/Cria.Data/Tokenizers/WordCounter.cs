namespace Cria.Data.Tokenizers;

/// <summary>
/// Counts the words of a stream of documents on several threads. Each thread takes a document at a time and counts
/// into its own table; sums do not depend on who counted what.
/// </summary>
sealed class WordCounter(BpeTrainerOptions options, IProgress<BpeTrainerProgress>? progress)
{
    readonly Lock _door = new();
    long _bytes;
    long _reportedBytes;

    public long CountedBytes => _bytes;

    /// <exception cref="OperationCanceledException">Cancelled between two documents.</exception>
    public WordCounts Count(IEnumerable<ReadOnlyMemory<byte>> documents, CancellationToken cancellation)
    {
        using IEnumerator<ReadOnlyMemory<byte>> source = documents.GetEnumerator();
        Task<WordCounts>[] threads = new Task<WordCounts>[Math.Max(1, options.Threads)];
        for (int i = 0; i < threads.Length; i++)
            threads[i] = Task.Factory.StartNew(
                () => CountOnThisThread(source, cancellation),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        WordCounts total = Task.WhenAll(threads).GetAwaiter().GetResult()[0];
        for (int i = 1; i < threads.Length; i++)
            total.AddAll(threads[i].Result);
        return total;
    }

    WordCounts CountOnThisThread(IEnumerator<ReadOnlyMemory<byte>> source, CancellationToken cancellation)
    {
        WordCounts counts = new();
        byte[] prefixed = [];
        while (TryTake(source, out ReadOnlyMemory<byte> document))
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> text = document.Span;
            if (options.AddPrefixSpace && text.Length > 0 && text[0] != ' ')
                text = Prefixed(text, ref prefixed);
            while (text.Length > 0)
            {
                int length = options.Splitter.FirstWord(text);
                counts.Add(text[..length], 1);
                text = text[length..];
            }
        }
        return counts;
    }

    bool TryTake(IEnumerator<ReadOnlyMemory<byte>> source, out ReadOnlyMemory<byte> document)
    {
        const int ReportEvery = 1 << 20;
        lock (_door)
        {
            document = default;
            if (!source.MoveNext())
                return false;
            document = source.Current;
            _bytes += document.Length;
            if (_bytes - _reportedBytes >= ReportEvery)
            {
                _reportedBytes = _bytes;
                progress?.Report(new BpeTrainerProgress(_bytes, 0, options.VocabSize));
            }
            return true;
        }
    }

    static ReadOnlySpan<byte> Prefixed(scoped ReadOnlySpan<byte> text, scoped ref byte[] buffer)
    {
        if (buffer.Length <= text.Length)
            buffer = new byte[Math.Max(text.Length + 1, buffer.Length * 2L)];
        buffer[0] = (byte)' ';
        text.CopyTo(buffer.AsSpan(1));
        return buffer.AsSpan(0, text.Length + 1);
    }
}
