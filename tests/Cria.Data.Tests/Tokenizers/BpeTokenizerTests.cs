using System.Text;
using Cria.Data.Tokenizers;

namespace Cria.Data.Tests.Tokenizers;

public sealed class BpeTokenizerTests
{
    static readonly Lazy<BpeTokenizer> LazyGpt2 = new(() => new BpeTokenizer(TokenizerData.FromVocabularyAndMerges(
        TokenizerData.Path("tokenizers", "gpt2", "vocab.json"),
        TokenizerData.Path("tokenizers", "gpt2", "merges.txt"))));

    [Fact]
    public void Gpt2_encodes_the_golden_texts_to_the_known_ids()
    {
        BpeTokenizer gpt2 = Gpt2();
        foreach ((string text, int[] ids) in TokenizerData.Golden("gpt2"))
        {
            Assert.Equal(ids, gpt2.Encode(text));
            Assert.Equal(text, gpt2.Decode(ids));
        }
    }

    [Fact]
    public void Cl100k_encodes_the_golden_texts_to_the_known_ids()
    {
        BpeTokenizer cl100k = new(TokenizerData.FromRanks(
            TokenizerData.Require("tokenizers", "tiktoken", "cl100k_base.tiktoken"), Llama3Splitter.Instance));
        foreach ((string text, int[] ids) in TokenizerData.Golden("cl100k_base"))
            Assert.Equal(ids, cl100k.Encode(text));
    }

    [Fact]
    public void Forty_languages_come_back_as_they_were()
    {
        BpeTokenizer gpt2 = Gpt2();
        byte[] text = File.ReadAllBytes(TokenizerData.Require("multilingual", "udhr_40.txt"));
        Assert.Equal(text, RoundTrip(gpt2, text));
    }

    [Fact]
    public void Random_bytes_come_back_as_they_were()
    {
        BpeTokenizer gpt2 = Gpt2();
        RandomText random = new(3);
        for (int length = 0; length < 600; length++)
        {
            byte[] text = random.Bytes(length);
            Assert.Equal(text, RoundTrip(gpt2, text));
        }
    }

    [Fact]
    public void A_megabyte_without_a_space_is_no_trap()
    {
        BpeTokenizer gpt2 = Gpt2();
        byte[] text = new byte[1 << 20];
        Array.Fill(text, (byte)'a');
        Assert.Equal(text, RoundTrip(gpt2, text));
    }

    [Fact]
    public async Task Threads_that_share_a_tokenizer_get_the_ids_of_one_thread()
    {
        BpeTokenizer gpt2 = Gpt2();
        string[] lines = File.ReadAllLines(TokenizerData.Require("multilingual", "udhr_40.txt"))[..2000];
        int[][] expected = [.. lines.Select(line => gpt2.Encode(line))];
        Task<int[][]>[] threads =
            [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => lines.Select(line => gpt2.Encode(line)).ToArray()))];
        foreach (int[][] ids in await Task.WhenAll(threads))
            Assert.Equal(expected, ids);
    }

    [Fact]
    public void The_name_of_a_special_token_is_text_unless_parsed()
    {
        BpeTokenizer tokenizer = Tiny(BpeModel.EndOfText, "<|end", "<|endoftext|>!");
        const string Text = "a<|endoftext|>b<|end<|endoftext|>!<|";
        int[] asText = tokenizer.Encode(Text);
        int[] parsed = tokenizer.Encode(Text, SpecialTokens.Parse);
        Assert.DoesNotContain(asText, tokenizer.IsSpecial);
        Assert.Equal([0, 1, 2], parsed.Where(tokenizer.IsSpecial));
        Assert.Equal(Text, tokenizer.Decode(asText));
        Assert.Equal(Text, tokenizer.Decode(parsed));
        Assert.Equal(0, tokenizer.EndOfText);
    }

    [Fact]
    public void A_prefix_space_goes_before_each_stretch_of_text_that_has_none()
    {
        BpeTokenizer tokenizer = new(Tiny(BpeModel.EndOfText).Model with { AddPrefixSpace = true });
        string Decoded(string text) => tokenizer.Decode(tokenizer.Encode(text, SpecialTokens.Parse));
        Assert.Equal("", Decoded(""));
        Assert.Equal(" a", Decoded("a"));
        Assert.Equal(" a", Decoded(" a"));
        Assert.Equal(
            "<|endoftext|> a<|endoftext|><|endoftext|> b",
            Decoded("<|endoftext|>a<|endoftext|><|endoftext|> b"));
    }

    [Fact]
    public void Ids_outside_the_vocabulary_and_buffers_too_small_are_refused()
    {
        BpeTokenizer tokenizer = Tiny();
        Assert.Contains("Token id 256", Assert.Throws<DataException>(() => tokenizer.TokenBytes(256).Length).Message);
        Assert.Throws<DataException>(() => tokenizer.IsSpecial(-1));
        Assert.Throws<ArgumentException>(() => tokenizer.Encode("abc"u8, new int[2]));
        Assert.Null(tokenizer.EndOfText);
    }

    [Fact]
    public void A_model_that_contradicts_itself_is_refused()
    {
        BpeModel model = Tiny().Model;
        void Refused(BpeModel wrong, string words) =>
            Assert.Contains(words, Assert.Throws<DataException>(() => new BpeTokenizer(wrong)).Message);

        Refused(model with { Tokens = [.. model.Tokens.Skip(1)] }, "no token for byte");
        Refused(model with { Merges = [new BpeMerge(0, 1, 999)] }, "outside the vocabulary");
        Refused(model with { Merges = [new BpeMerge(0, 1, 2)] }, "not the two together");
        Refused(model with { SpecialIds = [3] }, "at least two bytes");
        Refused(model with { SpecialIds = [256] }, "not in the vocabulary");
        Refused(model with { Tokens = [.. model.Tokens, []] }, "is empty");
    }

    [Fact]
    public void Streaming_holds_back_partial_characters()
    {
        BpeTokenizer tokenizer = Tiny();
        StreamingDecoder decoder = new(tokenizer);
        List<string> pieces = [.. tokenizer.Encode("é😀x").Select(decoder.Next)];
        Assert.Equal(["", "é", "", "", "", "😀", "x"], pieces);
        Assert.Equal("", decoder.Next(tokenizer.Encode("é")[0]));
        Assert.Equal("\uFFFD", decoder.Flush());
        Assert.Equal("x", decoder.Next(tokenizer.Encode("x")[0]));
    }

    static BpeTokenizer Gpt2()
    {
        TokenizerData.Require("tokenizers", "gpt2", "vocab.json");
        return LazyGpt2.Value;
    }

    static BpeTokenizer Tiny(params string[] specials) => new(new BpeModel
    {
        Tokens =
        [
            .. specials.Select(Encoding.UTF8.GetBytes),
            .. ByteCharacters.InOrder.ToArray().Select(b => new[] { b }),
        ],
        Merges = [],
        SpecialIds = [.. Enumerable.Range(0, specials.Length)],
    });

    static byte[] RoundTrip(BpeTokenizer tokenizer, byte[] text)
    {
        int[] ids = new int[tokenizer.MaxTokens(text.Length)];
        return tokenizer.DecodeBytes(ids.AsSpan(0, tokenizer.Encode(text, ids)));
    }
}
