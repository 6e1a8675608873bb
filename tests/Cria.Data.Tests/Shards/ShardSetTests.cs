using System.Security.Cryptography;
using System.Text;
using Cria.Data.Shards;

namespace Cria.Data.Tests.Shards;

public sealed class ShardSetTests
{
    [Theory]
    [InlineData(1000, 1), InlineData(1000, 7), InlineData(1000, 1000), InlineData(65_536, 16), InlineData(65_537, 16)]
    public void What_was_written_is_read_at_every_offset_across_shard_borders(int vocabSize, int tokensPerShard)
    {
        using var folder = new TemporaryFolder();
        int[][] documents = SampleShards.Counting(5, 0, 17, 1, 40);
        documents[4][^1] = vocabSize - 1;
        int[] expected = SampleShards.Stream(documents);
        SampleShards.Write(folder["set"], documents, SampleShards.Options(vocabSize, tokensPerShard));

        using ShardSet set = ShardSet.Open(folder["set"]);
        Assert.Equal(expected.Length, set.Tokens);
        Assert.Equal(5, set.Manifest.Documents);
        Assert.Equal(126, set.Manifest.TextBytes);
        for (int start = 0; start <= expected.Length; start++)
        {
            for (int length = 0; length <= Math.Min(20, expected.Length - start); length++)
            {
                var found = new int[length];
                set.Read(start, found);
                Assert.Equal(expected[start..(start + length)], found);
            }
        }

        set.Verify();
        Assert.False(Directory.Exists(folder["set.tmp"]));
    }

    [Fact]
    public void Files_are_raw_little_endian_ids()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["small"], [[258, 3]]);
        SampleShards.Write(folder["large"], [[65_538]], SampleShards.Options(vocabSize: 70_000));
        Assert.Equal([0, 0, 2, 1, 3, 0, 0, 0], File.ReadAllBytes(folder["small/00000.bin"]));
        Assert.Equal([0, 0, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0], File.ReadAllBytes(folder["large/00000.bin"]));
    }

    [Fact]
    public void The_manifest_hash_is_that_of_the_first_version_so_that_the_order_of_samples_stays()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(9));
        using ShardSet set = ShardSet.Open(folder["set"]);
        string first = $$"""
            {
              "format": "cria-shards",
              "version": 1,
              "tokenizer_sha256": "{{new string('7', 64)}}",
              "vocab_size": 1000,
              "end_of_text": 0,
              "token_type": "uint16",
              "tokens": 11,
              "documents": 1,
              "text_bytes": 18,
              "shards": [
                {
                  "file": "00000.bin",
                  "tokens": 11,
                  "sha256": "{{set.Manifest.Shards[0].Sha256}}"
                }
              ]
            }

            """.ReplaceLineEndings("\n");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first))), set.ManifestHash);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(500, 300), SampleShards.Options(tokensPerShard: 100));
        using ShardSet set = ShardSet.Open(folder["set"]);
        var buffer = new int[250];
        set.Read(0, buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
            set.Read(i, buffer);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Many_threads_may_read_at_once()
    {
        using var folder = new TemporaryFolder();
        int[][] documents = SampleShards.Counting(900);
        int[] expected = SampleShards.Stream(documents);
        SampleShards.Write(folder["set"], documents, SampleShards.Options(tokensPerShard: 64));
        using ShardSet set = ShardSet.Open(folder["set"]);
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            var buffer = new int[100];
            for (int start = t; start <= expected.Length - buffer.Length; start += 3)
            {
                set.Read(start, buffer);
                if (!buffer.AsSpan().SequenceEqual(expected.AsSpan(start, buffer.Length)))
                    Interlocked.Increment(ref wrong);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(0, wrong);
    }

    [Theory]
    [InlineData(-1, 1), InlineData(0, 12), InlineData(11, 1), InlineData(long.MaxValue, 1)]
    public void Reading_outside_is_refused(long offset, int length)
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(9));
        using ShardSet set = ShardSet.Open(folder["set"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Read(offset, new int[length]));
    }
}
