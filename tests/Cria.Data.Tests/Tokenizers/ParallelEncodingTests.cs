using System.Text;
using Cria.Data.Tokenizers;

namespace Cria.Data.Tests.Tokenizers;

public sealed class ParallelEncodingTests
{
    public static TheoryData<string> Names => ["gpt2", "llama3", "qwen2", "whole text"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_text_cut_in_two_keeps_its_words(string name)
    {
        IWordSplitter splitter = Splitter(name);
        RandomText random = new(11);
        int cuts = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = i % 4 == 0
                ? [.. random.Bytes(2 + random.Below(6)), (byte)' ', .. random.Bytes(random.Below(6)), (byte)'\n', .. random.Bytes(3)]
                : Encoding.UTF8.GetBytes(random.Text(2 + random.Below(12)));
            for (int from = 1, cut; (cut = splitter.FirstCut(text, from)) < text.Length; from = cut + 1)
            {
                cuts++;
                Assert.True(cut >= from);
                Assert.Equal(Lengths(splitter, text), [.. Lengths(splitter, text.AsSpan(0, cut)), .. Lengths(splitter, text.AsSpan(cut))]);
            }
        }
        Assert.Equal(name != "whole text", cuts > 5000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_number_of_threads_gives_the_ids_of_one(string name)
    {
        byte[] line = Encoding.UTF8.GetBytes("The 12 hens don't lay\n\n  any eggs<|endoftext|>;  é中文 ").AsSpan().ToArray();
        byte[] text = [.. Enumerable.Repeat(line, 8000).SelectMany(bytes => bytes)];
        foreach (bool addsSpace in (bool[])[false, true])
        {
            BpeTokenizer tokenizer = BpeTrainer.Train([line], new()
            {
                VocabSize = 300,
                MinFrequency = 1,
                Splitter = Splitter(name),
                AddPrefixSpace = addsSpace,
            });
            foreach (SpecialTokens policy in Enum.GetValues<SpecialTokens>())
            {
                int[] one = new int[tokenizer.MaxTokens(text.Length)], many = new int[one.Length];
                int count = tokenizer.Encode(text, one, policy);
                Assert.Equal(count, tokenizer.EncodeParallel(text, many, 3, policy));
                Assert.Equal(one[..count], many[..count]);
            }
        }
    }

    [Fact]
    public void Too_little_room_is_refused()
    {
        ITokenizer tokenizer = BpeTrainer.Train(["abc"u8.ToArray()], new() { VocabSize = 300 });
        Assert.Throws<ArgumentException>(() => tokenizer.EncodeParallel(new byte[1 << 20], new int[1 << 19], 2));
    }

    static IWordSplitter Splitter(string name) => name switch
    {
        "gpt2" => Gpt2Splitter.Instance,
        "llama3" => Llama3Splitter.Instance,
        "qwen2" => Llama3Splitter.Qwen2,
        _ => WholeTextSplitter.Instance,
    };

    static List<int> Lengths(IWordSplitter splitter, ReadOnlySpan<byte> text)
    {
        List<int> lengths = [];
        for (; text.Length > 0; text = text[lengths[^1]..])
            lengths.Add(splitter.FirstWord(text));
        return lengths;
    }
}
