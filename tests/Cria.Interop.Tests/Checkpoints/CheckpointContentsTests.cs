using System.Text;
using System.Text.Json.Nodes;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Interop.Checkpoints;
using Cria.Interop.Gguf;
using Cria.Interop.HuggingFace;
using Cria.Interop.Tests.HuggingFace;

namespace Cria.Interop.Tests.Checkpoints;

/// <summary>The tokenizer of a checkpoint, whatever file it is in.</summary>
public sealed class CheckpointContentsTests : IDisposable
{
    const string Text = "the cat sat on the mat, 42 caf\u00e9s <|endoftext|>";

    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_vocab_json_and_merges_txt_has_a_tokenizer_that_goes_into_every_format()
    {
        var tokenizer = Trained("the cat sat on the mat");
        string source = Saved(tokenizer.VocabSize);
        WritePair(tokenizer, source);
        Travels(source, tokenizer);
    }

    [Fact]
    public void A_folder_of_a_sentencepiece_model_has_a_tokenizer_that_goes_into_every_format()
    {
        string model = Path.Combine(TestData.Root, "tokenizers", "llama2", "tokenizer.model");
        TestData.Need(model);
        string source = Saved(32_000);
        File.Copy(model, Path.Combine(source, "tokenizer.model"));
        using (var opened = CheckpointFormats.Open(source))
            Assert.IsType<SentencePieceTokenizer>(opened.Contents.Tokenizer);
        Travels(source, TokenizerFile.Open(model).Tokenizer);
    }

    [Fact]
    public void A_tokenizer_json_beside_them_is_the_tokenizer()
    {
        BpeTokenizer pair = Trained("the cat sat on the mat"), json = Trained("on and on and on");
        string source = Saved(pair.VocabSize);
        WritePair(pair, source);
        TokenizerJson.Write(json, Path.Combine(source, "tokenizer.json"));
        using var opened = CheckpointFormats.Open(source);
        Assert.Equal(json.Encode(Text), opened.Contents.Tokenizer!.Encode(Text));
    }

    [Fact]
    public void A_tokenizer_that_cannot_be_read_is_carried_as_it_is_and_refused_when_asked_for()
    {
        string source = Saved(50);
        File.WriteAllText(Path.Combine(source, "tokenizer.model"), "no pieces");
        using var opened = CheckpointFormats.Open(source);
        Assert.Contains("tokenizer.model", Assert.Throws<Data.DataException>(() => opened.Contents.Tokenizer).Message);
        using var model = MadeModel.Of(MadeModel.Llama);
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["again"], model, opened.Contents, new());
        Assert.Equal("no pieces", File.ReadAllText(Path.Combine(_folder["again"], "tokenizer.model")));
        Assert.False(File.Exists(Path.Combine(_folder["again"], "tokenizer.json")));
    }

    [Fact]
    public void A_copy_with_other_files_has_their_tokenizer()
    {
        BpeTokenizer one = Trained("the cat sat on the mat"), other = Trained("on and on and on");
        var contents = new CheckpointContents { Files = Files(one) };
        Assert.Equal(one.Encode(Text), contents.Tokenizer!.Encode(Text));
        Assert.Equal(other.Encode(Text), (contents with { Files = Files(other) }).Tokenizer!.Encode(Text));
        Assert.Same(contents.Tokenizer, (contents with { Name = "x" }).Tokenizer);
        Assert.NotEqual(one.Encode(Text), other.Encode(Text));
    }

    void Travels(string source, ITokenizer tokenizer)
    {
        using var opened = CheckpointFormats.Open(source);
        using var model = opened.Model(Engine.Tensors.CpuDevice.Instance);
        foreach (var format in (ICheckpointFormat[])[GgufFormat.Instance, HuggingFaceFormat.Instance])
        {
            CheckpointFormats.Write(format, _folder[format.Name], model, opened.Contents, new());
            using var written = CheckpointFormats.Open(_folder[format.Name]);
            Assert.Equal(tokenizer.Encode(Text), written.Contents.Tokenizer!.Encode(Text));
            Assert.Contains("tokenizer.json", written.Contents.Files.Keys);
        }
    }

    string Saved(int vocabSize)
    {
        using var model = MadeModel.Of(MadeModel.Llama with { VocabSize = vocabSize });
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["source"], model, new(), new());
        return _folder["source"];
    }

    static void WritePair(BpeTokenizer tokenizer, string folder)
    {
        var model = tokenizer.Model;
        string[] tokens = [.. model.Tokens.Select((token, id) =>
            tokenizer.IsSpecial(id) ? Encoding.UTF8.GetString(token) : ByteCharacters.Print(token))];
        var vocabulary = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id)));
        File.WriteAllText(Path.Combine(folder, "vocab.json"), vocabulary.ToJsonString());
        File.WriteAllLines(Path.Combine(folder, "merges.txt"),
            ["#version: 0.2", .. model.Merges.Select(merge => $"{tokens[merge.Left]} {tokens[merge.Right]}")]);
    }

    static Dictionary<string, byte[]> Files(BpeTokenizer tokenizer) =>
        new() { ["tokenizer.json"] = TokenizerJson.CanonicalBytes(tokenizer) };

    static BpeTokenizer Trained(string text) => BpeTrainer.Train(
        [Encoding.UTF8.GetBytes(text)], new() { VocabSize = 262, MinFrequency = 2, SpecialTokens = ["<|endoftext|>"] });
}
