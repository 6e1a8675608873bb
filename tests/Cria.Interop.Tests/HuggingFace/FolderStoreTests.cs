using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;

namespace Cria.Interop.Tests.HuggingFace;

public sealed class FolderStoreTests : IDisposable
{
    const string Weights = "model.safetensors";

    static readonly LlamaConfig Config = new()
    {
        VocabSize = 50,
        HiddenSize = 16,
        NumHiddenLayers = 2,
        NumAttentionHeads = 2,
        IntermediateSize = 24,
        MaxPositionEmbeddings = 32,
        NumKeyValueHeads = 1,
        HeadDim = 8,
    };

    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true), InlineData(false)]
    public void A_model_saved_and_opened_has_the_same_bits(bool tied)
    {
        var config = Config with { TieWordEmbeddings = tied };
        using var model = Made(config);
        new FolderStore(new Dictionary<string, byte[]> { ["tokenizer.json"] = [1, 2] }, 3).Save(_folder.Root, model);
        using var opened = FolderStore.Open(_folder.Root, CpuDevice.Instance);
        Assert.Equal(config, opened.Config);
        Assert.Equal(Numbers(model), Numbers(opened));
        Assert.Equal([1, 2], File.ReadAllBytes(_folder["tokenizer.json"]));
        Assert.Contains("\"eos_token_id\": 3", File.ReadAllText(_folder["generation_config.json"]));
        using var file = new SafetensorsReader(_folder[Weights]);
        Assert.Equal(!tied, file.Entries.ContainsKey("lm_head.weight"));
    }

    [Fact]
    public void A_folders_tokenizer_is_carried_with_its_chat_template()
    {
        Assert.Empty(FolderStore.TokenizerFiles(_folder.Root));
        _folder.Write("chat_template.jinja", "{{ messages }}");
        Assert.Empty(FolderStore.TokenizerFiles(_folder.Root)); // no tokenizer to go with
        _folder.Write("tokenizer_config.json", "{}");
        _folder.Write("tokenizer.json", "{}");
        _folder.Write("README.md", "not the tokenizer's");
        Assert.Equal(
            ["chat_template.jinja", "tokenizer.json", "tokenizer_config.json"],
            FolderStore.TokenizerFiles(_folder.Root).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_model_is_written_with_the_same_bytes()
    {
        using var model = Made(Config);
        var store = new FolderStore(new Dictionary<string, byte[]>(), null);
        store.Save(_folder["a"], model);
        store.Save(_folder["b"], model);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["a"], Weights)), File.ReadAllBytes(Path.Combine(_folder["b"], Weights)));
    }

    [Fact]
    public void A_tied_head_that_was_written_out_is_read_and_one_with_other_numbers_refused()
    {
        using var model = Made(Config);
        Save(model, extra: [("lm_head.weight", model.Head.Master)]);
        using (var opened = FolderStore.Open(_folder.Root, CpuDevice.Instance))
            Assert.Equal(Numbers(model), Numbers(opened));

        using var other = Made(Config, seed: 9);
        Save(model, extra: [("lm_head.weight", other.Head.Master)]);
        ConfigJsonTests.Refused("tie_word_embeddings", () => FolderStore.Open(_folder.Root, CpuDevice.Instance).Dispose());
    }

    [Fact]
    public void A_tensor_missing_added_or_of_another_shape_is_refused_by_name()
    {
        using var model = Made(Config);
        Save(model, without: "model.layers.1.mlp.up_proj.weight");
        ConfigJsonTests.Refused("model.layers.1.mlp.up_proj.weight", Open);

        Save(model, extra: [("model.layers.0.self_attn.q_proj.bias", model.Parameters.Parameters[1].Master)]);
        ConfigJsonTests.Refused("model.layers.0.self_attn.q_proj.bias", Open);

        Save(model);
        File.WriteAllText(_folder["config.json"], ConfigJson.Write(Config with { IntermediateSize = 32 }, new()));
        ConfigJsonTests.Refused("(24, 16)", Open);

        // One layer fewer: the file has more than the config asks for.
        File.WriteAllText(_folder["config.json"], ConfigJson.Write(Config with { NumHiddenLayers = 1 }, new()));
        ConfigJsonTests.Refused("model.layers.1.", Open);
    }

    [Fact]
    public void A_checkpoint_in_several_files_none_or_no_checkpoint_is_said_so()
    {
        using var model = Made(Config);
        Save(model);
        File.Move(_folder[Weights], _folder["model-00001-of-00002.safetensors"]);
        ConfigJsonTests.Refused("model.safetensors does not exist", Open);
        _folder.Write(Weights + ".index.json", "{}");
        ConfigJsonTests.Refused("no weight_map", Open);
        File.Delete(_folder["config.json"]);
        ConfigJsonTests.Refused("no config.json", Open);
        ConfigJsonTests.Refused("does not exist", () => FolderStore.Open(_folder["nowhere"], CpuDevice.Instance).Dispose());
    }

    void Open() => FolderStore.Open(_folder.Root, CpuDevice.Instance).Dispose();

    void Save(ILanguageModel model, string? without = null, params (string, Tensor)[] extra)
    {
        File.WriteAllText(_folder["config.json"], ConfigJson.Write(model.Config, new()));
        File.Delete(_folder[Weights]);
        SafetensorsWriter.Write(_folder[Weights],
            [.. model.Parameters.Parameters.Where(p => p.Name != without).Select(p => (p.Name, p.Master)), .. extra]);
    }

    static ILanguageModel Made(LlamaConfig config, ulong seed = 1)
    {
        var model = ModelCatalog.Create(config, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        model.Parameters.Initialize(seed);
        return model;
    }

    static float[] Numbers(ILanguageModel model) => model.Parameters.Weights.ToArray<float>();
}
