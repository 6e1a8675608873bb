using Cria.Data.Sampling;

namespace Cria.Data.Tests.Sampling;

/// <summary>A stream in memory: ids count upwards through it, and documents begin where they are told to.</summary>
sealed class ArrayStream : ITokenStream
{
    public const int End = 0;

    readonly int[] _ids;

    public ArrayStream(int[] ids, int? endOfText = End, long? documents = null, char hash = 'a')
    {
        (_ids, EndOfText, Documents) = (ids, endOfText, documents);
        ManifestHash = new string(hash, 64);
    }

    /// <summary>Documents as shards hold them: each opened by End, the last closed by it.</summary>
    public static ArrayStream Of(int[][] documents, char hash = 'a') =>
        new([.. documents.SelectMany(d => d.Prepend(End)), End], End, documents.Length, hash);

    /// <summary>Documents of so many tokens, whose ids count upwards.</summary>
    public static ArrayStream Counting(int[] lengths, char hash = 'a')
    {
        int next = 1;
        return Of([.. lengths.Select(n => Enumerable.Range(0, n).Select(_ => next++).ToArray())], hash);
    }

    public ReadOnlySpan<int> Ids => _ids;

    public string Name => "an array";

    public long Tokens => _ids.Length;

    public int VocabSize => _ids.Max() + 1;

    public int? EndOfText { get; }

    public long? Documents { get; }

    public string ManifestHash { get; }

    public string? TokenizerSha256 => null;

    public void ReadDocumentStarts(long first, Span<long> starts)
    {
        long[] all = [.. Enumerable.Range(1, _ids.Length).Where(i => _ids[i - 1] == EndOfText).Select(i => (long)i)];
        all.AsSpan((int)first, starts.Length).CopyTo(starts);
    }

    public void Read(long offset, Span<int> tokens) => _ids.AsSpan((int)offset, tokens.Length).CopyTo(tokens);
}
