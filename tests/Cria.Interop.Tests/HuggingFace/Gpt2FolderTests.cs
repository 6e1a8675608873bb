using System.Text.Json.Nodes;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;

namespace Cria.Interop.Tests.HuggingFace;

/// <summary>GPT-2 as Hugging Face keeps it: q, k and v in one, products as (inputs, outputs), no head.</summary>
public sealed class Gpt2FolderTests : IDisposable
{
    static readonly Gpt2Config Config = new()
    {
        VocabSize = 11,
        HiddenSize = 6,
        NumHiddenLayers = 2,
        NumAttentionHeads = 2,
        IntermediateSize = 10,
        MaxPositionEmbeddings = 5,
    };

    static readonly (string Name, int[] Sizes)[] Block =
    [
        ("ln_1.weight", [6]), ("ln_1.bias", [6]),
        ("attn.c_attn.weight", [6, 18]), ("attn.c_attn.bias", [18]), ("attn.c_proj.weight", [6, 6]), ("attn.c_proj.bias", [6]),
        ("ln_2.weight", [6]), ("ln_2.bias", [6]),
        ("mlp.c_fc.weight", [6, 10]), ("mlp.c_fc.bias", [10]), ("mlp.c_proj.weight", [10, 6]), ("mlp.c_proj.bias", [6]),
    ];

    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, 10), InlineData(false, 10), InlineData(true, 0)]
    public void A_model_saved_and_opened_has_the_same_bits(bool bias, int inner)
    {
        var config = Config with { Bias = bias, IntermediateSize = inner, LayerNormEps = 1e-6f, InitializerRange = 0.1f, Initialization = "normal" };
        using var model = Made(config);
        new FolderStore(new Dictionary<string, byte[]>(), 3).Save(_folder.Root, model);
        using var opened = FolderStore.Open(_folder.Root, CpuDevice.Instance);
        Assert.Equal(config, opened.Config);
        Assert.Equal(model.Parameters.Weights.ToArray<float>(), opened.Parameters.Weights.ToArray<float>());
    }

    [Fact]
    public void The_file_has_the_names_and_sizes_of_the_published_one()
    {
        using var model = Made(Config);
        Save(model);
        using var file = new SafetensorsReader(_folder["model.safetensors"]);
        (string, int[])[] expected =
        [
            ("transformer.wte.weight", [11, 6]), ("transformer.wpe.weight", [5, 6]),
            .. Enumerable.Range(0, 2).SelectMany(layer => Block.Select(t => ($"transformer.h.{layer}.{t.Name}", t.Sizes))),
            ("transformer.ln_f.weight", [6]), ("transformer.ln_f.bias", [6]),
        ];
        Assert.Equal(expected.Select(t => t.Item1), file.Entries.Keys);
        Assert.All(expected, t => Assert.Equal(t.Item2, file.Entries[t.Item1].Sizes));
    }

    [Fact]
    public void Queries_keys_and_values_stand_side_by_side_in_every_row_of_inputs()
    {
        using var model = Made(Config);
        Save(model);
        using var file = new SafetensorsReader(_folder["model.safetensors"]);
        float[] fused = Read(file, "transformer.h.1.attn.c_attn.weight"), bias = Read(file, "transformer.h.1.attn.c_attn.bias");
        for (int part = 0; part < 3; part++)
            for (int output = 0; output < 6; output++)
            {
                string name = $"transformer.h.1.attn.c_attn.{"qkv"[part]}";
                Assert.Equal(Numbers(model, name + ".bias")[output], bias[6 * part + output]);
                for (int input = 0; input < 6; input++)
                    Assert.Equal(Numbers(model, name + ".weight")[6 * output + input], fused[18 * input + 6 * part + output]);
            }
        float[] down = Read(file, "transformer.h.0.mlp.c_proj.weight"), ours = Numbers(model, "transformer.h.0.mlp.c_proj.weight");
        for (int output = 0; output < 6; output++)
            for (int input = 0; input < 10; input++)
                Assert.Equal(ours[10 * output + input], down[6 * input + output]);
    }

    [Fact]
    public void Masks_and_a_head_that_older_programs_wrote_are_passed_over()
    {
        using var model = Made(Config);
        Save(model);
        var tensors = model.StoredTensors.ToArray();
        File.Delete(_folder["model.safetensors"]);
        using (var file = new SafetensorsWriter(_folder["model.safetensors"],
            [.. tensors.Select(t => (t.Name, t.Shape)), ("lm_head.weight", new(11, 6)), ("transformer.h.0.attn.bias", new(1, 1, 5, 5))]))
        {
            foreach (var tensor in tensors)
                file.Append(tensor.Gather());
            file.Append(model.Head.Master);
            file.Append(new float[25]);
            file.Complete();
        }
        using var opened = FolderStore.Open(_folder.Root, CpuDevice.Instance);
        Assert.Equal(model.Parameters.Weights.ToArray<float>(), opened.Parameters.Weights.ToArray<float>());
    }

    [Fact]
    public void The_config_is_in_the_words_of_its_authors()
    {
        JsonNode json = JsonNode.Parse(ConfigJson.Write(Config with { IntermediateSize = 0 }, new(5, 5)))!;
        Assert.Equal("GPT2LMHeadModel", (string?)json["architectures"]![0]);
        Assert.Equal((6, 2, 2, 5), ((int?)json["n_embd"], (int?)json["n_layer"], (int?)json["n_head"], (int?)json["n_positions"]));
        Assert.Null(json["n_inner"]);
        Assert.Equal((1e-5, "gelu_new"), ((double?)json["layer_norm_epsilon"], (string?)json["activation_function"]));
    }

    [Theory]
    [InlineData("activation_function", "\"relu\"", "activation_function 'relu'; what is known is gelu_new, gelu_pytorch_tanh, gelu_fast, gelu, gelu_python")]
    [InlineData("add_cross_attention", "true", "add_cross_attention true")]
    [InlineData("embd_pdrop", "1.5", "embedding_dropout 1.5")]
    [InlineData("tie_word_embeddings", "false", "tie_word_embeddings")]
    [InlineData("n_head", "null", "no n_head")]
    [InlineData("n_head", "5", "num_attention_heads 5")]
    public void What_cannot_be_read_is_refused_in_a_sentence(string key, string value, string said)
    {
        JsonObject json = JsonNode.Parse(ConfigJson.Write(Config, new()))!.AsObject();
        json[key] = JsonNode.Parse(value);
        string path = _folder.Write("config.json", json.ToJsonString());
        ConfigJsonTests.Refused(said, () => ConfigJson.Read(path));
    }

    void Save(ILanguageModel model) => new FolderStore(new Dictionary<string, byte[]>(), null).Save(_folder.Root, model);

    static ILanguageModel Made(Gpt2Config config)
    {
        var model = ModelCatalog.Create(config, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        foreach (var parameter in model.Parameters.Parameters)
            model.Parameters.Write(parameter,
                [.. Enumerable.Range(0, (int)parameter.Shape.Length).Select(i => Philox.For(5, parameter.Name).Normal((ulong)i))]);
        return model;
    }

    static float[] Numbers(ILanguageModel model, string name) =>
        model.Parameters.Parameters.Single(p => p.Name == name).Master.ToArray<float>();

    static float[] Read(SafetensorsReader file, string name)
    {
        var entry = file.Find(name);
        float[] values = new float[entry.Length];
        file.Read(entry, values);
        return values;
    }
}
