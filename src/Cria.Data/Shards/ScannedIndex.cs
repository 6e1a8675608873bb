using Cria.Data.Sampling;

namespace Cria.Data.Shards;

/// <summary>
/// The index of a stream that has none: found by reading all of it once, when it is first asked for, and held in memory,
/// eight bytes a document.
/// </summary>
/// <param name="stream">Which stream.</param>
/// <param name="endOfText">The id that opens every document and closes the last.</param>
/// <param name="expected">How many documents it must have; null where nobody says.</param>
sealed class ScannedIndex(ITokenStream stream, int endOfText, long? expected) : IDocumentIndex
{
    readonly Lock _gate = new();
    long[]? _starts;

    public long Documents => Starts.Length;

    long[] Starts
    {
        get
        {
            lock (_gate)
                return _starts ??= Scan();
        }
    }

    public void Read(long first, Span<long> starts) => Starts.AsSpan((int)first, starts.Length).CopyTo(starts);

    public void Dispose()
    {
    }

    long[] Scan()
    {
        var starts = new List<long>();
        var buffer = new int[1 << 16];
        for (long offset = 0; offset < stream.Tokens - 1; offset += buffer.Length)
        {
            Span<int> ids = buffer.AsSpan(0, (int)Math.Min(buffer.Length, stream.Tokens - 1 - offset));
            stream.Read(offset, ids);
            for (int at = 0; ids[at..].IndexOf(endOfText) is >= 0 and int next; at += next + 1)
                starts.Add(offset + at + next + 1);
        }

        if (expected is { } documents && documents != starts.Count)
        {
            throw new DataException($"{stream.Name} has {starts.Count} documents where its manifest says {documents}; " +
                "check the data with `cria data verify`, or pack it again.");
        }

        return [.. starts];
    }
}
