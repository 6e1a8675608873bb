using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.Gguf;
using Cria.Interop.Tests.HuggingFace;
using Cria.Models;

namespace Cria.Interop.Tests.Gguf;

public sealed class GgufModelTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama"), InlineData("llama-untied"), InlineData("qwen3"), InlineData("qwen3-untied"), InlineData("gpt2"), InlineData("gpt2-without-bias")]
    public void A_model_written_and_opened_has_the_same_sizes_and_bits(string name)
    {
        using var model = MadeModel.Of(MadeModel.Named(name));
        string path = Written(model);
        using var checkpoint = CheckpointFormats.Open(path);
        using var opened = checkpoint.Model(CpuDevice.Instance);
        Assert.Equal(model.Config, opened.Config);
        Assert.Equal(MadeModel.Numbers(model), MadeModel.Numbers(opened));
        Assert.Equal("F32", checkpoint.WeightTypes);
        Assert.Null(checkpoint.Contents.Tokenizer);
        using var file = new GgufFile(path);
        Assert.Equal(name.EndsWith("untied", StringComparison.Ordinal), file.Tensors.ContainsKey("output.weight"));
        Assert.Equal(checkpoint.WeightBytes, file.Tensors.Values.Sum(tensor => tensor.Bytes));
    }

    [Theory]
    [InlineData("f16", 1e-3), InlineData("bf16", 8e-3), InlineData("q8_0", 2.5e-2)]
    public void Other_types_are_as_near_as_their_bits_allow(string type, double tolerance)
    {
        using var model = MadeModel.Of(MadeModel.Llama);
        using var checkpoint = CheckpointFormats.Open(Written(model, type));
        using var opened = checkpoint.Model(CpuDevice.Instance);
        Assert.Equal(type == "q8_0" ? "F32, Q8_0" : $"{type.ToUpperInvariant()}, F32", checkpoint.WeightTypes);
        Assert.All(MadeModel.Numbers(model).Zip(MadeModel.Numbers(opened)), pair =>
            Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance * Math.Max(1, Math.Abs(pair.First))));
        Assert.Equal(MadeModel.Numbers(model, "model.norm.weight"), MadeModel.Numbers(opened, "model.norm.weight")); // vectors stay whole
    }

    [Fact]
    public void Rows_of_a_llamas_queries_and_keys_turn_in_pairs_side_by_side()
    {
        using var model = MadeModel.Of(MadeModel.Llama);
        using var file = new GgufFile(Written(model));
        foreach (var (ours, theirs) in ((string, string)[])[("q_proj", "attn_q"), ("k_proj", "attn_k")])
        {
            float[] halves = MadeModel.Numbers(model, $"model.layers.1.self_attn.{ours}.weight"), pairs = Numbers(file, $"blk.1.{theirs}.weight");
            for (int row = 0; row < halves.Length / 32; row++)
            {
                int head = row / 8, inHead = row % 8;
                int there = head * 8 + (inHead < 4 ? 2 * inHead : 2 * (inHead - 4) + 1);
                Assert.Equal(halves[(row * 32)..((row + 1) * 32)], pairs[(there * 32)..((there + 1) * 32)]);
            }
        }
        Assert.Equal(MadeModel.Numbers(model, "model.layers.1.self_attn.v_proj.weight"), Numbers(file, "blk.1.attn_v.weight"));
    }

    [Fact]
    public void A_qwen3s_rows_stay_as_they_are()
    {
        using var model = MadeModel.Of(MadeModel.Qwen3);
        using var file = new GgufFile(Written(model));
        Assert.Equal(MadeModel.Numbers(model, "model.layers.1.self_attn.q_proj.weight"), Numbers(file, "blk.1.attn_q.weight"));
        Assert.Equal(MadeModel.Numbers(model, "model.layers.1.self_attn.k_norm.weight"), Numbers(file, "blk.1.attn_k_norm.weight"));
        Assert.Equal(6, file.Metadata.Whole("qwen3.attention.key_length"));
    }

    [Fact]
    public void A_gpt2s_queries_keys_and_values_are_one_tensor_of_rows()
    {
        using var model = MadeModel.Of(MadeModel.Gpt2);
        using var file = new GgufFile(Written(model));
        Assert.Equal([12L, 36], file.Tensors["blk.1.attn_qkv.weight"].Sizes);
        Assert.Equal(new[] { "q", "k", "v" }.SelectMany(part => MadeModel.Numbers(model, $"transformer.h.1.attn.c_attn.{part}.weight")),
            Numbers(file, "blk.1.attn_qkv.weight"));
        Assert.Equal([20L, 12], file.Tensors["blk.0.ffn_down.weight"].Sizes);
        Assert.Equal("gpt2", file.Metadata.Text("general.architecture"));
    }

    [Fact]
    public void A_gpt2_without_biases_has_zeros_there_because_llama_cpp_adds_them()
    {
        using var model = MadeModel.Of(MadeModel.Gpt2 with { Bias = false });
        using var file = new GgufFile(Written(model));
        foreach (string name in (string[])["attn_norm", "attn_qkv", "attn_output", "ffn_norm", "ffn_up", "ffn_down"])
            Assert.Equal(new float[file.Tensors[$"blk.1.{name}.weight"].Sizes[^1]], Numbers(file, $"blk.1.{name}.bias"));
        Assert.Equal(new float[12], Numbers(file, "output_norm.bias"));
        Assert.DoesNotContain("token_embd.bias", file.Tensors.Keys);
    }

    [Fact]
    public void A_head_written_out_with_the_embeddings_bits_is_tied()
    {
        using var untied = MadeModel.Of(MadeModel.Llama with { TieWordEmbeddings = false });
        untied.Head.Master.Write<float>(MadeModel.Numbers(untied, "model.embed_tokens.weight"));
        using var checkpoint = CheckpointFormats.Open(Written(untied));
        Assert.True(((LlamaConfig)checkpoint.Config).TieWordEmbeddings);
        using var opened = checkpoint.Model(CpuDevice.Instance);
        Assert.Equal(MadeModel.Numbers(untied, "model.norm.weight"), MadeModel.Numbers(opened, "model.norm.weight"));
    }

    [Fact]
    public void What_llama_cpp_cannot_run_is_refused_with_the_reason()
    {
        using var inverse = MadeModel.Of(MadeModel.Gpt2 with { ScaleAttnByInverseLayerIdx = true });
        Refused("scale_attn_by_inverse_layer_idx True", () => Written(inverse));
        using var exact = MadeModel.Of(MadeModel.Gpt2 with { HiddenAct = "gelu" });
        Refused("hidden_act gelu", () => Written(exact));
        using var gptj = MadeModel.Of(
            new GptJConfig { VocabSize = 50, HiddenSize = 16, NumHiddenLayers = 1, NumAttentionHeads = 2, RotaryDim = 4 });
        Refused("llama.cpp knows the name gptj and cannot run one", () => Written(gptj));
        using var llama = MadeModel.Of(MadeModel.Llama);
        Refused("q4_0", () => Written(llama, "q4_0"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "general.architecture 'mamba'", "architecture" },
        { "has no llama.embedding_length", "embedding_length" },
        { "is one of 3 parts", "split" },
        { "rope.scaling.type 'yarn'", "scaling" },
        { "expert_count 8", "experts" },
        { "value_length 4", "value_length" },
        { "head_count_kv is an array", "kv-array" },
        { "blk.0.ffn_gate.weight", "feed_forward_length" },
        { "has 2 layers", "fewer-layers" },
        { "numbers, and the tensors have", "more-layers" },
        { "claims a context", "context" },
        { "above 0", "eps" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void Metadata_that_lies_about_the_tensors_is_refused(string said, string lie)
    {
        using var model = MadeModel.Of(MadeModel.Llama);
        string path = Lying(model, lie);
        string message = Refused(said, () =>
        {
            using var checkpoint = CheckpointFormats.Open(path);
            checkpoint.Model(CpuDevice.Instance).Dispose();
        });
        Assert.Contains(path, message);
    }

    [Fact]
    public void A_tensor_of_another_architecture_is_refused_by_name()
    {
        using var model = MadeModel.Of(MadeModel.Llama);
        string path = Lying(model, "strange");
        using var checkpoint = CheckpointFormats.Open(path);
        Refused("rope_freqs.weight", () => checkpoint.Model(CpuDevice.Instance).Dispose());
    }

    string Lying(ILanguageModel model, string lie)
    {
        using var good = new GgufFile(Written(model));
        var metadata = new GgufMetadataWriter();
        metadata.Add("general.architecture", lie == "architecture" ? "mamba" : "llama");
        foreach (string key in good.Metadata.Keys.Where(key => key.StartsWith("llama.", StringComparison.Ordinal)))
            switch (key["llama.".Length..])
            {
                case "embedding_length" when lie == "embedding_length":
                    break;
                case "feed_forward_length" when lie == "feed_forward_length":
                    metadata.Add(key, 23u);
                    break;
                case "block_count" when lie is "fewer-layers" or "more-layers":
                    metadata.Add(key, lie == "fewer-layers" ? 1u : 4000u);
                    break;
                case "context_length" when lie == "context":
                    metadata.Add(key, 1u << 30);
                    break;
                case "attention.value_length" when lie == "value_length":
                    metadata.Add(key, 4u);
                    break;
                case "attention.head_count_kv" when lie == "kv-array":
                    metadata.AddArray<uint>(key, [2, 2]);
                    break;
                case "attention.layer_norm_rms_epsilon":
                    metadata.Add(key, lie == "eps" ? float.NaN : 1e-5f);
                    break;
                default:
                    metadata.Add(key, key.EndsWith("freq_base", StringComparison.Ordinal) ? 10000u : (uint)good.Metadata.Whole(key)!.Value);
                    break;
            }
        if (lie == "split")
            metadata.Add("split.count", (ushort)3);
        if (lie == "scaling")
            metadata.Add("llama.rope.scaling.type", "yarn");
        if (lie == "experts")
            metadata.Add("llama.expert_count", 8u);
        string path = _folder["lying.gguf"];
        static Shape ShapeOf(GgufTensor tensor) => Shape.Of([.. tensor.Sizes.Select(size => (int)size).Reverse()]);
        (string Name, GgufTensorType Type, Shape Shape)[] tensors =
            [.. good.Tensors.Values.Select(tensor => (tensor.Name, tensor.Type, ShapeOf(tensor))),
                .. lie == "strange" ? [("rope_freqs.weight", GgufTensorType.F32, new Shape(4))] : Array.Empty<(string, GgufTensorType, Shape)>()];
        using var file = new GgufWriter(path, metadata, tensors);
        foreach (var (_, _, shape) in tensors)
        {
            file.Begin();
            file.AppendPiece(new float[shape.Length]);
        }
        file.Complete();
        return path;
    }

    string Written(ILanguageModel model, string? type = null)
    {
        string path = _folder["model.gguf"];
        CheckpointFormats.Write(GgufFormat.Instance, path, model, new(), new() { Type = type });
        return path;
    }

    static float[] Numbers(GgufFile file, string name)
    {
        var tensor = file.Find(name);
        float[] numbers = new float[tensor.Length];
        file.Read(tensor, 0, numbers);
        return numbers;
    }

    static string Refused(string said, Action act)
    {
        string message = Assert.Throws<CheckpointException>(act).Message;
        Assert.Contains(said, message);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
