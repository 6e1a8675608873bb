using System.Diagnostics;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Parquet;

/// <summary>Files of other programs, damaged at every place: read or refused in one sentence, never worse.</summary>
public sealed class DamagedParquetTests
{
    /// <summary>What a reader may allocate in all, beyond a multiple of the file.</summary>
    const long Own = 8 << 20, Expansion = 64;

    static bool IsSlow => Environment.GetEnvironmentVariable("CRIA_SLOW") == "1";

    public static TheoryData<string> Names => [.. ParquetFixture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_read_or_refused_in_one_sentence(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] good = File.ReadAllBytes(ParquetFixture.PathOf(name));
        int step = Math.Max(1, good.Length / (IsSlow ? 150 : 12));
        var random = new Random(good.Length);
        int refused = 0, total = 0;
        for (int at = random.Next(step); at < good.Length; at += step)
        {
            foreach (byte[] bytes in Damages(good, at, random))
            {
                refused += Refuses(folder, bytes) ? 1 : 0;
                total++;
            }
        }

        // Footers, headers and lengths are everywhere; much else is letters.
        Assert.True(refused > total / 20, $"only {refused} of {total} were refused");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_footer_is_damaged_byte_by_byte(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] good = File.ReadAllBytes(ParquetFixture.PathOf(name));
        int footer = good.Length - 8 - BitConverter.ToInt32(good, good.Length - 8);
        int step = IsSlow ? 4 : 48;
        var random = new Random(good.Length);
        for (int at = footer + random.Next(step); at < good.Length; at += step)
        {
            foreach (byte[] bytes in Damages(good, at, random))
                Refuses(folder, bytes);
        }
    }

    [Fact]
    public void A_file_that_was_cut_is_refused()
    {
        using var folder = new TemporaryFolder();
        byte[] good = File.ReadAllBytes(ParquetFixture.PathOf("duckdb-snappy.parquet"));
        for (int length = 1; length < good.Length; length += IsSlow ? 1 : 13)
            Assert.True(Refuses(folder, good[..length]), $"{length} bytes of {good.Length} were taken for a file");
    }

    static IEnumerable<byte[]> Damages(byte[] good, int at, Random random)
    {
        byte truth = good[at];
        foreach (byte lie in (byte[])[(byte)(truth ^ (1 << random.Next(8))), (byte)(truth + 1), 0, 255, 127, (byte)random.Next(256)])
        {
            byte[] bytes = [.. good];
            bytes[at] = lie;
            if (lie != truth)
                yield return bytes;
        }

        // A number of several bytes: 2^31 - 1 as Thrift writes it, and as lengths are written.
        yield return Overwritten(good, at, [0xFE, 0xFF, 0xFF, 0xFF, 0x0F]);
        yield return Overwritten(good, at, [0xFF, 0xFF, 0xFF, 0x7F]);
        yield return [.. good[..at], .. good[Math.Min(good.Length, at + 1 + random.Next(8))..]];
        yield return [.. good[..at], .. good[Math.Max(0, at - 1 - random.Next(8))..]];
    }

    static byte[] Overwritten(byte[] good, int at, ReadOnlySpan<byte> lie)
    {
        byte[] bytes = [.. good];
        lie[..Math.Min(lie.Length, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    static bool Refuses(TemporaryFolder folder, byte[] bytes)
    {
        string path = folder.Write("damaged.parquet", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread(), began = Stopwatch.GetTimestamp();
        bool refused = false;
        try
        {
            // A damaged name of a column leaves the others to be read.
            foreach (Document document in DocumentReader.Open([path], new ReaderOptions { GroupField = null }))
                Assert.True(document.Utf8.Length > 0);
        }
        catch (DataException e)
        {
            refused = true;
            Assert.DoesNotContain('\n', e.Message);
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            Assert.InRange(e.Message.Length, path.Length + 10, path.Length + 600);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < Own + (Expansion * bytes.Length), $"{allocated} bytes were allocated for a file of {bytes.Length}");
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "a file of some kilobytes took 20 seconds");
        return refused;
    }
}
