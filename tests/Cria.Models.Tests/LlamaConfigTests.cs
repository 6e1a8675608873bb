using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

public sealed class LlamaConfigTests
{
    [Fact]
    public void The_published_models_have_their_exact_number_of_parameters()
    {
        Assert.Equal(39_596_544, Count(Sizes.LilLm39M));
        Assert.Equal(291_554_304, Count(Sizes.LilLm300M));
    }

    [Fact]
    public void An_untied_head_adds_one_matrix_to_the_parameters_and_nothing_to_the_arithmetic()
    {
        var untied = Sizes.LilLm39M with { TieWordEmbeddings = false };
        Assert.Equal(39_596_544 + 8192 * 512, Count(untied));
        Assert.Equal(Sizes.LilLm39M.MatMulWeights, untied.MatMulWeights);
    }

    [Fact]
    public void Flops_a_token_are_six_times_the_matmul_weights_and_causal_attention()
    {
        Assert.Equal(256_376_832, Sizes.LilLm39M.FlopsPerToken(512));
        Assert.Equal(6 * Sizes.LilLm39M.MatMulWeights, Sizes.LilLm39M.FlopsPerToken(0));
    }

    [Fact]
    public void Zero_heads_of_keys_and_zero_head_size_mean_the_usual()
    {
        var config = Sizes.Small with { NumKeyValueHeads = 0, HeadDim = 0 };
        Assert.Equal((4, 12, 48), (config.KeyValueHeads, config.HeadSize, config.KeyValueColumns));
    }

    public static TheoryData<string, LlamaConfig, string[]> Wrong => new()
    {
        { "no vocabulary", Sizes.Small with { VocabSize = 0 }, ["vocab_size 0", "at least 1"] },
        { "negative layers", Sizes.Small with { NumHiddenLayers = -3 }, ["num_hidden_layers -3"] },
        { "heads that do not divide", Sizes.Small with { NumAttentionHeads = 7, NumKeyValueHeads = 7 }, ["48", "7", "nearest is 42"] },
        { "groups that do not divide", Sizes.Small with { NumKeyValueHeads = 3 }, ["num_key_value_heads 3", "use 4"] },
        { "an odd head", Sizes.Small with { HeadDim = 9 }, ["head_dim 9", "10"] },
        { "a negative head", Sizes.Small with { HeadDim = -2 }, ["head_dim -2"] },
        { "no epsilon", Sizes.Small with { RmsNormEps = 0 }, ["rms_norm_eps 0"] },
        { "an epsilon that is no number", Sizes.Small with { RmsNormEps = float.NaN }, ["rms_norm_eps NaN"] },
        { "theta", Sizes.Small with { RopeTheta = -1 }, ["rope_theta -1"] },
        { "a pad token that is none", Sizes.Small with { PadTokenId = 97 }, ["pad_token_id 97", "0 to 96"] },
        { "all is dropped", Sizes.Small with { AttentionDropout = 1 }, ["attention_dropout 1", "below 1"] },
        { "less than nothing is dropped", Sizes.Small with { ResidualDropout = -1 }, ["residual_dropout -1"] },
        { "a start nobody knows", Sizes.Small with { Initialization = "xavier" }, ["xavier", Initialization.Names] },
        { "sizes whose product overflows", Sizes.Small with { HiddenSize = 1 << 20, VocabSize = 1 << 20 }, ["too large"] },
        { "heads whose product overflows", Sizes.Small with { HeadDim = 1 << 30 }, ["too large"] },
        { "more layers than any", Sizes.Small with { NumHiddenLayers = int.MaxValue }, ["num_hidden_layers 2147483647", "too large"] },
        { "a context that wants the memory", Sizes.Small with { MaxPositionEmbeddings = 1 << 25 }, ["max_position_embeddings 33554432", "rotary table"] },
        { "an endless context", Sizes.Small with { MaxPositionEmbeddings = int.MaxValue }, ["max_position_embeddings", "too large"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_model_that_cannot_be_is_refused_with_the_values_and_the_remedy(string what, LlamaConfig config, string[] said)
    {
        string message = Assert.Throws<ConfigException>(() => ModelCatalog.Create(config, CpuDevice.Instance)).Message;
        Assert.All(said, words => Assert.True(message.Contains(words, StringComparison.Ordinal), $"{what}: {message}"));
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    static long Count(LlamaConfig config)
    {
        using var model = ModelCatalog.Create(config, CpuDevice.Instance);
        return model.Parameters.Count;
    }
}
