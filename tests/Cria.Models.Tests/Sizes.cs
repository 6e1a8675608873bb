namespace Cria.Models.Tests;

/// <summary>One model of each architecture that takes no time, at awkward sizes.</summary>
static class Sizes
{
    public static LlamaConfig SmallLlama { get; } = new()
    {
        VocabSize = 97,
        HiddenSize = 48,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        IntermediateSize = 79,
        MaxPositionEmbeddings = 64,
    };

    public static Gpt2Config SmallGpt2 { get; } = new()
    {
        VocabSize = 97,
        HiddenSize = 39,
        NumHiddenLayers = 2,
        NumAttentionHeads = 3,
        IntermediateSize = 70,
        MaxPositionEmbeddings = 64,
    };

    public static GptJConfig SmallGptJ { get; } = new()
    {
        VocabSize = 97,
        HiddenSize = 48,
        NumHiddenLayers = 2,
        NumAttentionHeads = 3,
        IntermediateSize = 70,
        RotaryDim = 6,
        MaxPositionEmbeddings = 64,
    };

    public static Qwen3Config SmallQwen3 { get; } = new()
    {
        VocabSize = 97,
        HiddenSize = 40,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        HeadDim = 12,
        IntermediateSize = 77,
        MaxPositionEmbeddings = 64,
        RopeTheta = 10_000,
    };

    /// <summary>model_type → its small model.</summary>
    public static IReadOnlyDictionary<string, ModelConfig> Small { get; } =
        ((ModelConfig[])[SmallLlama, SmallGpt2, SmallGptJ, SmallQwen3]).ToDictionary(config => config.ModelType);

    public static TheoryData<string> Architectures => [.. Small.Keys];

    /// <summary>Ids of the small vocabulary, no two neighbours alike.</summary>
    public static int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 31 + i * i) % 97)];
}
