using System.Diagnostics;
using System.Text;
using Cria.Data.Stories;
using Cria.Data.Tokenizers;

namespace Cria.Cli.Benchmarks;

/// <summary>What <c>cria bench tokenizer --json</c> prints; megabytes are millions of bytes of text.</summary>
/// <param name="TrainSeconds">A vocabulary learned from the whole text, on all threads.</param>
/// <param name="EncodeOneThread">Megabytes a second, by a tokenizer that has seen no text yet.</param>
/// <param name="Encode">The same, on all threads.</param>
/// <param name="Decode">Megabytes a second of text made from ids, on one thread.</param>
public sealed record TokenizerResult(
    string Text, long Bytes, long Tokens, double BytesPerToken, int VocabSize, int Threads, double TrainSeconds,
    double EncodeOneThread, double Encode, double Decode);

/// <summary>Times the learning of a vocabulary, and text to ids and back; insists that the text comes back whole.</summary>
sealed class TokenizerBench(IReadOnlyList<byte[]> pieces, int threads)
{
    const int GeneratedBytes = 16_000_000, PieceBytes = 1 << 16, Passes = 5;

    readonly long _bytes = pieces.Sum(piece => (long)piece.Length);

    /// <summary>Stories of the built-in generator, one a piece.</summary>
    public static IReadOnlyList<byte[]> Stories(ulong seed)
    {
        StoryGenerator generator = new(seed);
        var pieces = new List<byte[]>();
        for (long bytes = 0; bytes < GeneratedBytes; bytes += pieces[^1].Length)
            pieces.Add(Encoding.UTF8.GetBytes(generator.At(pieces.Count).Text));
        return pieces;
    }

    /// <summary>A file cut at line ends, so that the threads have something to share.</summary>
    public static IReadOnlyList<byte[]> Lines(string path)
    {
        ReadOnlySpan<byte> text = File.ReadAllBytes(path);
        var pieces = new List<byte[]>();
        while (text.Length > 0)
        {
            int end = text.Length > PieceBytes ? text[PieceBytes..].IndexOf((byte)'\n') : -1;
            int length = end < 0 ? text.Length : PieceBytes + end + 1;
            pieces.Add(text[..length].ToArray());
            text = text[length..];
        }
        return pieces;
    }

    public TokenizerResult Run(string text, int vocabSize, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        var model = BpeTrainer.Train(
            pieces.Select(piece => (ReadOnlyMemory<byte>)piece), new() { VocabSize = vocabSize, Threads = threads },
            null, cancellation).Model;
        double trained = Stopwatch.GetElapsedTime(began).TotalSeconds;

        int[][] ids = [.. pieces.Select(piece => new int[piece.Length + 1])];
        int[] counts = new int[ids.Length];
        double one = Encode(model, ids, counts, 1, cancellation), all = Encode(model, ids, counts, threads, cancellation);
        long tokens = counts.Sum(count => (long)count);
        return new(text, _bytes, tokens, (double)_bytes / tokens, model.Tokens.Count, threads, trained, one, all,
            Decode(new(model), ids, counts, cancellation));
    }

    /// <summary>Every pass by a new tokenizer: it remembers words, and a corpus is read once.</summary>
    double Encode(BpeModel model, int[][] ids, int[] counts, int workers, CancellationToken cancellation) => Rate(() =>
    {
        BpeTokenizer tokenizer = new(model);
        int next = -1;
        Thread[] others = [.. Enumerable.Range(1, workers - 1).Select(_ => new Thread(Work))];
        long began = Stopwatch.GetTimestamp();
        foreach (var thread in others)
            thread.Start();
        Work();
        foreach (var thread in others)
            thread.Join();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;

        void Work()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < ids.Length;)
                counts[i] = tokenizer.Encode(pieces[i], ids[i]);
        }
    }, cancellation);

    double Decode(BpeTokenizer tokenizer, int[][] ids, int[] counts, CancellationToken cancellation)
    {
        byte[] text = new byte[pieces.Max(piece => piece.Length)];
        return Rate(() =>
        {
            double seconds = 0;
            for (int i = 0; i < ids.Length; i++)
            {
                long began = Stopwatch.GetTimestamp();
                int length = 0;
                foreach (int id in ids[i].AsSpan(0, counts[i]))
                {
                    var bytes = tokenizer.TokenBytes(id);
                    bytes.CopyTo(text.AsSpan(length));
                    length += bytes.Length;
                }
                seconds += Stopwatch.GetElapsedTime(began).TotalSeconds;
                if (!text.AsSpan(0, length).SequenceEqual(pieces[i]))
                    throw new InvalidOperationException($"Piece {i} of the text does not come back from its ids.");
            }
            return seconds;
        }, cancellation);
    }

    /// <summary>Megabytes a second of the median pass; the first one, which compiles, is not counted.</summary>
    double Rate(Func<double> pass, CancellationToken cancellation)
    {
        var times = new List<double>();
        for (int i = 0; i <= Passes; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            double seconds = pass();
            if (i > 0)
                times.Add(seconds);
        }
        return _bytes / MatMulBench.Median(times) / 1e6;
    }
}
