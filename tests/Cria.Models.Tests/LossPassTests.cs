namespace Cria.Models.Tests;

public sealed class LossPassTests
{
    [Fact]
    public void A_sequence_beyond_the_context_is_refused_in_a_sentence()
    {
        using var model = TestModels.Ready(Sizes.SmallLlama);
        using var pass = new LossPass(model, 8, 8);
        Assert.Contains("9 tokens", Assert.Throws<ConfigException>(() => pass.TryAdd(Sizes.Tokens(10))).Message);
    }
}
