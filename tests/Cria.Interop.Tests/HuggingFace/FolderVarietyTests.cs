using System.Text;
using System.Text.Json.Nodes;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Models;

namespace Cria.Interop.Tests.HuggingFace;

/// <summary>Folders as different programs write them: names, files, types; and what of them is kept.</summary>
public sealed class FolderVarietyTests : IDisposable
{
    static readonly Dictionary<string, ModelConfig> Configs = new()
    {
        ["llama"] = new LlamaConfig { VocabSize = 11, HiddenSize = 6, NumHiddenLayers = 2, NumAttentionHeads = 2, HeadDim = 4, NumKeyValueHeads = 1, IntermediateSize = 7, MaxPositionEmbeddings = 9, TieWordEmbeddings = false },
        ["qwen3"] = new Qwen3Config { VocabSize = 11, HiddenSize = 6, NumHiddenLayers = 2, NumAttentionHeads = 2, HeadDim = 4, NumKeyValueHeads = 1, IntermediateSize = 7, MaxPositionEmbeddings = 9 },
        ["gpt2"] = new Gpt2Config { VocabSize = 11, HiddenSize = 6, NumHiddenLayers = 2, NumAttentionHeads = 2, MaxPositionEmbeddings = 9 },
        ["gptj"] = new GptJConfig { VocabSize = 11, HiddenSize = 12, NumHiddenLayers = 2, NumAttentionHeads = 2, RotaryDim = 4, MaxPositionEmbeddings = 9 },
    };

    static readonly string[] GptJNames =
    [
        "ln_1.weight", "ln_1.bias", "attn.q_proj.weight", "attn.k_proj.weight", "attn.v_proj.weight", "attn.out_proj.weight",
        "mlp.fc_in.weight", "mlp.fc_in.bias", "mlp.fc_out.weight", "mlp.fc_out.bias",
    ];

    static readonly string[] Qwen3Names =
    [
        "input_layernorm.weight", "self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight", "self_attn.o_proj.weight",
        "self_attn.q_norm.weight", "self_attn.k_norm.weight", "post_attention_layernorm.weight",
        "mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.down_proj.weight",
    ];

    readonly Folder _folder = new();

    public static TheoryData<string> Types => [.. Configs.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void A_model_written_in_one_file_or_several_and_read_has_the_same_bits(string type)
    {
        using var model = Made(type);
        foreach (long shard in (long[])[long.MaxValue, 300, 1])
        {
            string folder = _folder[$"{type}-{shard}"];
            CheckpointFormats.Write(HuggingFaceFormat.Instance, folder, model, new(), new() { MaxShardBytes = shard });
            int files = Directory.GetFiles(folder, "*.safetensors").Length;
            Assert.Equal(shard == long.MaxValue, files == 1);
            Assert.Equal(shard == 1, files == model.StoredTensors.Count());
            Assert.Equal(Numbers(model), Numbers(folder));
            if (files > 1)
                Assert.Equal(Numbers(model), Numbers(Path.Combine(folder, "model.safetensors.index.json")));
        }
    }

    [Fact]
    public void The_index_names_every_tensor_and_all_bytes()
    {
        using var model = Made("gpt2");
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["g"], model, new(), new() { MaxShardBytes = 400 });
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder["g"], "model.safetensors.index.json")))!;
        Assert.Equal(4 * model.Parameters.Count, (long?)index["metadata"]!["total_size"]);
        Assert.Equal(model.StoredTensors.Select(tensor => tensor.Name).Order(), index["weight_map"]!.AsObject().Select(pair => pair.Key).Order());
        Assert.All(index["weight_map"]!.AsObject(), pair => Assert.Matches("^model-\\d{5}-of-\\d{5}\\.safetensors$", (string?)pair.Value));
    }

    [Theory]
    [InlineData("{\"weight_map\": {\"a\": \"../model.safetensors\"}}", "'../model.safetensors'")]
    [InlineData("{\"weight_map\": {\"a\": \"/etc/passwd\"}}", "'/etc/passwd'")]
    [InlineData("{\"weight_map\": {\"a\": 7}}", "index")]
    [InlineData("{\"weight_map\": 7}", "index")]
    [InlineData("[", "index")]
    [InlineData("{\"weight_map\": {\"a\": \"b\", \"a\": \"b\"}}", "index")]
    [InlineData("{\"weight_map\": {\"a\": \"\\ud800\"}}", "index")]
    [InlineData("{\"weight_map\": {\"a\": \"model-00009-of-00009.safetensors\"}}", "model-00009-of-00009.safetensors does not exist")]
    public void An_index_that_lies_is_refused(string index, string said)
    {
        using var model = Made("llama");
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["x"], model, new(), new() { MaxShardBytes = 400 });
        File.WriteAllText(Path.Combine(_folder["x"], "model.safetensors.index.json"), index);
        ConfigJsonTests.Refused(said, () => Numbers(_folder["x"]));
    }

    [Fact]
    public void A_tensor_in_two_files_is_refused()
    {
        using var model = Made("llama");
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["x"], model, new(), new() { MaxShardBytes = 400 });
        string[] files = [.. Directory.GetFiles(_folder["x"], "*.safetensors").Order()];
        File.Copy(files[0], files[1], overwrite: true);
        ConfigJsonTests.Refused("model.embed_tokens.weight is in", () => Numbers(_folder["x"]));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Names_of_the_body_alone_are_the_same_model(string type)
    {
        using var model = Made(type);
        Rewritten(model, name => name[(name.IndexOf('.') + 1)..] is var shorter && name.StartsWith("lm_head", StringComparison.Ordinal) ? name : shorter);
        Assert.Equal(Numbers(model), Numbers(_folder.Root));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Half_precision_is_read_as_what_it_rounds_to(string type)
    {
        using var model = Made(type);
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["b"], model, new(), new() { Type = "bf16" });
        Assert.Equal(Numbers(model).Select(x => Rounding.Widened(Rounding.Nearest(x))), Numbers(_folder["b"]));
        Assert.Contains("bfloat16", File.ReadAllText(Path.Combine(_folder["b"], "config.json")));
        using var opened = CheckpointFormats.Open(_folder["b"]);
        Assert.Equal("BF16", opened.WeightTypes);
    }

    [Fact]
    public void A_gptj_has_the_names_of_the_published_one_and_its_masks_are_passed_over()
    {
        using var model = Made("gptj");
        string[] names =
        [
            "transformer.wte.weight", .. Enumerable.Range(0, 2).SelectMany(layer => GptJNames.Select(name => $"transformer.h.{layer}.{name}")),
            "transformer.ln_f.weight", "transformer.ln_f.bias", "lm_head.weight", "lm_head.bias",
        ];
        Assert.Equal(names.Order(), model.StoredTensors.Select(tensor => tensor.Name).Order());
        Rewritten(model, name => name, ("transformer.h.0.attn.bias", 81), ("transformer.h.1.attn.masked_bias", 1));
        Assert.Equal(Numbers(model), Numbers(_folder.Root));
    }

    [Fact]
    public void A_qwen3_has_the_names_of_the_published_one()
    {
        using var model = Made("qwen3");
        string[] names =
        [
            "model.embed_tokens.weight", .. Enumerable.Range(0, 2).SelectMany(layer => Qwen3Names.Select(name => $"model.layers.{layer}.{name}")),
            "model.norm.weight",
        ];
        Assert.Equal(names.Order(), model.StoredTensors.Select(tensor => tensor.Name).Order());
    }

    [Fact]
    public void A_gpt2_without_biases_is_written_with_zeros_for_them_and_read_back_without()
    {
        var config = (Gpt2Config)Configs["gpt2"] with { Bias = false };
        using var model = Made(config);
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["n"], model, new(), new());
        using (var file = new SafetensorsReader(Path.Combine(_folder["n"], "model.safetensors")))
        {
            using var whole = Made("gpt2");
            Assert.Equal(whole.StoredTensors.Select(tensor => tensor.Name).Order(), file.Entries.Keys.Order());
            Assert.All(whole.StoredTensors, tensor => Assert.Equal(tensor.Shape.ToArray(), file.Entries[tensor.Name].Sizes));
        }
        Assert.Equal(Numbers(model), Numbers(_folder["n"]));

        using var other = Made("gpt2"); // biases that are not zero, and a config that says there are none
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["m"], other, new(), new());
        File.Copy(Path.Combine(_folder["n"], "config.json"), Path.Combine(_folder["m"], "config.json"), overwrite: true);
        ConfigJsonTests.Refused("is not zero", () => Numbers(_folder["m"]));
    }

    [Fact]
    public void A_gpt2_file_without_biases_says_so_by_having_none()
    {
        using var model = Made((Gpt2Config)Configs["gpt2"] with { Bias = false });
        Rewritten(model, name => name);
        var config = JsonNode.Parse(File.ReadAllText(_folder["config.json"]))!.AsObject();
        config.Remove("cria");
        _folder.Write("config.json", config.ToJsonString());
        Assert.Equal(Numbers(model), Numbers(_folder.Root));
    }

    [Fact]
    public void What_lies_beside_the_weights_goes_through_byte_for_byte()
    {
        using var model = Made("llama");
        Rewritten(model, name => name);
        (string Name, string Content)[] files =
        [
            ("tokenizer.json", "{ \"any\" :  1}"), ("tokenizer_config.json", "{\"chat_template\": \"{{ messages }}\"}"), ("special_tokens_map.json", "{}"),
            ("generation_config.json", "{\"eos_token_id\": [7, 8], \"temperature\": 0.6}"), ("chat_template.jinja", "{% x %}"), ("README.md", "# a card"), ("LICENSE", "MIT"),
        ];
        foreach (var (name, content) in files)
            _folder.Write(name, content);
        _folder.Write("training_args.bin", "not carried");
        using var opened = CheckpointFormats.Open(_folder.Root);
        Assert.Equal(7, opened.Contents.Specials.EndOfText);
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["out"], model, opened.Contents, new());
        Assert.All(files, file => Assert.Equal(Encoding.UTF8.GetBytes(file.Content), File.ReadAllBytes(Path.Combine(_folder["out"], file.Name))));
        Assert.False(File.Exists(Path.Combine(_folder["out"], "training_args.bin")));
        Assert.Equal(7, (int?)JsonNode.Parse(File.ReadAllText(Path.Combine(_folder["out"], "config.json")))!["eos_token_id"]);
    }

    [Theory]
    [InlineData("{\"eos_token_id\": 7, \"eos_token_id\": 7}"), InlineData("{\"a\": \"\\ud800\"}"), InlineData("{\"\\ud800\": 1}")]
    [InlineData("{\"eos_token_id\": \"7\"}"), InlineData("{\"eos_token_id\": 1e30}"), InlineData("["), InlineData("[]")]
    public void A_damaged_generation_config_is_one_sentence_with_the_file(string json)
    {
        using var model = Made("llama");
        Rewritten(model, name => name);
        string path = _folder.Write("generation_config.json", json);
        using var opened = CheckpointFormats.Open(_folder.Root);
        ConfigJsonTests.Refused(path, () => _ = opened.Contents);
    }

    [Fact]
    public void An_existing_path_is_left_as_it_is_and_a_failed_write_leaves_nothing()
    {
        using var model = Made("llama");
        _folder.Write("there", "mine");
        ConfigJsonTests.Refused("exists already", () => CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["there"], model, new(), new()));
        Assert.Equal("mine", File.ReadAllText(_folder["there"]));

        using var cancelled = new CancellationTokenSource();
        var options = new WriteOptions { Written = _ => cancelled.Cancel(), Cancellation = cancelled.Token };
        Assert.Throws<OperationCanceledException>(() => CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["new"], model, new(), options));
        Assert.Equal(["there"], Directory.EnumerateFileSystemEntries(_folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void What_is_no_checkpoint_is_refused_with_what_is()
    {
        ConfigJsonTests.Refused("does not exist; a checkpoint is a Hugging Face folder", () => CheckpointFormats.Open(_folder["nowhere"]).Dispose());
        ConfigJsonTests.Refused("no checkpoint", () => CheckpointFormats.Open(_folder.Write("a.txt", "words")).Dispose());
        ConfigJsonTests.Refused("no checkpoint", () => CheckpointFormats.Open(_folder.Root).Dispose());
        ConfigJsonTests.Refused("config.json", () => CheckpointFormats.Open(_folder.Safetensors("a.safetensors", "{}", [])).Dispose());
    }

    // Written by hand, without this program's writer of folders.
    void Rewritten(ILanguageModel model, Func<string, string> name, params (string Name, int Length)[] extra)
    {
        _folder.Write("config.json", ConfigJson.Write(model.Config, new()));
        using var file = new SafetensorsWriter(_folder["model.safetensors"],
        [
            .. model.StoredTensors.Select(tensor => (name(tensor.Name), tensor.Shape)), .. extra.Select(e => (e.Name, new Shape(e.Length))),
        ]);
        foreach (var tensor in model.StoredTensors)
            file.Append(tensor.Gather());
        foreach (var (_, length) in extra)
            file.Append(new float[length]);
        file.Complete();
    }

    static ILanguageModel Made(string type) => Made(Configs[type]);

    static ILanguageModel Made(ModelConfig config)
    {
        var model = ModelCatalog.Create(config, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        foreach (var parameter in model.Parameters.Parameters)
            model.Parameters.Write(parameter,
                [.. Enumerable.Range(0, (int)parameter.Shape.Length).Select(i => Philox.For(5, parameter.Name).Normal((ulong)i))]);
        return model;
    }

    static float[] Numbers(string path)
    {
        using var checkpoint = CheckpointFormats.Open(path);
        using var model = checkpoint.Model(CpuDevice.Instance);
        return Numbers(model);
    }

    static float[] Numbers(ILanguageModel model) => model.Parameters.Weights.ToArray<float>();
}
