using System.Text;
using Cria.Data.Tokenizers;

namespace Cria.Data.Tests.Tokenizers;

public sealed class BpeTrainerTests
{
    [Fact]
    public void The_reference_corpus_gives_the_reference_merges()
    {
        byte[] corpus = File.ReadAllBytes(TokenizerData.Require("bpe-reference", "corpus.en"));
        string[] expected =
            File.ReadAllLines(TokenizerData.Require("bpe-reference", "train-bpe-reference-merges.txt"));
        BpeModel model = Train([corpus], new BpeTrainerOptions { VocabSize = 500, Ties = MergeTies.GreatestBytes });
        Assert.Equal(243, model.Merges.Count);
        Assert.Equal(expected, Printed(model));
    }

    [Fact]
    public void The_known_example_of_hugging_faces_trainer_gives_its_merges()
    {
        string words = "roses are are red voilets blue BERT is is big and so GPT-2".Replace(' ', '\n');
        BpeModel model = Train([Encoding.UTF8.GetBytes(words)], new BpeTrainerOptions { VocabSize = 400 });
        Assert.Equal(["r e", "a re", "i s"], Printed(model));
    }

    [Theory]
    [InlineData(MergeTies.SmallestIds), InlineData(MergeTies.GreatestBytes)]
    public void Random_corpora_give_the_merges_of_the_plain_algorithm(MergeTies ties)
    {
        RandomText random = new(5);
        for (int i = 0; i < 150; i++)
        {
            byte[][] documents = [.. Enumerable.Range(0, 1 + random.Below(5)).Select(_ => i % 2 == 0
                ? Encoding.UTF8.GetBytes(random.Text(random.Below(120)))
                : Enumerable.Range(0, 1 + random.Below(150)).Select(_ => (byte)"abc "[random.Below(4)]).ToArray())];
            BpeTrainerOptions options = new()
            {
                VocabSize = 257 + random.Below(60),
                Ties = ties,
                MinFrequency = 1 + random.Below(3),
                AddPrefixSpace = random.Below(2) == 0,
            };
            if (documents.All(document => document.Length == 0))
                continue;
            BpeModel model = Train(documents, options);
            Assert.Equal(NaiveBpeTrainer.Merges(documents, options), Printed(model));
        }
    }

    [Fact]
    public void Specials_come_first_then_the_bytes_in_the_order_of_their_characters_then_the_merges()
    {
        BpeModel model = Train(["abab abab"u8.ToArray()],
            new BpeTrainerOptions { VocabSize = 300, SpecialTokens = ["<|endoftext|>", "<pad>"] });
        Assert.Equal("<|endoftext|>"u8, model.Tokens[0]);
        Assert.Equal("<pad>"u8, model.Tokens[1]);
        Assert.Equal("!"u8, model.Tokens[2]); // byte 33 is the first that prints
        Assert.Equal([0], model.Tokens[2 + 188]); // byte 0 prints as U+0100
        Assert.Equal([173], model.Tokens[257]);
        Assert.Equal(["a b", "ab ab"], Printed(model));
        Assert.Equal([258, 259], model.Merges.Select(merge => merge.Result));
        Assert.Equal(260, model.Tokens.Count); // nothing else occurs twice
    }

    [Fact]
    public void Threads_and_the_order_of_documents_change_nothing()
    {
        string[] lines = File.ReadAllLines(TokenizerData.Require("bpe-reference", "corpus.en"));
        byte[][] documents = [.. lines.Select(Encoding.UTF8.GetBytes)];
        BpeTrainerOptions options = new() { VocabSize = 600, Threads = 1 };
        string[] one = Printed(Train(documents, options));
        Assert.Equal(one, Printed(Train(documents, options with { Threads = 5 })));
        Array.Reverse(documents);
        Assert.Equal(one, Printed(Train(documents, options with { Threads = 2 })));
    }

    [Fact]
    public void A_merge_never_spells_a_special_token()
    {
        BpeTokenizer tokenizer = BpeTrainer.Train(
            [Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("pad pad ", 50)))],
            new BpeTrainerOptions { VocabSize = 300, SpecialTokens = ["pad"] });
        Assert.DoesNotContain(tokenizer.Encode("pad pad"), tokenizer.IsSpecial);
    }

    [Fact]
    public void Impossible_wishes_are_refused_in_one_sentence()
    {
        byte[] text = "some text"u8.ToArray();
        void Refused(byte[] document, BpeTrainerOptions options, string words) =>
            Assert.Contains(words, Assert.Throws<DataException>(() => Train([document], options)).Message);

        Refused(text, new BpeTrainerOptions { VocabSize = 256 }, "ask for 257 or more");
        Refused(text, new BpeTrainerOptions { VocabSize = 300, SpecialTokens = ["<a>", "<a>"] }, "listed twice");
        Refused(text, new BpeTrainerOptions { VocabSize = 300, SpecialTokens = ["a"] }, "at least two bytes");
        Refused([], new BpeTrainerOptions { VocabSize = 300 }, "empty");
    }

    [Fact]
    public void A_fault_in_the_documents_reaches_the_caller()
    {
        static IEnumerable<ReadOnlyMemory<byte>> Broken()
        {
            yield return "a"u8.ToArray();
            throw new DataException("cut short");
        }
        Assert.Throws<DataException>(() => BpeTrainer.Train(Broken(), new BpeTrainerOptions { VocabSize = 300 }));
    }

    [Fact]
    public void Cancelling_ends_the_training()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => BpeTrainer.Train(
            ["abc"u8.ToArray()], new BpeTrainerOptions { VocabSize = 300 }, cancellation: source.Token));
    }

    static BpeModel Train(IEnumerable<byte[]> documents, BpeTrainerOptions options) =>
        BpeTrainer.Train(documents.Select(document => (ReadOnlyMemory<byte>)document), options).Model;

    static string[] Printed(BpeModel model) =>
        [.. model.Merges.Select(merge =>
            $"{ByteCharacters.Print(model.Tokens[merge.Left])} {ByteCharacters.Print(model.Tokens[merge.Right])}")];
}
