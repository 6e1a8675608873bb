using System.Text.Json;
using Cria.Data.Tokenizers;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.Gguf;
using Cria.Interop.Llama2c;
using Cria.Models;
using Cria.Models.Decoding;

namespace Cria.Interop.Tests;

/// <summary>The same real model as other people's programs wrote it in three formats, and as we write each from the others.</summary>
public sealed class Stories260KFormatsTests : IDisposable
{
    const string Story = "Once upon a time, there was a little girl named Lily. She loved to play outside in the park. " +
        "One day, she saw a big, red ball. She wanted to play with it, but it was too high.\nLily's mom said,";

    static readonly string[] Sources = ["stories260K-hf", "stories260K.gguf", "stories260K.bin"];

    readonly string _folder = Directory.CreateTempSubdirectory("cria-formats-").FullName;

    static string Checkpoints => Path.Combine(TestData.Root, "checkpoints");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("stories260K-hf"), InlineData("stories260K.gguf"), InlineData("stories260K.bin")]
    public void Logits_of_every_format_are_within_2e_4_of_the_float64_ones(string source)
    {
        using var model = Opened(source);
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkpoints, "stories260K.logits.json")));
        int[] ids = [.. golden.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        double[] expected = [.. golden.RootElement.GetProperty("logits_float64_last_position").EnumerateArray().Select(logit => logit.GetDouble())];
        using var decoder = new Decoder(model, KernelChoice.All(threads: 2)[0]);
        float[] last = [];
        decoder.Append(ids, (_, logits) => last = logits.ToArray());
        Assert.InRange(expected.Zip(last, (a, b) => Math.Abs(a - b)).Max(), 0, 2e-4);
    }

    [Fact]
    public void Every_format_holds_the_same_bits()
    {
        float[] expected = Bits(Sources[0]);
        foreach (string source in Sources[1..]) // not Assert.All, which would make a failure of a skip
            Assert.Equal(expected, Bits(source));
    }

    [Theory]
    [InlineData("stories260K-hf"), InlineData("stories260K.gguf"), InlineData("stories260K.bin")]
    public void Exported_to_every_other_format_and_back_the_weights_are_the_same_bits(string source)
    {
        float[] bits = Bits(source);
        foreach (var format in CheckpointFormats.Writable)
            foreach (string type in format.Types.Where(type => type.StartsWith("f32", StringComparison.Ordinal)))
            {
                string there = Path.Combine(_folder, $"{format.Name}-{type}");
                Export(Path.Combine(Checkpoints, source), format, type, there);
                Assert.Equal(bits, Bits(there));
                foreach (var back in CheckpointFormats.Writable)
                {
                    string again = Path.Combine(_folder, $"{format.Name}-{type}-{back.Name}");
                    Export(there, back, null, again);
                    Assert.Equal(bits, Bits(again));
                }
            }
    }

    [Fact]
    public void A_gguf_file_exported_from_one_has_its_tensors_to_the_byte()
    {
        string source = Path.Combine(Checkpoints, "stories260K.gguf"), written = Path.Combine(_folder, "again.gguf");
        TestData.Need(source);
        Export(source, GgufFormat.Instance, null, written);
        using var theirs = new GgufFile(source);
        using var ours = new GgufFile(written);
        Assert.Equal(theirs.Tensors.Keys.Where(name => name != "output.weight").Order(), ours.Tensors.Keys.Order()); // theirs wrote the tied head out
        byte[] a = File.ReadAllBytes(source), b = File.ReadAllBytes(written);
        foreach (var tensor in ours.Tensors.Values)
        {
            var there = theirs.Tensors[tensor.Name];
            Assert.Equal((there.Type, there.Bytes), (tensor.Type, tensor.Bytes));
            Assert.Equal(there.Sizes, tensor.Sizes);
            var (bytes, others) = (a.AsMemory((int)there.Offset, (int)there.Bytes), b.AsMemory((int)tensor.Offset, (int)tensor.Bytes));
            Assert.True(bytes.Span.SequenceEqual(others.Span), tensor.Name);
        }
        foreach (string key in theirs.Metadata.Keys.Where(key => key.StartsWith("llama.", StringComparison.Ordinal)))
            Assert.Equal(theirs.Metadata.Real(key), ours.Metadata.Real(key));
    }

    [Fact]
    public void A_legacy_file_exported_from_one_is_the_same_but_for_the_last_bits_of_its_tables()
    {
        string source = Path.Combine(Checkpoints, "stories260K.bin"), written = Path.Combine(_folder, "again.bin");
        TestData.Need(source);
        Export(source, CheckpointFormats.Writable.Single(format => format.Name == "llama2c"), null, written);
        byte[] theirs = File.ReadAllBytes(source), ours = File.ReadAllBytes(written);
        int tables = theirs.Length - 2 * 512 * 4 * sizeof(float);
        Assert.Equal(theirs.Length, ours.Length);
        Assert.True(theirs.AsSpan(0, tables).SequenceEqual(ours.AsSpan(0, tables)));
        for (int i = tables; i < theirs.Length; i += sizeof(float))
            Assert.Equal(BitConverter.ToSingle(theirs, i), BitConverter.ToSingle(ours, i), 5e-5f);
    }

    [Theory]
    [InlineData("stories260K-hf"), InlineData("stories260K.gguf"), InlineData("stories260K.bin")]
    public void Every_format_tells_the_quoted_story_and_so_does_what_is_exported_from_it(string source)
    {
        string path = Path.Combine(Checkpoints, source);
        Assert.StartsWith(Story, Told(path));
        foreach (var format in CheckpointFormats.Writable)
        {
            string there = Path.Combine(_folder, format.Name, "model");
            Export(path, format, null, there, withTokenizer: true);
            Assert.StartsWith(Story, Told(there));
        }
    }

    [Fact]
    public void Pieces_and_scores_are_the_same_in_every_format()
    {
        string source = Path.Combine(Checkpoints, "stories260K-hf"), gguf = Path.Combine(_folder, "a.gguf"), bin = Path.Combine(_folder, "a.bin");
        Export(source, GgufFormat.Instance, null, gguf, withTokenizer: true);
        Export(source, Llama2cFormat.Instance, null, bin, withTokenizer: true);
        using var theirs = new GgufFile(Path.Combine(Checkpoints, "stories260K.gguf"));
        using var ours = new GgufFile(gguf);
        Assert.Equal(theirs.Metadata.Texts("tokenizer.ggml.tokens"), ours.Metadata.Texts("tokenizer.ggml.tokens"));
        Assert.Equal(theirs.Metadata.Numbers<int>("tokenizer.ggml.token_type"), ours.Metadata.Numbers<int>("tokenizer.ggml.token_type"));
        using var back = CheckpointFormats.Open(bin);
        foreach (string text in (string[])["Once upon a time", "  two  spaces ", "Ünïcödé 猫\n\n42 ▁", "a<s>b</s>"])
            Assert.Equal(Tokenizer(source).Encode(text), back.Contents.Tokenizer!.Encode(text));
    }

    static ITokenizer Tokenizer(string path)
    {
        using var checkpoint = CheckpointFormats.Open(path);
        return checkpoint.Contents.Tokenizer!;
    }

    static string Told(string path)
    {
        TestData.Need(path);
        using var checkpoint = CheckpointFormats.Open(path);
        using var model = checkpoint.Model(CpuDevice.Instance);
        using var decoder = new Decoder(model, KernelChoice.All(threads: 2)[0]);
        var tokenizer = checkpoint.Contents.Tokenizer!;
        int[] prompt = tokenizer.Encode("Once upon a time");
        var ids = Generation.Run(decoder, [tokenizer.BeginOfText!.Value, .. prompt], 80, tokenizer.EndOfText, new() { Temperature = 0 });
        return tokenizer.Decode([.. prompt, .. ids]);
    }

    static void Export(string source, ICheckpointFormat format, string? type, string path, bool withTokenizer = false)
    {
        TestData.Need(source);
        using var checkpoint = CheckpointFormats.Open(source);
        using var model = checkpoint.Model(CpuDevice.Instance);
        CheckpointFormats.Write(format, path, model, withTokenizer ? checkpoint.Contents : new(), new() { Type = type });
    }

    static float[] Bits(string source)
    {
        using var model = Opened(source);
        return MadeModel.Numbers(model);
    }

    static ILanguageModel Opened(string source)
    {
        string path = Path.IsPathRooted(source) ? source : Path.Combine(Checkpoints, source);
        TestData.Need(path);
        using var checkpoint = CheckpointFormats.Open(path);
        return checkpoint.Model(CpuDevice.Instance);
    }
}
