using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

public sealed class Qwen3ConfigTests
{
    [Fact]
    public void The_published_models_have_their_exact_number_of_parameters()
    {
        Assert.Equal(596_049_920, Count(Sizes.Qwen3With600M));
        Assert.Equal(596_049_920 + 151_936 * 1024, Count(Sizes.Qwen3With600M with { TieWordEmbeddings = false }));
    }

    [Fact]
    public void It_is_a_llama_with_two_small_norms_a_layer()
    {
        var llama = Sizes.LilLm39M;
        using var model = ModelCatalog.Create(llama, CpuDevice.Instance);
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
        Assert.Equal(model.Parameters.Count + 12 * 2 * 32, Count(config));
        Assert.Equal(llama.MatMulWeights, config.MatMulWeights);
        Assert.Equal(llama.FlopsPerToken(512), config.FlopsPerToken(512));
    }

    public static TheoryData<string, Qwen3Config, string[]> Wrong => new()
    {
        { "no vocabulary", Sizes.SmallQwen3 with { VocabSize = 0 }, ["vocab_size 0", "at least 1"] },
        { "no head", Sizes.SmallQwen3 with { HeadDim = 0 }, ["head_dim 0", "at least 1"] },
        { "groups that do not divide", Sizes.SmallQwen3 with { NumKeyValueHeads = 3 }, ["num_key_value_heads 3", "use 4"] },
        { "an odd head", Sizes.SmallQwen3 with { HeadDim = 9 }, ["head_dim 9", "10"] },
        { "no epsilon", Sizes.SmallQwen3 with { RmsNormEps = 0 }, ["rms_norm_eps 0"] },
        { "theta", Sizes.SmallQwen3 with { RopeTheta = double.NaN }, ["rope_theta NaN"] },
        { "all is dropped", Sizes.SmallQwen3 with { AttentionDropout = 1 }, ["attention_dropout 1", "below 1"] },
        { "a start nobody knows", Sizes.SmallQwen3 with { Initialization = "xavier" }, ["xavier", Initialization.Names] },
        { "sizes whose product overflows", Sizes.SmallQwen3 with { HiddenSize = 1 << 20, VocabSize = 1 << 20 }, ["too large"] },
        { "heads whose product overflows", Sizes.SmallQwen3 with { HeadDim = 1 << 30 }, ["too large"] },
        { "more layers than any", Sizes.SmallQwen3 with { NumHiddenLayers = int.MaxValue }, ["num_hidden_layers 2147483647", "too large"] },
        { "a context that wants the memory", Sizes.SmallQwen3 with { MaxPositionEmbeddings = 1 << 25 }, ["max_position_embeddings 33554432", "rotary table"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_model_that_cannot_be_is_refused_with_the_values_and_the_remedy(string what, Qwen3Config config, string[] said)
    {
        string message = Assert.Throws<ConfigException>(() => ModelCatalog.Create(config, CpuDevice.Instance)).Message;
        Assert.All(said, words => Assert.True(message.Contains(words, StringComparison.Ordinal), $"{what}: {message}"));
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    static long Count(Qwen3Config config)
    {
        using var model = ModelCatalog.Create(config, CpuDevice.Instance);
        return model.Parameters.Count;
    }
}
