using Cria.Data.Predictions;

namespace Cria.Data.Tests.Predictions;

/// <summary>Files of what teachers said.</summary>
public sealed class PredictionFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new(inMemory: true);

    public static TheoryData<TokenChoice, bool> Choices => new()
    {
        { new TopTokens(5), false }, { new TopTokens(5), true }, { new TopTokens(50), false },
        { new DrawnTokens(8, 1, 3), true }, { new DrawnTokens(8, 1.5, 3), false },
    };

    string Path => _folder["predictions"];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Choices))]
    public void What_was_chosen_is_read_again(TokenChoice choice, bool isHalf)
    {
        var header = Asked.Header(choice, isHalf: isHalf);
        Asked.File(Path, header);
        using PredictionFile file = PredictionFile.Open(Path);
        Assert.Null(header.DifferenceFrom(file.Header));
        KeptPredictions kept = new(header.SequenceLength, file.Most);
        KeptRow row = new(choice.Most);
        foreach (long window in (long[])[8, 0, 3, 3])
        {
            file.Read(window, kept);
            float[] p = Asked.Probabilities(header, window);
            for (int r = 0; r < header.SequenceLength; r++)
            {
                Choose(header, p, window, r, row);
                var ids = kept.Ids.AsSpan(r * file.Most, file.Most);
                Assert.Equal(row.Ids[..row.Count], ids[..row.Count].ToArray());
                Assert.All(ids[row.Count..].ToArray(), id => Assert.Equal(-1, id));
                Assert.Equal(choice.Rest(row.Extra), kept.Rests[r], 1e-6);
                for (int i = 0; i < row.Count; i++)
                {
                    double share = choice.Share(row.Logs[i], row.Times[i], row.Extra);
                    Assert.Equal(row.Logs[i], kept.Logs[r * file.Most + i], isHalf ? Math.Abs(row.Logs[i]) / 2048 + 1e-7 : 0);
                    Assert.Equal(share, kept.Shares[r * file.Most + i], isHalf ? 1.8e-4 : 1e-6);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Choices))]
    public void Any_number_of_threads_and_of_windows_at_once_gives_the_same_bytes(TokenChoice choice, bool isHalf)
    {
        var header = Asked.Header(choice, isHalf: isHalf);
        byte[] one = Asked.File(_folder["one"], header, atOnce: 1, threads: 1);
        Assert.Equal(one, Asked.File(_folder["more"], header, atOnce: 5, threads: 3));
    }

    [Fact]
    public void A_file_cut_off_anywhere_while_it_was_made_is_gone_on_with_to_the_same_bytes()
    {
        var header = Asked.Header(new TopTokens(3), length: 2, windows: 4);
        byte[] whole = Asked.File(_folder["whole"], header);
        int step = SlowTests.Run ? 1 : 17;
        for (int cut = 0; cut <= whole.Length; cut += step)
        {
            File.WriteAllBytes(Path + ".tmp", whole[..cut]);
            Assert.Equal(whole, Asked.File(Path, header));
            Assert.False(File.Exists(Path + ".tmp"));
            File.Delete(Path);
        }
    }

    [Fact]
    public void A_window_that_was_damaged_while_the_file_was_made_is_made_again()
    {
        var header = Asked.Header(new DrawnTokens(4, 1, 3), length: 2, windows: 5);
        byte[] whole = Asked.File(_folder["whole"], header);
        using (PredictionWriter writer = new(Path, header))
            Asked.Add(writer, header, 3);
        byte[] part = File.ReadAllBytes(Path + ".tmp");
        Assert.True(part.AsSpan().SequenceEqual(whole.AsSpan(0, part.Length)));
        part[^30] ^= 4;
        File.WriteAllBytes(Path + ".tmp", part);
        using (PredictionWriter writer = new(Path, header))
        {
            Assert.Equal(2, writer.Windows);
            Asked.Add(writer, header, 5);
            writer.Complete();
        }
        Assert.Equal(whole, File.ReadAllBytes(Path));
    }

    [Fact]
    public void What_was_begun_with_other_options_is_not_gone_on_with_and_what_is_there_is_not_written_over()
    {
        var header = Asked.Header(new TopTokens(3));
        using (PredictionWriter writer = new(Path, header))
            Asked.Add(writer, header, 3);
        Refused("other data", header with { DataSha256 = new string('e', 64) });
        Refused("another tokenizer", header with { TokenizerSha256 = new string('e', 64) });
        Refused("windows of 6 tokens", header with { SequenceLength = 7 });
        Refused("see only one document", header with { DocumentMasks = false });
        Refused("other teachers", header with { Teachers = [header.Teachers[0]] });
        Refused("a temperature of 2", header with { Temperature = 1 });
        Refused("the 3 most probable tokens", header with { Choice = new TopTokens(4) });
        Refused("numbers of 32 bits", header with { IsHalf = true });
        Refused("the mean of logits", header with { Average = "probabilities" });
        Asked.File(Path, header);
        Assert.Contains("not overwritten", Assert.Throws<DataException>(() => new PredictionWriter(Path, header)).Message);

        void Refused(string said, PredictionHeader other) =>
            Assert.Contains(said, Assert.Throws<DataException>(() => new PredictionWriter(Path, other)).Message);
    }

    [Fact]
    public void Every_bit_of_a_finished_file_counts()
    {
        var header = Asked.Header(new TopTokens(3), length: 2, windows: 3);
        byte[] whole = Asked.File(Path, header);
        string sha = Sha(header);
        int step = SlowTests.Run ? 1 : 5;
        for (int at = 0; at < whole.Length; at += step)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << at % 8);
            File.WriteAllBytes(Path, damaged);
            var refusal = Assert.Throws<DataException>(() => Sha(header));
            Assert.DoesNotContain('\n', refusal.Message);
        }
        File.WriteAllBytes(Path, whole[..^1]);
        Assert.Contains("not whole", Assert.Throws<DataException>(() => Sha(header)).Message);
        File.WriteAllBytes(Path, whole);
        Assert.Equal(sha, Sha(header));

        string Sha(PredictionHeader wanted)
        {
            using PredictionFile file = PredictionFile.Open(Path);
            KeptPredictions kept = new(wanted.SequenceLength, file.Most);
            for (long window = 0; window < wanted.Windows; window++)
                file.Read(window, kept);
            return file.Sha256;
        }
    }

    [Fact]
    public void What_is_no_such_file_is_said_in_a_sentence()
    {
        Assert.Contains("does not exist", Assert.Throws<DataException>(() => PredictionFile.Open(Path)).Message);
        File.WriteAllText(Path, "once upon a time there was a file of no predictions");
        Assert.Contains("holds no predictions", Assert.Throws<DataException>(() => PredictionFile.Open(Path)).Message);
        Assert.False(PredictionFile.Is(Path));
        File.Delete(Path);
        var header = Asked.Header(new TopTokens(3));
        using (PredictionWriter writer = new(Path, header))
        {
            Asked.Add(writer, header, 3);
            Assert.Contains("not finished", Assert.Throws<DataException>(() => PredictionFile.Open(Path)).Message);
            Assert.Contains("another program", Assert.Throws<DataException>(() => new PredictionWriter(Path, header)).Message);
        }
    }

    [Fact]
    public void What_was_asked_of_many_tokens_takes_less_than_half_of_ids_and_floats()
    {
        var header = Asked.Header(new TopTokens(32), vocabulary: 2000, length: 32, windows: 4, isHalf: true);
        long bytes = Asked.File(Path, header).Length;
        Assert.InRange(bytes / (double)header.Rows / 32, 1, 4);
    }

    static void Choose(PredictionHeader header, float[] p, long window, int r, KeptRow row)
    {
        ulong seed = header.Choice is DrawnTokens drawn ? drawn.Seed : 0;
        ulong key = KeyedHash.Combine(KeyedHash.Combine(seed, (ulong)window), (ulong)r);
        header.Choice.Choose(p.AsSpan(r * header.VocabSize, header.VocabSize), key, row);
    }
}
