using Cria.Data.Shards;
using Cria.Data.Tests.Shards;

namespace Cria.Data.Tests;

public sealed class DocumentChunksTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(7), InlineData(16), InlineData(1000), InlineData(100_000)]
    public void Every_token_after_the_first_opener_is_a_target_exactly_once(int maxLength)
    {
        using var folder = new TemporaryFolder();
        int[][] documents = SampleShards.Counting(5, 0, 16, 1, 400, 15, 17, 20_000);
        int[] stream = SampleShards.Stream(documents);
        SampleShards.Write(folder["set"], documents, SampleShards.Options(vocabSize: 30_000));
        using ShardSet set = ShardSet.Open(folder["set"]);

        var targets = new int[stream.Length];
        var opened = new List<long>();
        foreach (DocumentChunk chunk in new DocumentChunks(set, maxLength))
        {
            Assert.InRange(chunk.Length, 1, maxLength);
            for (int t = 0; t < chunk.Length; t++)
            {
                Assert.True(t == 0 || stream[chunk.Start + t] != SampleShards.EndOfText, "a chunk crosses a border");
                targets[chunk.Start + t + 1]++;
            }

            Assert.Equal(stream[chunk.Start] == SampleShards.EndOfText, chunk.OpensDocument);
            if (chunk.OpensDocument)
                opened.Add(chunk.Document);
            Assert.Equal(opened.Count - 1, chunk.Document);
        }

        Assert.Equal(0, targets[0]);
        Assert.All(targets[1..], count => Assert.Equal(1, count));
        Assert.Equal(Enumerable.Range(0, 8).Select(d => (long)d), opened);
    }

    [Fact]
    public void A_stream_that_does_not_open_or_close_with_end_of_text_is_refused()
    {
        using var folder = new TemporaryFolder();
        SampleShards.Write(folder["set"], SampleShards.Counting(5));
        byte[] bytes = File.ReadAllBytes(folder["set/00000.bin"]);
        foreach (int place in new[] { 0, bytes.Length - 2, 4 }) // opener, closer, a word that becomes a border
        {
            byte[] changed = [.. bytes];
            changed[place] = (byte)(place == 4 ? 0 : 1);
            File.WriteAllBytes(folder["set/00000.bin"], changed);
            using ShardSet set = ShardSet.Open(folder["set"]);
            Assert.Throws<DataException>(() => new DocumentChunks(set, 4).Count());
        }
    }
}
