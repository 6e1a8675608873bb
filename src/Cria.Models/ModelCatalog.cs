using Cria.Engine.Tensors;

namespace Cria.Models;

/// <summary>The architectures, by their published names.</summary>
public static class ModelCatalog
{
    /// <summary>model_type → the record that holds its sizes.</summary>
    public static IReadOnlyDictionary<string, Type> ConfigTypes { get; } = new Dictionary<string, Type>
    {
        ["llama"] = typeof(LlamaConfig),
        ["gpt2"] = typeof(Gpt2Config),
        ["gptj"] = typeof(GptJConfig),
        ["qwen3"] = typeof(Qwen3Config),
    };

    /// <summary>A model with its parameters recorded and not yet allocated.</summary>
    public static ILanguageModel Create(ModelConfig config, IDevice device, DType type = DType.F32) => config switch
    {
        LlamaConfig llama => new Llama(llama, device, type),
        Gpt2Config gpt2 => new Gpt2(gpt2, device, type),
        GptJConfig gptJ => new GptJ(gptJ, device, type),
        Qwen3Config qwen3 => new Qwen3(qwen3, device, type),
        _ => throw new ConfigException($"model_type '{config.ModelType}' is not known; there is {string.Join(", ", ConfigTypes.Keys)}."),
    };
}
