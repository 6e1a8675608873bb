using System.Text;
using System.Text.Json.Nodes;
using Cria.Cli.Runs;
using Cria.Data.Tokenizers;
using Cria.Engine.Tensors;
using Cria.Interop;
using Cria.Interop.Checkpoints;
using Cria.Interop.Gguf;
using Cria.Interop.HuggingFace;
using Cria.Models;

namespace Cria.Cli.Tests.Runs;

/// <summary><c>--tokenizer</c>: what a converted checkpoint has in the end is one tokenizer, and one that fits.</summary>
public sealed class GivenTokenizerTests : IDisposable
{
    const int Rows = 300;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_of_the_sources_tokenizer_stays()
    {
        string source = Source();
        string tokenizer = Trained(Rows - 10);
        Convert(source, tokenizer, _folder["out"]);
        Assert.Equal(
            ["README.md", "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string name in (string[])["tokenizer.json", "tokenizer_config.json"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(tokenizer, name)), File.ReadAllBytes(Path.Combine(_folder["out"], name)));
        int end = TokenizerJson.Read(tokenizer).EndOfText!.Value;
        JsonNode settings = JsonNode.Parse(File.ReadAllText(_folder["out/generation_config.json"]))!;
        Assert.Equal((end, end, 0.5), ((int)settings["bos_token_id"]!, (int)settings["eos_token_id"]!, (double)settings["temperature"]!));
        Assert.Null(settings["pad_token_id"]);
        Assert.Equal(end, (int)JsonNode.Parse(File.ReadAllText(_folder["out/config.json"]))!["eos_token_id"]!);
    }

    [Fact]
    public void A_tokenizer_of_another_kind_goes_in_from_its_folder_and_from_each_of_its_files()
    {
        string source = Source(), trained = Trained(Rows), pair = Pair(trained);
        string hash = TokenizerJson.TokenizerHash(TokenizerFile.Open(pair).Tokenizer);
        foreach (string path in (string[])[pair, Path.Combine(pair, "vocab.json"), Path.Combine(pair, "merges.txt")])
        {
            string to = _folder["out-" + Path.GetFileName(path)];
            Convert(source, path, to);
            Assert.Equal(hash, TokenizerJson.TokenizerHash(TokenizerJson.Read(to)));
            Assert.False(File.Exists(Path.Combine(to, "vocab.json")));
            Assert.True(File.Exists(Path.Combine(to, "tokenizer_config.json")));
        }
    }

    [Fact]
    public void A_single_file_format_takes_the_new_ids_too()
    {
        string tokenizer = Trained(Rows);
        var conversion = new Conversion(GgufFormat.Instance, _folder["out.gguf"], new()) { Tokenizer = GivenTokenizer.Open(tokenizer) };
        conversion.Run(Source(), CancellationToken.None);
        using Checkpoint checkpoint = CheckpointFormats.Open(_folder["out.gguf"]);
        int end = TokenizerJson.Read(tokenizer).EndOfText!.Value;
        Assert.Equal(new SpecialIds(end, end), checkpoint.Contents.Specials);
    }

    [Fact]
    public void A_tokenizer_with_more_ids_than_the_embedding_has_rows_is_refused_and_nothing_is_left()
    {
        string tokenizer = Trained(Rows + 1);
        string message = Assert.Throws<CheckpointException>(() => Convert(Source(), tokenizer, _folder["out"])).Message;
        Assert.Contains(tokenizer, message, StringComparison.Ordinal);
        Assert.Contains("301", message, StringComparison.Ordinal);
        Assert.Contains("300", message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder["out"]));
    }

    static void Convert(string source, string tokenizer, string to) =>
        new Conversion(HuggingFaceFormat.Instance, to, new()) { Tokenizer = GivenTokenizer.Open(tokenizer) }
            .Run(source, CancellationToken.None);

    // A model with the files that a SentencePiece and a byte-level tokenizer would leave, and ids that are neither's.
    string Source()
    {
        LlamaConfig config = new()
        {
            VocabSize = Rows,
            HiddenSize = 16,
            NumHiddenLayers = 1,
            NumAttentionHeads = 2,
            IntermediateSize = 24,
            MaxPositionEmbeddings = 32,
        };
        using ILanguageModel model = ModelCatalog.Create(config, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        model.Parameters.Initialize(1);
        string[] names =
        [
            "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "tokenizer.model",
            "chat_template.jinja", "README.md",
        ];
        var files = names.ToDictionary(name => name, name => Encoding.UTF8.GetBytes("{}"));
        files["generation_config.json"] = """{"bos_token_id": 7, "eos_token_id": [8, 9], "pad_token_id": 7, "temperature": 0.5}"""u8.ToArray();
        CheckpointContents contents = new() { Files = files, Specials = new(7, 8, 7) };
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["source"], model, contents, new());
        return _folder["source"];
    }

    string Trained(int size)
    {
        byte[] text = [.. Enumerable.Range(0, 4000).Select(i => (byte)('a' + i * i * 31 / 7 % 11))];
        TokenizerJson.WriteFolder(BpeTrainer.Train([text], new() { VocabSize = size, Threads = 1 }), _folder["tok"]);
        Assert.Equal(size, TokenizerJson.Read(_folder["tok"]).VocabSize);
        return _folder["tok"];
    }

    // The same as GPT-2's older pair of files.
    string Pair(string folder)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "tokenizer.json")))!;
        JsonObject vocabulary = json["model"]!["vocab"]!.AsObject();
        foreach (JsonNode? token in json["added_tokens"]!.AsArray())
            vocabulary[(string)token!["content"]!] = (int)token["id"]!;
        var merges = json["model"]!["merges"]!.AsArray().Select(merge => merge is JsonArray two ? $"{two[0]} {two[1]}" : (string)merge!);
        Directory.CreateDirectory(_folder["pair"]);
        File.WriteAllText(_folder["pair/vocab.json"], vocabulary.ToJsonString());
        File.WriteAllText(_folder["pair/merges.txt"], "#version: 0.2\n" + string.Join('\n', merges) + "\n");
        return _folder["pair"];
    }
}
