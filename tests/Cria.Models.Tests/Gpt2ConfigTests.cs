using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

public sealed class Gpt2ConfigTests
{
    [Fact]
    public void The_published_models_have_their_exact_number_of_parameters()
    {
        Assert.Equal(124_439_808, Count(Sizes.Gpt2With124M));
        Assert.Equal(124_475_904, Count(Sizes.Gpt2With124M with { VocabSize = 50304 }));
        Assert.Equal(124_373_760, Count(Sizes.Gpt2With124M with { VocabSize = 50304, Bias = false }));
    }

    [Fact]
    public void Flops_a_token_are_six_times_the_matmul_weights_and_causal_attention()
    {
        const long Weights = 12L * 12 * 768 * 768 + 50257L * 768;
        Assert.Equal(Weights, Sizes.Gpt2With124M.MatMulWeights);
        Assert.Equal(6 * Weights + 6L * 12 * 768 * 64, Sizes.Gpt2With124M.FlopsPerToken(64));
    }

    [Fact]
    public void No_inner_size_means_four_times_the_hidden_one() =>
        Assert.Equal(Count(Sizes.Gpt2With124M), Count(Sizes.Gpt2With124M with { IntermediateSize = 3072 }));

    public static TheoryData<string, Gpt2Config, string[]> Wrong => new()
    {
        { "no vocabulary", Sizes.SmallGpt2 with { VocabSize = 0 }, ["vocab_size 0", "at least 1"] },
        { "no positions", Sizes.SmallGpt2 with { MaxPositionEmbeddings = 0 }, ["max_position_embeddings 0"] },
        { "a negative inner size", Sizes.SmallGpt2 with { IntermediateSize = -1 }, ["intermediate_size -1"] },
        { "heads that do not divide", Sizes.SmallGpt2 with { NumAttentionHeads = 7 }, ["39", "7", "nearest is 35"] },
        { "no epsilon", Sizes.SmallGpt2 with { LayerNormEps = 0 }, ["layer_norm_eps 0"] },
        { "an epsilon that is no number", Sizes.SmallGpt2 with { LayerNormEps = float.NaN }, ["layer_norm_eps NaN"] },
        { "another activation", Sizes.SmallGpt2 with { HiddenAct = "relu" }, ["hidden_act 'relu'", "gelu_new"] },
        { "all is dropped", Sizes.SmallGpt2 with { AttentionDropout = 1 }, ["attention_dropout 1", "below 1"] },
        { "a start nobody knows", Sizes.SmallGpt2 with { Initialization = "xavier" }, ["xavier", Initialization.Names] },
        { "an inner size that overflows", Sizes.SmallGpt2 with { HiddenSize = 3 << 28, IntermediateSize = 0 }, ["too large"] },
        { "an endless context", Sizes.SmallGpt2 with { MaxPositionEmbeddings = int.MaxValue }, ["max_position_embeddings", "too large"] },
        { "more layers than any", Sizes.SmallGpt2 with { NumHiddenLayers = int.MaxValue }, ["num_hidden_layers 2147483647", "too large"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_model_that_cannot_be_is_refused_with_the_values_and_the_remedy(string what, Gpt2Config config, string[] said)
    {
        string message = Assert.Throws<ConfigException>(() => ModelCatalog.Create(config, CpuDevice.Instance)).Message;
        Assert.All(said, words => Assert.True(message.Contains(words, StringComparison.Ordinal), $"{what}: {message}"));
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    static long Count(Gpt2Config config)
    {
        using var model = ModelCatalog.Create(config, CpuDevice.Instance);
        return model.Parameters.Count;
    }
}
