using System.Text;
using System.Text.Json.Nodes;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Decoders;
using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.PreTokenizers;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.Gguf;
using Cria.Interop.HuggingFace;
using Cria.Interop.Tests.HuggingFace;

namespace Cria.Interop.Tests.Gguf;

public sealed class GgufByteLevelTests : IDisposable
{
    const string Template = "{% for message in messages %}{{ message.content }}\n{% endfor %}";

    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt2", false, "gpt-2"), InlineData("llama3", true, "llama-bpe"), InlineData("llama3", false, "dbrx")]
    public void A_tokenizer_comes_back_the_same_and_pads_up_to_the_embedding(string words, bool ignoreMerges, string name)
    {
        var tokenizer = Trained(words, ignoreMerges);
        string path = Written(tokenizer, tokenizer.VocabSize + 3);
        using var file = new GgufFile(path);
        using var checkpoint = CheckpointFormats.Open(path);
        var contents = checkpoint.Contents;
        var read = Assert.IsType<BpeTokenizer>(contents.Tokenizer);

        Assert.Equal(tokenizer.Model.Tokens, read.Model.Tokens);
        Assert.Equal(tokenizer.Model.Merges, read.Model.Merges);
        Assert.Equal(tokenizer.Model.SpecialIds, read.Model.SpecialIds);
        Assert.Same(tokenizer.Model.Splitter, read.Model.Splitter);
        Assert.Equal(ignoreMerges, read.Model.IgnoreMerges);
        Assert.Equal(TokenizerJson.CanonicalBytes(tokenizer), contents.Files["tokenizer.json"]);
        Assert.Equal(new SpecialIds(tokenizer.EndOfText, tokenizer.EndOfText), contents.Specials);
        Assert.Equal("a tale", contents.Name);
        Assert.Equal(Template, (string?)JsonNode.Parse(contents.Files["tokenizer_config.json"])!["chat_template"]);
        Assert.Equal("<|endoftext|>", (string?)JsonNode.Parse(contents.Files["tokenizer_config.json"])!["eos_token"]);

        Assert.Equal(("gpt2", name), (file.Metadata.Text("tokenizer.ggml.model"), file.Metadata.Text("tokenizer.ggml.pre")));
        Assert.Equal(tokenizer.VocabSize + 3, file.Metadata.CountOf("tokenizer.ggml.tokens"));
        Assert.Equal($"[PAD{tokenizer.VocabSize}]", Encoding.UTF8.GetString(file.Metadata.Texts("tokenizer.ggml.tokens")[tokenizer.VocabSize]));
        Assert.Equal((3, 5), (file.Metadata.Numbers<int>("tokenizer.ggml.token_type")[tokenizer.EndOfText!.Value], file.Metadata.Numbers<int>("tokenizer.ggml.token_type")[^1]));
        Assert.True(file.Metadata.Flag("tokenizer.ggml.add_bos_token"));
    }

    [Theory]
    [InlineData("qwen2"), InlineData("gpt-2")]
    public void A_tokenizer_in_parts_keeps_its_added_tokens_and_its_words(string name)
    {
        const string digitByDigit = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
        var trained = Trained("gpt2", false).Model;
        string[] tokens = [.. trained.Tokens.Select((token, id) =>
            trained.SpecialIds.Contains(id) ? Encoding.UTF8.GetString(token) : ByteCharacters.Print(token))];
        var bytes = new ByteLevelPreTokenizer(AddPrefixSpace: false, UsesWords: name == "gpt-2");
        var tokenizer = new ComposedTokenizer(new ComposedModel
        {
            AddedTokens = [.. trained.SpecialIds.Select(id => new AddedToken(id, tokens[id]) { IsSpecial = true }), new(tokens.Length, "<think>")],
            PreTokenizer = name == "gpt-2" ? bytes
                : new PreTokenizerSequence([new PatternPreTokenizer(TextPattern.OfRegex(digitByDigit), SplitBehavior.Isolated), bytes]),
            Model = new CharacterBpeModel { Tokens = tokens, Merges = trained.Merges, Marks = trained.SpecialIds.ToHashSet() },
            Decoder = new ByteLevelDecoder(),
            EndOfText = trained.SpecialId("<|endoftext|>"),
        });
        string path = Written(tokenizer, tokenizer.VocabSize + 2);
        using var file = new GgufFile(path);
        using var checkpoint = CheckpointFormats.Open(path);
        var read = Assert.IsType<ComposedTokenizer>(checkpoint.Contents.Tokenizer);
        Assert.Equal(name, file.Metadata.Text("tokenizer.ggml.pre"));
        Assert.Equal(4, file.Metadata.Numbers<int>("tokenizer.ggml.token_type")[tokens.Length]); // user-defined
        Assert.Equal(tokenizer.EndOfText, read.EndOfText);
        foreach (string text in (string[])["ab abc 1234 <think>abcd", "é'll \n\n 42", "<|endoftext|>"])
        {
            Assert.Equal(tokenizer.Encode(text), read.Encode(text));
            Assert.Equal(tokenizer.Encode(text, SpecialTokens.Parse), read.Encode(text, SpecialTokens.Parse));
            Assert.Equal(text, read.Decode(read.Encode(text)));
        }
        var again = TokenizerJson.Read(checkpoint.Contents.Files["tokenizer.json"], checkpoint.Contents.Files["tokenizer_config.json"]);
        Assert.Equal(tokenizer.Encode("ab 1234 <think>"), again.Encode("ab 1234 <think>"));
    }

    [Fact]
    public void What_llama_cpp_would_cut_otherwise_is_refused()
    {
        Refused("no name of llama.cpp's for the words", () => Written(Trained("whole", false), 300));
        var prefixed = new BpeTokenizer(Trained("gpt2", false).Model with { AddPrefixSpace = true });
        Refused("puts a space before every text", () => Written(prefixed, 300));
        Refused("the model's embedding 20", () => Written(Trained("gpt2", false), 20));
    }

    [Theory]
    [InlineData("kind", "of the kind 'bert'"), InlineData("words", "cuts words as 'tekken'"), InlineData("types", "types of tokens")]
    [InlineData("merge", "not two tokens"), InlineData("unknown", "'zz', which is not in the vocabulary"), InlineData("twice", "has two ids")]
    [InlineData("bytes", "byte-level characters"), InlineData("more", "tokens, and an embedding of")]
    public void A_damaged_tokenizer_is_one_sentence_and_the_model_still_opens(string damage, string said)
    {
        var tokenizer = Trained("gpt2", false);
        using var good = new GgufFile(Written(tokenizer, tokenizer.VocabSize));
        byte[][] tokens = good.Metadata.Texts("tokenizer.ggml.tokens"), merges = good.Metadata.Texts("tokenizer.ggml.merges");
        int[] types = good.Metadata.Numbers<int>("tokenizer.ggml.token_type");
        if (damage == "merge")
            merges[0] = "a b c"u8.ToArray();
        if (damage == "unknown")
            merges[0] = "a zz"u8.ToArray();
        if (damage == "twice")
            tokens[70] = tokens[71];
        if (damage == "bytes")
            tokens[^1] = "中"u8.ToArray();
        var metadata = new GgufMetadataWriter();
        metadata.Add("tokenizer.ggml.model", damage == "kind" ? "bert" : "gpt2");
        metadata.Add("tokenizer.ggml.pre", damage == "words" ? "tekken" : "gpt-2");
        metadata.AddArray("tokenizer.ggml.tokens", damage == "more" ? [.. tokens, .. tokens] : tokens);
        metadata.AddArray<int>("tokenizer.ggml.token_type", damage == "types" ? types[1..] : types);
        metadata.AddArray("tokenizer.ggml.merges", merges);
        string path = _folder["damaged.gguf"];
        TinyLlama.Write(path, metadata, tokens.Length);
        using var checkpoint = CheckpointFormats.Open(path);
        checkpoint.Model(CpuDevice.Instance).Dispose();
        string message = Assert.Throws<Data.DataException>(() => checkpoint.Contents).Message;
        Assert.Contains(said, message);
        Assert.StartsWith(path, message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("{\"chat_template\": \"\\ud800\"}"), InlineData("{\"a\": 1, \"a\": 1}"), InlineData("{")]
    public void A_damaged_tokenizer_config_is_one_sentence(string config)
    {
        var tokenizer = Trained("gpt2", false);
        using var model = MadeModel.Of(MadeModel.Llama with { VocabSize = tokenizer.VocabSize });
        var files = new Dictionary<string, byte[]> { ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config) };
        Refused("tokenizer_config.json is damaged", () => CheckpointFormats.Write(
            GgufFormat.Instance, _folder["model.gguf"], model, new() { Tokenizer = tokenizer, Files = files }, new()));
    }

    string Written(ITokenizer tokenizer, int vocabSize)
    {
        string path = _folder["model.gguf"];
        File.Delete(path);
        using var model = MadeModel.Of(MadeModel.Llama with { VocabSize = vocabSize });
        var contents = new CheckpointContents
        {
            Tokenizer = tokenizer,
            Name = "a tale",
            Specials = new(tokenizer.EndOfText, tokenizer.EndOfText),
            Files = new Dictionary<string, byte[]> { ["chat_template.jinja"] = Encoding.UTF8.GetBytes(Template) },
        };
        CheckpointFormats.Write(GgufFormat.Instance, path, model, contents, new());
        return path;
    }

    static void Refused(string said, Action act) => Assert.Contains(said, Assert.Throws<CheckpointException>(act).Message);

    static BpeTokenizer Trained(string words, bool ignoreMerges)
    {
        var trained = BpeTrainer.Train([Encoding.UTF8.GetBytes("ab abc \"abcd\" é é 42 \\ \\ ab\n\nab\n\nabc")], new()
        {
            VocabSize = 270,
            SpecialTokens = ["<|endoftext|>", "<\"ü\">"],
            Splitter = words switch { "gpt2" => Gpt2Splitter.Instance, "llama3" => Llama3Splitter.Instance, _ => WholeTextSplitter.Instance },
        });
        return new(trained.Model with { IgnoreMerges = ignoreMerges });
    }
}
