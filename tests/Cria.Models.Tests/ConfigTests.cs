using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

/// <summary>What every architecture refuses; what only one does stands in its own table.</summary>
public sealed class ConfigTests
{
    static IEnumerable<(string What, ModelConfig Config, string[] Said)> Everywhere => Sizes.Small.Values.SelectMany(config =>
        ((string, ModelConfig, string[])[])
        [
            ("no vocabulary", config with { VocabSize = 0 }, ["vocab_size 0", "at least 1"]),
            ("no width", config with { HiddenSize = 0 }, ["hidden_size 0", "at least 1"]),
            ("negative layers", config with { NumHiddenLayers = -3 }, ["num_hidden_layers -3"]),
            ("no positions", config with { MaxPositionEmbeddings = 0 }, ["max_position_embeddings 0"]),
            ("a start nobody knows", config with { Initialization = "xavier" }, ["xavier", Initialization.Names]),
            ("more layers than any", config with { NumHiddenLayers = int.MaxValue }, ["num_hidden_layers 2147483647", "too large"]),
            ("an endless context", config with { MaxPositionEmbeddings = int.MaxValue }, ["max_position_embeddings 2147483647"]),
        ]);

    public static TheoryData<string, ModelConfig, string[]> Wrong => new(
    [
        .. Everywhere, .. LlamaConfigTests.Wrong, .. Gpt2ConfigTests.Wrong, .. GptJConfigTests.Wrong, .. Qwen3ConfigTests.Wrong,
    ]);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_model_that_cannot_be_is_refused_with_the_values_and_the_remedy(string what, ModelConfig config, string[] said)
    {
        string message = Assert.Throws<ConfigException>(() => ModelCatalog.Create(config, CpuDevice.Instance)).Message;
        Assert.All(said, words => Assert.True(message.Contains(words, StringComparison.Ordinal), $"{what}: {message}"));
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
