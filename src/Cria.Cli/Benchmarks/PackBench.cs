using System.Diagnostics;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Tokenizers;
using Cria.Evaluation.Statistics;

namespace Cria.Cli.Benchmarks;

/// <summary>
/// Times the packing of files beside the encoding of their text alone, from memory, with the same tokenizer and threads: what reading,
/// parsing, hashing and writing cost.
/// </summary>
/// <param name="inputs">What is packed.</param>
/// <param name="open">A tokenizer that has seen nothing.</param>
/// <param name="threads">For both.</param>
sealed class PackBench(string[] inputs, Func<ITokenizer> open, int threads)
{
    const long MemoryBytes = 100_000_000;

    /// <param name="rounds">How often each is done, in turns.</param>
    /// <param name="scratch">A folder that is made and removed.</param>
    public PackBenchResult Run(int rounds, string scratch, CancellationToken cancellation)
    {
        List<byte[]> texts = Texts();
        int[][] ids = [.. Enumerable.Range(0, threads).Select(_ => new int[open().MaxTokens(texts.Max(text => text.Length))])];
        List<double> encode = [], pack = [];
        Encode(texts, ids); // compiles
        long bytes = 0;
        for (int round = 0; round < rounds; round++)
        {
            encode.Add(texts.Sum(text => (long)text.Length) / Encode(texts, ids) / 1e6);
            cancellation.ThrowIfCancellationRequested();
            long began = Stopwatch.GetTimestamp();
            bytes = Pack(scratch, cancellation);
            pack.Add(bytes / Stopwatch.GetElapsedTime(began).TotalSeconds / 1e6);
            Directory.Delete(scratch, recursive: true);
        }

        double share = Sample.Median([.. pack.Zip(encode, (packed, pure) => packed / pure)]);
        return new(bytes, threads, rounds, Sample.Median(encode), Sample.Median(pack), share);
    }

    long Pack(string folder, CancellationToken cancellation)
    {
        ShardPacker packer = new(open(), new string('0', 64), threads);
        return packer.PackFiles(DocumentReader.Open(inputs), folder, cancellation).Read.TextBytes;
    }

    List<byte[]> Texts()
    {
        List<byte[]> texts = [];
        long bytes = 0;
        foreach (Document document in DocumentReader.Open(inputs))
        {
            texts.Add(document.Utf8.ToArray());
            bytes += texts[^1].Length;
            if (bytes >= MemoryBytes)
                break;
        }

        return texts;
    }

    double Encode(List<byte[]> texts, int[][] ids)
    {
        ITokenizer tokenizer = open();
        int next = -1;
        Thread[] workers = [.. ids.Select(own => new Thread(() =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < texts.Count;)
                tokenizer.Encode(texts[i], own);
        }))];
        long began = Stopwatch.GetTimestamp();
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}

/// <param name="TextBytes">UTF-8 bytes of the text that was packed.</param>
/// <param name="Threads">For both.</param>
/// <param name="Rounds">How often.</param>
/// <param name="Encode">Megabytes of text a second, encoded from memory; the median.</param>
/// <param name="Pack">The same, packed from the files.</param>
/// <param name="Share">Pack over encode, the median of the rounds.</param>
sealed record PackBenchResult(long TextBytes, int Threads, int Rounds, double Encode, double Pack, double Share);
