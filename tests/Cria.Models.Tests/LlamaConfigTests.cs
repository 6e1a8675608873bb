namespace Cria.Models.Tests;

public sealed class LlamaConfigTests
{
    internal static LlamaConfig LilLm39M { get; } = new()
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

    static readonly LlamaConfig LilLm300M = LilLm39M with
    {
        HiddenSize = 1024,
        NumHiddenLayers = 24,
        HeadDim = 64,
        IntermediateSize = 2816,
    };

    [Fact]
    public void The_published_models_have_their_exact_number_of_parameters()
    {
        Assert.Equal(39_596_544, TestModels.Count(LilLm39M));
        Assert.Equal(291_554_304, TestModels.Count(LilLm300M));
    }

    [Fact]
    public void An_untied_head_adds_one_matrix_to_the_parameters_and_nothing_to_the_arithmetic()
    {
        var untied = LilLm39M with { TieWordEmbeddings = false };
        Assert.Equal(39_596_544 + 8192 * 512, TestModels.Count(untied));
        Assert.Equal(LilLm39M.MatMulWeights, untied.MatMulWeights);
    }

    [Fact]
    public void Flops_a_token_are_six_times_the_matmul_weights_and_causal_attention()
    {
        Assert.Equal(256_376_832, LilLm39M.FlopsPerToken(512));
        Assert.Equal(6 * LilLm39M.MatMulWeights, LilLm39M.FlopsPerToken(0));
    }

    [Fact]
    public void Zero_heads_of_keys_and_zero_head_size_mean_the_usual()
    {
        var config = Sizes.SmallLlama with { NumKeyValueHeads = 0, HeadDim = 0 };
        Assert.Equal((4, 12, 48), (config.KeyValueHeads, config.HeadSize, config.KeyValueColumns));
    }

    internal static (string What, ModelConfig Config, string[] Said)[] Wrong =>
    [
        ("heads that do not divide", Sizes.SmallLlama with { NumAttentionHeads = 7, NumKeyValueHeads = 7 }, ["48", "7", "nearest is 42"]),
        ("groups that do not divide", Sizes.SmallLlama with { NumKeyValueHeads = 3 }, ["num_key_value_heads 3", "use 4"]),
        ("an odd head", Sizes.SmallLlama with { HeadDim = 9 }, ["head_dim 9", "10"]),
        ("a negative head", Sizes.SmallLlama with { HeadDim = -2 }, ["head_dim -2"]),
        ("no epsilon", Sizes.SmallLlama with { RmsNormEps = 0 }, ["rms_norm_eps 0"]),
        ("an epsilon that is no number", Sizes.SmallLlama with { RmsNormEps = float.NaN }, ["rms_norm_eps NaN"]),
        ("theta", Sizes.SmallLlama with { RopeTheta = -1 }, ["rope_theta -1"]),
        ("a pad token that is none", Sizes.SmallLlama with { PadTokenId = 97 }, ["pad_token_id 97", "0 to 96"]),
        ("all is dropped", Sizes.SmallLlama with { AttentionDropout = 1 }, ["attention_dropout 1", "below 1"]),
        ("less than nothing is dropped", Sizes.SmallLlama with { ResidualDropout = -1 }, ["residual_dropout -1"]),
        ("sizes whose product overflows", Sizes.SmallLlama with { HiddenSize = 1 << 20, VocabSize = 1 << 20 }, ["too large"]),
        ("heads whose product overflows", Sizes.SmallLlama with { HeadDim = 1 << 30 }, ["too large"]),
        ("a context that wants the memory", Sizes.SmallLlama with { MaxPositionEmbeddings = 1 << 25 },
            ["max_position_embeddings 33554432", "rotary table"]),
    ];
}
