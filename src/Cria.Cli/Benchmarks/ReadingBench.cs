using System.Diagnostics;
using System.IO.Compression;
using Cria.Data.Readers;
using Cria.Evaluation.Statistics;

namespace Cria.Cli.Benchmarks;

/// <summary>How fast a file becomes documents, stage by stage; every rate is the median of a few passes.</summary>
static class ReadingBench
{
    const int Passes = 3;

    public static ReadingResult Measure(DocumentReader reader, string path, int threads, CancellationToken cancellation)
    {
        long documents = 0, bytes = 0;
        double Parse(int workers) => Seconds(() =>
        {
            (documents, bytes) = (0, 0);
            foreach ((int count, long length) in reader.Process(Size, workers))
                (documents, bytes) = (documents + count, bytes + length);
        }, cancellation);

        double one = Parse(1), all = Parse(threads);
        double cut = Seconds(() =>
        {
            foreach (DocumentBlock _ in reader.Blocks())
                cancellation.ThrowIfCancellationRequested();
        }, cancellation);
        return new ReadingResult(
            path, documents, bytes, reader.TotalBytes, bytes / cut, bytes / one, bytes / all, threads, Gunzip(path, cancellation));
    }

    static (int, long) Size(IReadOnlyList<Document> documents)
    {
        long bytes = 0;
        foreach (Document document in documents)
            bytes += document.Utf8.Length;
        return (documents.Count, bytes);
    }

    /// <summary>What the runtime's own unpacker does alone: our ceiling for gzip.</summary>
    static double? Gunzip(string path, CancellationToken cancellation)
    {
        if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            return null;
        long bytes = 0;
        double seconds = Seconds(() =>
        {
            bytes = 0;
            using GZipStream content = new(File.OpenRead(path), CompressionMode.Decompress);
            byte[] buffer = new byte[1 << 20];
            for (int count; (count = content.Read(buffer)) > 0; cancellation.ThrowIfCancellationRequested())
                bytes += count;
        }, cancellation);
        return bytes / seconds;
    }

    static double Seconds(Action pass, CancellationToken cancellation)
    {
        var times = new List<double>();
        for (int i = 0; i < Passes; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            pass();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Sample.Median(times);
    }
}

/// <summary>Rates in bytes of text a second, but the runtime's, which is in bytes of content.</summary>
/// <param name="Path">What was read.</param>
/// <param name="Documents">Its documents.</param>
/// <param name="TextBytes">Their UTF-8 bytes.</param>
/// <param name="DiskBytes">Bytes of the files as they lie on the disk.</param>
/// <param name="CutBytesPerSecond">Reading, unpacking and cutting into blocks: what one thread must do.</param>
/// <param name="OneThreadBytesPerSecond">The same, and taking the blocks apart on the thread that reads.</param>
/// <param name="BytesPerSecond">The same with all threads.</param>
/// <param name="Threads">How many these are.</param>
/// <param name="RuntimeGunzipBytesPerSecond">The runtime's unpacker alone; null where the file is not packed with gzip.</param>
sealed record ReadingResult(
    string Path, long Documents, long TextBytes, long DiskBytes, double CutBytesPerSecond, double OneThreadBytesPerSecond,
    double BytesPerSecond, int Threads, double? RuntimeGunzipBytesPerSecond);
