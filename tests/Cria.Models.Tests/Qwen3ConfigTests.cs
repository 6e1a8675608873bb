namespace Cria.Models.Tests;

public sealed class Qwen3ConfigTests
{
    static Qwen3Config Qwen3With600M { get; } = new()
    {
        VocabSize = 151_936,
        HiddenSize = 1024,
        NumHiddenLayers = 28,
        NumAttentionHeads = 16,
        NumKeyValueHeads = 8,
        HeadDim = 128,
        IntermediateSize = 3072,
    };

    [Fact]
    public void The_published_models_have_their_exact_number_of_parameters()
    {
        Assert.Equal(596_049_920, TestModels.Count(Qwen3With600M));
        Assert.Equal(596_049_920 + 151_936 * 1024, TestModels.Count(Qwen3With600M with { TieWordEmbeddings = false }));
    }

    [Fact]
    public void It_is_a_llama_with_two_small_norms_a_layer()
    {
        var llama = LlamaConfigTests.LilLm39M;
        var config = new Qwen3Config
        {
            VocabSize = llama.VocabSize,
            HiddenSize = llama.HiddenSize,
            NumHiddenLayers = llama.NumHiddenLayers,
            NumAttentionHeads = llama.NumAttentionHeads,
            NumKeyValueHeads = llama.NumKeyValueHeads,
            HeadDim = llama.HeadDim,
            IntermediateSize = llama.IntermediateSize,
        };
        Assert.Equal(TestModels.Count(llama) + 12 * 2 * 32, TestModels.Count(config));
        Assert.Equal(llama.MatMulWeights, config.MatMulWeights);
        Assert.Equal(llama.FlopsPerToken(512), config.FlopsPerToken(512));
    }

    internal static (string What, ModelConfig Config, string[] Said)[] Wrong =>
    [
        ("no head", Sizes.SmallQwen3 with { HeadDim = 0 }, ["head_dim 0", "at least 1"]),
        ("groups that do not divide", Sizes.SmallQwen3 with { NumKeyValueHeads = 3 }, ["num_key_value_heads 3", "use 4"]),
        ("an odd head", Sizes.SmallQwen3 with { HeadDim = 9 }, ["head_dim 9", "10"]),
        ("no epsilon", Sizes.SmallQwen3 with { RmsNormEps = 0 }, ["rms_norm_eps 0"]),
        ("theta", Sizes.SmallQwen3 with { RopeTheta = double.NaN }, ["rope_theta NaN"]),
        ("all is dropped", Sizes.SmallQwen3 with { AttentionDropout = 1 }, ["attention_dropout 1", "below 1"]),
        ("sizes whose product overflows", Sizes.SmallQwen3 with { HiddenSize = 1 << 20, VocabSize = 1 << 20 }, ["too large"]),
        ("heads whose product overflows", Sizes.SmallQwen3 with { HeadDim = 1 << 30 }, ["too large"]),
        ("a context that wants the memory", Sizes.SmallQwen3 with { MaxPositionEmbeddings = 1 << 25 },
            ["max_position_embeddings 33554432", "rotary table"]),
    ];
}
