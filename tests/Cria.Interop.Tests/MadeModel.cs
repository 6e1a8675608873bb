using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Interop.Tests;

/// <summary>Small models of every architecture, whose every number is another.</summary>
static class MadeModel
{
    public static LlamaConfig Llama { get; } = new()
    {
        VocabSize = 50,
        HiddenSize = 32,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        HeadDim = 8,
        IntermediateSize = 24,
        MaxPositionEmbeddings = 33,
    };

    public static Qwen3Config Qwen3 { get; } = new()
    {
        VocabSize = 50,
        HiddenSize = 16,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        HeadDim = 6,
        IntermediateSize = 24,
        MaxPositionEmbeddings = 33,
    };

    public static Gpt2Config Gpt2 { get; } = new()
    {
        VocabSize = 50,
        HiddenSize = 12,
        NumHiddenLayers = 2,
        NumAttentionHeads = 3,
        IntermediateSize = 20,
        MaxPositionEmbeddings = 33,
    };

    public static ModelConfig Named(string name) => name switch
    {
        "llama" => Llama,
        "llama-untied" => Llama with { TieWordEmbeddings = false },
        "qwen3" => Qwen3,
        "qwen3-untied" => Qwen3 with { TieWordEmbeddings = false },
        "gpt2" => Gpt2,
        "gpt2-without-bias" => Gpt2 with { Bias = false, IntermediateSize = 0 },
        _ => throw new ArgumentException(name),
    };

    /// <summary>Normal numbers, norms and biases included.</summary>
    public static ILanguageModel Of(ModelConfig config, double deviation = 1)
    {
        var model = ModelCatalog.Create(config, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        foreach (var parameter in model.Parameters.Parameters)
            model.Parameters.Write(parameter, [.. Enumerable.Range(0, (int)parameter.Shape.Length)
                .Select(i => deviation * Philox.For(5, parameter.Name).Normal((ulong)i))]);
        return model;
    }

    public static float[] Numbers(ILanguageModel model) => model.Parameters.Weights.ToArray<float>();

    public static float[] Numbers(ILanguageModel model, string name) =>
        model.Parameters.Parameters.Single(parameter => parameter.Name == name).Master.ToArray<float>();
}
