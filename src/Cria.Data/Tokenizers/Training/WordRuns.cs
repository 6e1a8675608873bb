namespace Cria.Data.Tokenizers.Training;

/// <summary>
/// Tables of words that did not fit into memory: sorted runs in temporary files, which are read together and summed, so
/// that nothing is lost.
/// </summary>
/// <param name="folder">Where they lie; null: the system's folder for temporary files.</param>
sealed class WordRuns(string? folder) : IDisposable
{
    /// <summary>More runs than this are first merged into one, as each is an open file with a buffer.</summary>
    internal const int MostRuns = 64;

    readonly Lock _gate = new();
    readonly List<WordRun> _runs = [];

    public int Count => _runs.Count;

    /// <summary>Bytes written, merged runs included.</summary>
    public long SizeInBytes { get; private set; }

    /// <summary>Writes a table and empties it. For several threads.</summary>
    /// <exception cref="DataException">The disk is full, or the folder cannot be written.</exception>
    public void Add(WordCounts table)
    {
        WordRun run = new(folder);
        foreach (int word in table.Sorted())
            run.Append(table.Bytes(word), table.Occurrences(word));
        table.Clear();
        lock (_gate)
        {
            Keep(run);
            if (_runs.Count < MostRuns)
                return;
            WordRun merged = new(folder);
            foreach ((ReadOnlyMemory<byte> word, long occurrences) in Merged())
                merged.Append(word.Span, occurrences);
            Dispose();
            Keep(merged);
        }
    }

    /// <summary>Every word once with the sum of its occurrences, in the order of the bytes; a word holds until the next.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Word, long Occurrences)> Merged()
    {
        var next = new PriorityQueue<WordRun.Reader, WordRun.Reader>(Comparer<WordRun.Reader>.Create(
            (a, b) => a.Word.Span.SequenceCompareTo(b.Word.Span)));
        foreach (WordRun run in _runs)
            if (run.Read() is var reader && reader.Next())
                next.Enqueue(reader, reader);

        byte[] word = new byte[64];
        while (next.TryPeek(out WordRun.Reader? first, out _))
        {
            int length = first.Word.Length;
            if (word.Length < length)
                word = new byte[length];
            first.Word.CopyTo(word);
            long occurrences = 0;
            while (next.TryPeek(out WordRun.Reader? same, out _) && same.Word.Span.SequenceEqual(word.AsSpan(0, length)))
            {
                occurrences += same.Occurrences;
                next.Dequeue();
                if (same.Next())
                    next.Enqueue(same, same);
            }
            yield return (word.AsMemory(0, length), occurrences);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (WordRun run in _runs)
            run.Dispose();
        _runs.Clear();
    }

    void Keep(WordRun run)
    {
        run.Complete();
        SizeInBytes += run.SizeInBytes;
        _runs.Add(run);
    }
}
