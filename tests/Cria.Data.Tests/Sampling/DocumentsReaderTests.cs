using Cria.Data.Sampling;

namespace Cria.Data.Tests.Sampling;

public sealed class DocumentsReaderTests
{
    const int T = 8;

    [Theory]
    [InlineData(18), InlineData(64), InlineData(200)]
    public void An_epoch_is_all_documents_in_a_shuffle_of_its_own_cut_into_windows(int count)
    {
        int[] lengths = [.. Enumerable.Range(0, count).Select(i => i * 7 % 23)];
        ArrayStream stream = ArrayStream.Counting(lengths);
        ISampleReader reader = SampleReaders.Open(new() { Type = "documents" }, stream, T, seed: 3);
        int samples = (int)reader.SamplesPerEpoch, rows = (int)stream.Tokens - 1;
        Assert.Equal(rows / T, samples);
        var orders = new List<int[]>();
        for (int epoch = 0; epoch < 4; epoch++)
        {
            int[] read = Samples.Of(reader, epoch * (long)samples, samples).Tokens;
            int[] words = [.. read.Where(id => id != ArrayStream.End)];
            Assert.Equal(words.Length, words.Distinct().Count());
            Assert.InRange(rows - read.Length, 0, T - 1);
            // Within a document ids count upwards, so one that does not follow its neighbour opens another.
            int[] openers = [.. words.Where((id, i) => i == 0 || words[i - 1] != id - 1)];
            orders.Add(openers);
            int[] first = [.. stream.Ids.ToArray().Where((_, i) => i > 0 && stream.Ids[i - 1] == ArrayStream.End)];
            Assert.Subset(first.ToHashSet(), openers.ToHashSet());
        }

        Assert.Equal(4, orders.Select(order => string.Join(' ', order)).Distinct().Count());
    }

    [Fact]
    public void Epochs_may_be_read_in_any_order()
    {
        ISampleReader reader = SampleReaders.Open(new() { Type = "documents" }, ArrayStream.Counting([5, 0, 16, 40, 3, 9, 30]), T, 3);
        string[] once = [.. Enumerable.Range(0, 90).Select(i => Samples.Of(reader, i, 1).Text)];
        foreach (int i in (int[])[89, 0, 45, 14, 13, 44, 1])
            Assert.Equal(once[i], Samples.Of(reader, i, 1).Text);
    }

    [Fact]
    public void Without_a_mark_between_documents_or_with_too_little_text_it_is_refused()
    {
        Assert.Contains("which token separates documents", Refused(new ArrayStream([1, 2, 3], endOfText: null)), StringComparison.Ordinal);
        Assert.Contains("4 tokens; a sequence length of 8 needs 9", Refused(ArrayStream.Counting([2])), StringComparison.Ordinal);

        static string Refused(ArrayStream stream) =>
            Assert.Throws<DataException>(() => SampleReaders.Open(new() { Type = "documents" }, stream, T, 1)).Message;
    }
}
