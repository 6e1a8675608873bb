namespace Cria.Models.Tests;

public sealed class GptJConfigTests
{
    /// <summary>BabyLlama's.</summary>
    static GptJConfig GptJ97M { get; } = new()
    {
        VocabSize = 16_000,
        HiddenSize = 768,
        NumHiddenLayers = 12,
        NumAttentionHeads = 12,
        MaxPositionEmbeddings = 256,
        TieWordEmbeddings = true,
    };

    [Fact]
    public void The_published_models_have_their_exact_number_of_parameters()
    {
        Assert.Equal(97_304_704, TestModels.Count(GptJ97M));
        Assert.Equal(97_304_704 + 16_000 * 768, TestModels.Count(GptJ97M with { TieWordEmbeddings = false }));
        Assert.Equal(TestModels.Count(GptJ97M), TestModels.Count(GptJ97M with { IntermediateSize = 3072, RotaryDim = 0 }));
    }

    [Fact]
    public void It_starts_as_the_published_ones_did_unless_told_otherwise()
    {
        Assert.Equal("normal", GptJ97M.Initialization);
        Assert.Equal("fan_in", (GptJ97M with { Initialization = "fan_in" }).Initialization);
    }

    [Fact]
    public void Flops_a_token_are_six_times_the_matmul_weights_and_causal_attention()
    {
        const long Weights = 12L * 12 * 768 * 768 + 16_000 * 768;
        Assert.Equal(Weights, GptJ97M.MatMulWeights);
        Assert.Equal(6 * Weights + 6L * 12 * 768 * 128, GptJ97M.FlopsPerToken(128));
    }

    internal static (string What, ModelConfig Config, string[] Said)[] Wrong =>
    [
        ("a negative inner size", Sizes.SmallGptJ with { IntermediateSize = -1 }, ["intermediate_size -1"]),
        ("heads that do not divide", Sizes.SmallGptJ with { NumAttentionHeads = 7 }, ["48", "7", "nearest is 42"]),
        ("no epsilon", Sizes.SmallGptJ with { LayerNormEps = 0 }, ["layer_norm_eps 0"]),
        ("more turned than there is", Sizes.SmallGptJ with { RotaryDim = 64 }, ["rotary_dim 64", "16 columns", "use 16"]),
        ("an odd part", Sizes.SmallGptJ with { RotaryDim = 7 }, ["rotary_dim 7", "use 6"]),
        ("a negative part", Sizes.SmallGptJ with { RotaryDim = -2 }, ["rotary_dim -2", "use 16"]),
        ("the whole of an odd head", Sizes.SmallGptJ with { HiddenSize = 45, RotaryDim = 0 }, ["rotary_dim 0", "even", "use 14"]),
        ("a head of one column", Sizes.SmallGptJ with { HiddenSize = 3, RotaryDim = 1 }, ["rotary_dim 1", "1 columns", "fewer num_attention_heads"]),
        ("all is dropped", Sizes.SmallGptJ with { ResidualDropout = 1 }, ["residual_dropout 1", "below 1"]),
        ("less than nothing is dropped", Sizes.SmallGptJ with { EmbeddingDropout = -0.1f }, ["embedding_dropout -0.1"]),
        ("a share that is no number", Sizes.SmallGptJ with { AttentionDropout = float.NaN }, ["attention_dropout NaN"]),
        ("an inner size that overflows", Sizes.SmallGptJ with { HiddenSize = 3 << 28, IntermediateSize = 0 }, ["too large"]),
    ];
}
