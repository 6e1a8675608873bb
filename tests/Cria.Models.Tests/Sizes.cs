namespace Cria.Models.Tests;

/// <summary>Models of these tests: the published ones, and one that takes no time.</summary>
static class Sizes
{
    public static LlamaConfig LilLm39M { get; } = new()
    {
        VocabSize = 8192,
        HiddenSize = 512,
        NumHiddenLayers = 12,
        NumAttentionHeads = 16,
        NumKeyValueHeads = 8,
        HeadDim = 32,
        IntermediateSize = 1408,
        MaxPositionEmbeddings = 512,
    };

    public static LlamaConfig LilLm300M { get; } = new()
    {
        VocabSize = 8192,
        HiddenSize = 1024,
        NumHiddenLayers = 24,
        NumAttentionHeads = 16,
        NumKeyValueHeads = 8,
        HeadDim = 64,
        IntermediateSize = 2816,
        MaxPositionEmbeddings = 512,
    };

    public static LlamaConfig Small { get; } = new()
    {
        VocabSize = 97,
        HiddenSize = 48,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        IntermediateSize = 80,
        MaxPositionEmbeddings = 64,
    };

    public static Gpt2Config Gpt2With124M { get; } = new()
    {
        VocabSize = 50257,
        HiddenSize = 768,
        NumHiddenLayers = 12,
        NumAttentionHeads = 12,
        MaxPositionEmbeddings = 1024,
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

    /// <summary>BabyLlama's.</summary>
    public static GptJConfig GptJ97M { get; } = new()
    {
        VocabSize = 16_000,
        HiddenSize = 768,
        NumHiddenLayers = 12,
        NumAttentionHeads = 12,
        MaxPositionEmbeddings = 256,
        TieWordEmbeddings = true,
        Initialization = "normal",
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

    public static Qwen3Config Qwen3With600M { get; } = new()
    {
        VocabSize = 151_936,
        HiddenSize = 1024,
        NumHiddenLayers = 28,
        NumAttentionHeads = 16,
        NumKeyValueHeads = 8,
        HeadDim = 128,
        IntermediateSize = 3072,
    };

    public static Qwen3Config SmallQwen3 { get; } = new()
    {
        VocabSize = 97,
        HiddenSize = 40,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        HeadDim = 12,
        IntermediateSize = 80,
        MaxPositionEmbeddings = 64,
        RopeTheta = 10_000,
    };

    /// <summary>Ids of the small vocabulary, no two neighbours alike.</summary>
    public static int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 31 + i * i) % 97)];
}
