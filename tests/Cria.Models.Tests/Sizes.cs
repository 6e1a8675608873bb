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

    /// <summary>Ids of the small vocabulary, no two neighbours alike.</summary>
    public static int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 31 + i * i) % 97)];
}
