using System.Security.Cryptography;
using System.Text;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Normalizers;
using Cria.Data.Tokenizers.Training;

namespace Cria.Data.Tests.Tokenizers;

/// <summary>What the trainer counts from, in how much memory, and what comes of it.</summary>
public sealed class BpeTrainingTests
{
    [Fact]
    public void Of_equally_frequent_pairs_the_smallest_ids_merge_first_and_by_the_other_rule_the_greatest_bytes()
    {
        // b a, d c and f e occur twice each; ids follow the bytes here, so the rules choose from opposite ends.
        byte[] text = "ba dc fe ba dc fe"u8.ToArray();
        Assert.Equal(["b a", "d c", "f e", "Ġ dc"], Merges(text, MergeTies.SmallestIds, 261));
        Assert.Equal(["f e", "d c", "b a"], Merges(text, MergeTies.GreatestBytes, 260));

        // Equal left sides: the right ones decide.
        Assert.Equal(["a b"], Merges("ab\nac\nab\nac"u8.ToArray(), MergeTies.SmallestIds, 258));
        Assert.Equal(["a c"], Merges("ab\nac\nab\nac"u8.ToArray(), MergeTies.GreatestBytes, 258));

        // The space is behind all letters by its character (U+0120), before them by its byte.
        Assert.Equal(["a b"], Merges(" ab ab ab"u8.ToArray(), MergeTies.SmallestIds, 258));
        Assert.Equal(["a b"], Merges(" ab ab ab"u8.ToArray(), MergeTies.GreatestBytes, 258));
    }

    // What scripts/make-trainer-answers.mjs prints of this text.
    [Theory]
    [InlineData(false, "6aa0c88a4aa5dfe32e753c2f32c28a7b67a052923b65d76d114ec756d27acf9b")]
    [InlineData(true, "dd2461073a246710b19c2aa93aa41854e09aa613c8e0665a09e1b7e13715bfc4")]
    public void Hugging_faces_own_trainer_learns_the_same_thirty_thousand_tokens_of_forty_languages(bool isBabyLlama, string sha256)
    {
        BpeTraining training = Learn([File.ReadAllBytes(TokenizerData.Require("multilingual", "udhr_40.txt"))], new()
        {
            VocabSize = 30_000,
            MinFrequency = 1,
            SpecialTokens = [],
            ByLine = true,
            Alphabet = ByteAlphabet.Seen,
            AddPrefixSpace = isBabyLlama,
            Normalizer = isBabyLlama ? new UnicodeFormNormalizer(UnicodeForm.Nfkc) : null,
        });
        byte[] tokens = Encoding.UTF8.GetBytes(string.Join('\n', training.Tokens.Select(token => ByteCharacters.Print(token))));
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(tokens)));
    }

    [Theory]
    [InlineData(1), InlineData(3)]
    public void Under_a_small_bound_the_counts_of_ever_new_words_go_through_files_and_stay_exact(int threads)
    {
        byte[][] documents = NewWords(40, 4000);
        BpeTrainerOptions options = new() { VocabSize = 400, Threads = threads };
        BpeTraining whole = Learn(documents, options);
        Assert.Equal(0, whole.Words.SpilledBytes);

        CountedWords counted = Counted(documents, options with { MaxMemory = 1 << 20 }, out long spilled);
        Assert.True(spilled > 1 << 20);
        Assert.Equal(
            Counted(documents, options, out _).Within(1 << 30).All().Select(Printed).Order(StringComparer.Ordinal),
            counted.Within(1 << 30).All().Select(Printed));
    }

    [Fact]
    public void Words_that_do_not_fit_are_left_out_the_rarest_first_and_all_of_it_is_said()
    {
        byte[][] documents = [.. NewWords(40, 4000), .. Enumerable.Repeat("often often seldom"u8.ToArray(), 500)];
        BpeTrainerOptions options = new() { VocabSize = 300, Threads = 2 };
        WordStatistics whole = Learn(documents, options).Words;
        BpeTraining bounded = Learn(documents, options with { MaxMemory = 1 << 20 });
        WordStatistics words = bounded.Words;
        Assert.Equal((whole.Words, whole.DistinctWords), (words.Words, words.DistinctWords));
        Assert.InRange(words.LostWords, 155_000, 158_000); // 1 MB is 64 bytes for each word and 24 for each of its ten bytes
        Assert.Equal(words.LostWords, words.LostOccurrences); // all of them are seen once
        Assert.Equal(1, words.MostLost);
        Assert.Contains(bounded.Tokens, token => token.AsSpan().SequenceEqual(" seldom"u8));
        Assert.Equal(bounded.Merges, Learn(documents, options with { MaxMemory = 1 << 20, Threads = 1 }).Merges);
    }

    [Fact]
    public void Temporary_files_lie_in_a_folder_that_is_made_and_where_it_cannot_be_nothing_is_read()
    {
        using TemporaryFolder folder = new();
        byte[][] documents = [.. NewWords(40, 4000)];
        BpeTrainerOptions options = new() { VocabSize = 300, Threads = 2, MaxMemory = 1 << 20, TemporaryFolder = folder["new/deep"] };
        Assert.True(Learn(documents, options).Words.SpilledBytes > 0);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["new/deep"]));

        File.WriteAllText(folder["file"], "");
        IEnumerable<ReadOnlyMemory<byte>> never =
            documents.Select<byte[], ReadOnlyMemory<byte>>(_ => throw new InvalidOperationException());
        string message = Assert.Throws<DataException>(
            () => BpeTrainer.Learn(never, options with { TemporaryFolder = folder["file/in"] })).Message;
        Assert.Contains(folder["file/in"], message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_runs_than_may_be_open_are_merged_on_the_way()
    {
        using WordRuns runs = new(null);
        WordCounts table = new();
        for (int run = 0; run < 3 * WordRuns.MostRuns; run++)
        {
            for (int word = 0; word < 20; word++)
                table.Add(Encoding.UTF8.GetBytes($"{(run + word) % 50} words"), 1L << 40);
            runs.Add(table);
            Assert.True(runs.Count < WordRuns.MostRuns);
            Assert.Equal(0, table.Count);
        }
        var merged = runs.Merged().Select(Printed).ToList();
        Assert.Equal(50, merged.Count);
        Assert.Equal(merged.Order(StringComparer.Ordinal), merged);
        Assert.Equal(3 * WordRuns.MostRuns * 20 * (1L << 40), runs.Merged().Sum(word => word.Occurrences));
    }

    [Fact]
    public void A_word_longer_than_every_buffer_survives_the_disk()
    {
        byte[] word = new RandomText(3).Bytes(700_000);
        using WordRuns runs = new(null);
        WordCounts table = new();
        table.Add(word, 7);
        runs.Add(table);
        table.Add(word, 8);
        table.Add("short"u8, 1);
        runs.Add(table);
        var merged = runs.Merged().Select(entry => (entry.Word.ToArray(), entry.Occurrences)).ToList();
        Assert.Contains(merged, entry => entry.Occurrences == 15 && entry.Item1.AsSpan().SequenceEqual(word));
        Assert.Equal(2, merged.Count);
    }

    [Fact]
    public void Occurrences_are_counted_in_64_bits()
    {
        WordCounts words = new();
        words.Add("ab"u8, 3_000_000_000);
        words.Add("ab"u8, 3_000_000_000);
        Assert.Equal(6_000_000_000, words.Occurrences(0));
    }

    [Fact]
    public void One_long_document_gives_what_its_parts_give_and_what_one_thread_gives()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 120_000).Select(i => $"The {i % 977} hens lay {i % 31} eggs.\n")));
        BpeTrainerOptions options = new() { VocabSize = 500, Threads = 4 };
        Assert.Equal(Learn([text], options with { Threads = 1 }).Merges, Learn([text], options).Merges);
        Assert.Equal(
            Learn([text], options with { ByLine = true, Threads = 1 }).Words.Words,
            Learn([text], options with { ByLine = true }).Words.Words);
    }

    [Fact]
    public void By_line_every_line_has_its_prefix_space_and_its_end()
    {
        BpeTrainerOptions options = new() { VocabSize = 300, MinFrequency = 1, AddPrefixSpace = true, ByLine = true };
        CountedWords words = Counted(["one\ntwo\n\n three"u8.ToArray()], options, out _);
        Assert.Equal(
            ["\n 2", " \n 1", " one 1", " three 1", " two 1"],
            words.Within(1 << 30).All().Select(Printed).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_tokenizer_as_baby_llama_trains_one_has_the_bytes_it_saw_and_drops_the_others()
    {
        byte[] text = Encoding.UTF8.GetBytes("the ﬁsh, the ﬁn\nthe ﬁsh\n"); // a ligature, which NFKC takes apart
        BpeTraining training = Learn([text], new()
        {
            VocabSize = 16,
            SpecialTokens = ["<pad>", "<s>", "</s>"],
            Normalizer = new UnicodeFormNormalizer(UnicodeForm.Nfkc),
            ByLine = true,
            AddPrefixSpace = true,
            Alphabet = ByteAlphabet.Seen,
        });
        Assert.Equal(
            ["<pad>", "<s>", "</s>", ",", "e", "f", "h", "i", "n", "s", "t", "Ċ", "Ġ", "fi", "he", "the"],
            training.Tokens.Select((token, id) => id < 3 ? Encoding.UTF8.GetString(token) : ByteCharacters.Print(token)));
        var tokenizer = Assert.IsType<ComposedTokenizer>(training.Tokenizer());
        Assert.Equal((1, 2), (tokenizer.BeginOfText, tokenizer.EndOfText));
        Assert.Equal(" thefi", tokenizer.Decode(tokenizer.Encode("the" + "xyz" + "ﬁ")));
    }

    [Fact]
    public void A_plain_tokenizer_is_the_fast_one_and_others_are_what_they_were_trained_as()
    {
        byte[][] text = [Encoding.UTF8.GetBytes("one two 1234 two one")];
        Assert.IsType<BpeTokenizer>(Learn(text, new() { VocabSize = 260, Splitter = Llama3Splitter.Instance }).Tokenizer());
        BpeTrainerOptions options = new() { VocabSize = 262, Splitter = Llama3Splitter.Instance };
        var composed = Assert.IsType<ComposedTokenizer>(
            Learn(text, options with { Normalizer = new UnicodeFormNormalizer(UnicodeForm.Nfc) }).Tokenizer());
        BpeTokenizer plain = BpeTrainer.Train(text.Select(document => (ReadOnlyMemory<byte>)document), options);
        Assert.Equal(plain.Encode("one 1234 two"), composed.Encode("one 1234 two"));
    }

    static BpeTraining Learn(IEnumerable<byte[]> documents, BpeTrainerOptions options) =>
        BpeTrainer.Learn(documents.Select(document => (ReadOnlyMemory<byte>)document), options);

    static CountedWords Counted(IEnumerable<byte[]> documents, BpeTrainerOptions options, out long spilledBytes)
    {
        WordCounter counter = new(options, null); // not disposed: what it spilled is read by the caller
        CountedWords words = counter.Count(documents.Select(document => (ReadOnlyMemory<byte>)document), default);
        spilledBytes = words.Statistics.SpilledBytes;
        return words;
    }

    static string[] Merges(byte[] text, MergeTies ties, int vocabSize)
    {
        BpeTraining training = Learn([text], new()
        {
            VocabSize = vocabSize,
            Ties = ties,
        });
        return [.. training.Merges.Select(merge =>
            $"{ByteCharacters.Print(training.Tokens[merge.Left])} {ByteCharacters.Print(training.Tokens[merge.Right])}")];
    }

    static byte[][] NewWords(int documents, int wordsEach)
    {
        RandomText random = new(21);
        return [.. Enumerable.Range(0, documents).Select(_ => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, wordsEach)
            .Select(_ => " " + string.Concat(Enumerable.Range(0, 9).Select(_ => (char)('a' + random.Below(26))))))))];
    }

    static string Printed((ReadOnlyMemory<byte> Word, long Occurrences) word) => $"{Encoding.UTF8.GetString(word.Word.Span)} {word.Occurrences}";
}
