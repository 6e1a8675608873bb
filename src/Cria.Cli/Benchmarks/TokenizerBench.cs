using System.Diagnostics;
using System.Text;
using Cria.Data;
using Cria.Data.Stories;
using Cria.Data.Tokenizers;
using Cria.Evaluation.Statistics;

namespace Cria.Cli.Benchmarks;

/// <summary>
/// Times the learning of a vocabulary, and text to ids and back; insists that the text comes back whole and that threads
/// change no id.
/// </summary>
/// <param name="pieces">The text.</param>
/// <param name="threads">How many encode where all do.</param>
/// <param name="worstBytes">The size of each hard text.</param>
sealed class TokenizerBench(IReadOnlyList<byte[]> pieces, int threads, int worstBytes = 10_000_000)
{
    const int GeneratedBytes = 16_000_000, PieceBytes = 1 << 16, Passes = 5, WorstPasses = 2;

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

    /// <param name="text">What the text is called.</param>
    /// <param name="vocabSize">The vocabulary to learn.</param>
    /// <param name="given">A tokenizer to encode with, and its name; null encodes with the one that was learned.</param>
    public TokenizerResult Run(
        string text, int vocabSize, (string Name, Func<ITokenizer> Open)? given, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        var model = BpeTrainer.Train(
            pieces.Select(piece => (ReadOnlyMemory<byte>)piece), new() { VocabSize = vocabSize, Threads = threads },
            null, cancellation).Model;
        double trained = Stopwatch.GetElapsedTime(began).TotalSeconds;

        (string name, var open) = given ?? ("learned here", () => new BpeTokenizer(model));
        ITokenizer tokenizer = open();
        int[][] ids = [.. pieces.Select(piece => new int[tokenizer.MaxTokens(piece.Length)])];
        int[] counts = new int[ids.Length];
        (double one, double all) = Rates(workers => Encode(open(), ids, counts, workers), cancellation);
        byte[] document = [.. pieces.SelectMany(piece => piece)];
        int[] documentIds = new int[tokenizer.MaxTokens(document.Length)];
        int documentTokens = tokenizer.Encode(document, documentIds);
        (double oneDocument, double allDocument) = Rates(
            workers => EncodeDocument(open(), document, documentIds, documentTokens, workers), cancellation);
        long tokens = counts.Sum(count => (long)count);
        return new(text, _bytes, name, tokens, (double)_bytes / tokens, tokenizer.VocabSize, threads,
            trained, model.Tokens.Count, one, all, all / one, allDocument, allDocument / oneDocument,
            Rates(_ => Decode(tokenizer, ids, counts), cancellation, onlyOne: true).One, WorstCases(open, one, cancellation));
    }

    /// <summary>Every pass by a new tokenizer: it remembers words, and a corpus is read once.</summary>
    double Encode(ITokenizer tokenizer, int[][] ids, int[] counts, int workers)
    {
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
    }

    static double EncodeDocument(ITokenizer tokenizer, byte[] document, int[] ids, int tokens, int workers)
    {
        long began = Stopwatch.GetTimestamp();
        int count = tokenizer.EncodeParallel(document, ids, workers);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return count == tokens ? seconds : throw new InvalidOperationException($"{workers} threads give {count} tokens instead of {tokens}.");
    }

    double Decode(ITokenizer tokenizer, int[][] ids, int[] counts)
    {
        byte[] text = new byte[pieces.Max(piece => piece.Length) + 1024];
        double seconds = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            long began = Stopwatch.GetTimestamp();
            int length = 0;
            foreach (int id in ids[i].AsSpan(0, counts[i]))
            {
                var bytes = length == 0 ? tokenizer.OpeningBytes(id) : tokenizer.TokenBytes(id);
                if (!bytes.TryCopyTo(text.AsSpan(length)))
                    throw NotWhole(i);
                length += bytes.Length;
            }
            seconds += Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (!text.AsSpan(0, length).SequenceEqual(pieces[i]))
                throw NotWhole(i);
        }
        return seconds;
    }

    static DataException NotWhole(int piece) =>
        new($"Piece {piece} of the text does not come back from its ids; time a tokenizer that keeps text as it is.");

    List<TokenizerWorstCase> WorstCases(Func<ITokenizer> open, double ordinary, CancellationToken cancellation)
    {
        List<TokenizerWorstCase> cases = [];
        int[] ids = new int[open().MaxTokens(worstBytes)];
        foreach ((string name, byte[] text) in TokenizerWorstCases.Of(worstBytes))
        {
            List<double> times = [];
            for (int pass = 0; pass < WorstPasses; pass++)
            {
                cancellation.ThrowIfCancellationRequested();
                ITokenizer tokenizer = open();
                long began = Stopwatch.GetTimestamp();
                tokenizer.Encode(text, ids);
                times.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            }
            double rate = worstBytes / times.Min() / 1e6;
            cases.Add(new(name, rate, ordinary / rate));
        }
        return cases;
    }

    /// <summary>
    /// Megabytes a second of the median pass on one thread and on all, in turns, so that a slow moment of the machine
    /// strikes both; the first pass, which compiles, is not counted.
    /// </summary>
    (double One, double All) Rates(Func<int, double> pass, CancellationToken cancellation, bool onlyOne = false)
    {
        List<double> one = [], all = [];
        for (int i = 0; i <= Passes; i++)
            foreach ((int workers, List<double> times) in (ReadOnlySpan<(int, List<double>)>)[(1, one), (threads, all)])
            {
                cancellation.ThrowIfCancellationRequested();
                if (onlyOne && times == all)
                    continue;
                double seconds = pass(workers);
                if (i > 0)
                    times.Add(seconds);
            }
        return (Rate(one), onlyOne ? 0 : Rate(all));
    }

    double Rate(List<double> seconds) => _bytes / Sample.Median(seconds) / 1e6;
}
