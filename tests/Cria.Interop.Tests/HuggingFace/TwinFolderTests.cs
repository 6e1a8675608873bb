using System.Text.Json.Nodes;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Models.Decoding;
using Cria.Models.Tests.Twins;

namespace Cria.Interop.Tests.HuggingFace;

/// <summary>
/// A folder as somebody else's program understands it: config.json with the defaults that Hugging Face's own configurations
/// have, the tensors by name, and the arithmetic of a twin. What it computes is what the folder means.
/// </summary>
public sealed class TwinFolderTests : IDisposable
{
    static readonly int[] Ids = [3, 14, 15, 9, 2, 6, 5, 35, 8, 9, 7];

    readonly Folder _folder = new();

    public static TheoryData<ModelConfig> Models =>
    [
        MadeModel.Llama,
        MadeModel.Llama with { TieWordEmbeddings = false, HeadDim = 6, RopeTheta = 300, RmsNormEps = 0.01f },
        MadeModel.Qwen3,
        MadeModel.Qwen3 with { TieWordEmbeddings = false, RopeTheta = 300, RmsNormEps = 0.01f },
        MadeModel.Gpt2,
        MadeModel.Gpt2 with { HiddenAct = "gelu", ScaleAttnByInverseLayerIdx = true, ScaleAttnWeights = false, LayerNormEps = 0.01f },
        GptJ,
        GptJ with { TieWordEmbeddings = true, RotaryDim = 0, IntermediateSize = 0, LayerNormEps = 0.01f },
    ];

    /// <summary>What a config.json says when it says no more than it must, at sizes that the defaults allow.</summary>
    public static TheoryData<string> Bare =>
    [
        """
        {"model_type": "llama", "vocab_size": 50, "hidden_size": 24, "intermediate_size": 20, "num_hidden_layers": 2, "num_attention_heads": 3}
        """,
        """
        {"model_type": "qwen3", "vocab_size": 50, "hidden_size": 6, "intermediate_size": 20, "num_hidden_layers": 1, "num_attention_heads": 32}
        """,
        """{"model_type": "gpt2", "vocab_size": 50, "n_embd": 12, "n_layer": 2, "n_head": 3}""",
        """{"model_type": "gptj", "vocab_size": 50, "n_embd": 132, "n_layer": 1, "n_head": 2}""",
    ];

    static GptJConfig GptJ { get; } = new()
    {
        VocabSize = 50,
        HiddenSize = 24,
        NumHiddenLayers = 2,
        NumAttentionHeads = 3,
        IntermediateSize = 20,
        RotaryDim = 6,
        MaxPositionEmbeddings = 33,
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void A_folder_that_is_written_means_the_model_and_is_read_as_it(ModelConfig config)
    {
        using var model = MadeModel.Of(config, 0.3);
        new FolderStore(new Dictionary<string, byte[]>(), null).Save(_folder.Root, model);
        double[] meant = Read(_folder.Root).Logits(new(), Ids).Numbers;
        Assert.True(meant.Max() - meant.Min() > 1, "the logits are too alike to prove anything");
        Assert.InRange(Difference(meant, model), 0, 1e-4);
        using var opened = FolderStore.Open(_folder.Root, CpuDevice.Instance);
        Assert.InRange(Difference(meant, opened), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Bare))]
    public void What_a_config_leaves_out_is_what_it_is_for_Hugging_Face(string json)
    {
        var config = ConfigJson.Read(_folder.Write("config.json", json));
        using var model = MadeModel.Of(config, 0.05); // small, so that an epsilon is seen
        new FolderStore(new Dictionary<string, byte[]>(), null).Save(_folder.Root, model);
        _folder.Write("config.json", json);
        double[] meant = Read(_folder.Root).Logits(new(), Ids).Numbers;
        Assert.InRange(Difference(meant, model) / meant.Max(Math.Abs), 0, 1e-5);
    }

    static double Difference(double[] meant, ILanguageModel model)
    {
        List<double> logits = [];
        using var decoder = new Decoder(model, new ReferenceKernels<float>());
        decoder.Append(Ids, (_, row) => logits.AddRange(row.ToArray().Select(x => (double)x)));
        return meant.Zip(logits, (a, b) => Math.Abs(a - b)).Max();
    }

    static ITwin Read(string folder)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;
        var file = Checkpoint.Read(Path.Combine(folder, "model.safetensors"));
        int Size(string key) => (int)json[key]!;
        int SizeOr(string key, int usual) => (int?)json[key] ?? usual;
        float Small(string key, double usual) => (float)((double?)json[key] ?? usual);
        bool Is(string key, bool usual) => (bool?)json[key] ?? usual;
        string? activation = (string?)json["activation_function"];
        return (string?)json["model_type"] switch
        {
            "llama" => new LlamaTwin(new()
            {
                HiddenSize = Size("hidden_size"),
                NumHiddenLayers = Size("num_hidden_layers"),
                NumAttentionHeads = Size("num_attention_heads"),
                NumKeyValueHeads = SizeOr("num_key_value_heads", Size("num_attention_heads")),
                HeadDim = SizeOr("head_dim", Size("hidden_size") / Size("num_attention_heads")),
                IntermediateSize = Size("intermediate_size"),
                RmsNormEps = Small("rms_norm_eps", 1e-6),
                RopeTheta = (double?)json["rope_theta"] ?? 10_000,
                TieWordEmbeddings = Is("tie_word_embeddings", false),
            }, file),
            "qwen3" => new Qwen3Twin(new()
            {
                HiddenSize = Size("hidden_size"),
                NumHiddenLayers = Size("num_hidden_layers"),
                NumAttentionHeads = Size("num_attention_heads"),
                NumKeyValueHeads = SizeOr("num_key_value_heads", 32),
                HeadDim = SizeOr("head_dim", 128),
                IntermediateSize = Size("intermediate_size"),
                RmsNormEps = Small("rms_norm_eps", 1e-6),
                RopeTheta = (double?)json["rope_theta"] ?? 10_000,
                TieWordEmbeddings = Is("tie_word_embeddings", false),
            }, file),
            "gpt2" => new Gpt2Twin(new()
            {
                HiddenSize = Size("n_embd"),
                NumHiddenLayers = Size("n_layer"),
                NumAttentionHeads = Size("n_head"),
                HiddenAct = activation ?? "gelu_new",
                LayerNormEps = Small("layer_norm_epsilon", 1e-5),
                ScaleAttnWeights = Is("scale_attn_weights", true),
                ScaleAttnByInverseLayerIdx = Is("scale_attn_by_inverse_layer_idx", false),
            }, file),
            "gptj" when activation is null or "gelu_new" => new GptJTwin(new()
            {
                HiddenSize = Size("n_embd"),
                NumHiddenLayers = Size("n_layer"),
                NumAttentionHeads = Size("n_head"),
                RotaryDim = SizeOr("rotary_dim", 64),
                LayerNormEps = Small("layer_norm_epsilon", 1e-5),
                TieWordEmbeddings = Is("tie_word_embeddings", false),
            }, file),
            var other => throw new InvalidDataException($"{other}, {activation}"),
        };
    }
}
