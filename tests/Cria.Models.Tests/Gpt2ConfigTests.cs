namespace Cria.Models.Tests;

public sealed class Gpt2ConfigTests
{
    static Gpt2Config Gpt2With124M { get; } = new()
    {
        VocabSize = 50257,
        HiddenSize = 768,
        NumHiddenLayers = 12,
        NumAttentionHeads = 12,
        MaxPositionEmbeddings = 1024,
    };

    [Fact]
    public void The_published_models_have_their_exact_number_of_parameters()
    {
        Assert.Equal(124_439_808, TestModels.Count(Gpt2With124M));
        Assert.Equal(124_475_904, TestModels.Count(Gpt2With124M with { VocabSize = 50304 }));
        Assert.Equal(124_373_760, TestModels.Count(Gpt2With124M with { VocabSize = 50304, Bias = false }));
    }

    [Fact]
    public void Flops_a_token_are_six_times_the_matmul_weights_and_causal_attention()
    {
        const long Weights = 12L * 12 * 768 * 768 + 50257L * 768;
        Assert.Equal(Weights, Gpt2With124M.MatMulWeights);
        Assert.Equal(6 * Weights + 6L * 12 * 768 * 64, Gpt2With124M.FlopsPerToken(64));
    }

    [Fact]
    public void No_inner_size_means_four_times_the_hidden_one() =>
        Assert.Equal(TestModels.Count(Gpt2With124M), TestModels.Count(Gpt2With124M with { IntermediateSize = 3072 }));

    internal static (string What, ModelConfig Config, string[] Said)[] Wrong =>
    [
        ("a negative inner size", Sizes.SmallGpt2 with { IntermediateSize = -1 }, ["intermediate_size -1"]),
        ("heads that do not divide", Sizes.SmallGpt2 with { NumAttentionHeads = 7 }, ["39", "7", "nearest is 35"]),
        ("no epsilon", Sizes.SmallGpt2 with { LayerNormEps = 0 }, ["layer_norm_eps 0"]),
        ("an epsilon that is no number", Sizes.SmallGpt2 with { LayerNormEps = float.NaN }, ["layer_norm_eps NaN"]),
        ("another activation", Sizes.SmallGpt2 with { HiddenAct = "relu" }, ["hidden_act 'relu'", "gelu_new"]),
        ("all is dropped", Sizes.SmallGpt2 with { AttentionDropout = 1 }, ["attention_dropout 1", "below 1"]),
        ("an inner size that overflows", Sizes.SmallGpt2 with { HiddenSize = 3 << 28, IntermediateSize = 0 }, ["too large"]),
    ];
}
