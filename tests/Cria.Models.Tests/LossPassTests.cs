using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

public sealed class LossPassTests
{
    [Fact]
    public void Several_models_as_one_have_the_losses_of_the_weighted_mean_of_their_logits()
    {
        using var kernels = new Owned(KernelChoice.Best(2));
        using var llama = TestModels.Ready(Sizes.SmallLlama with { InitializerRange = 0.3f });
        using var gptJ = TestModels.Ready(Sizes.SmallGptJ with { InitializerRange = 0.3f });
        int[] window = Sizes.Tokens(20);
        Assert.Equal(TestModels.Losses(llama, kernels.Kernels, window), Losses([llama], [1]));

        double[] first = TestModels.Logits(llama, kernels.Kernels, window[..^1]);
        double[] second = TestModels.Logits(gptJ, kernels.Kernels, window[..^1]);
        float[] losses = Losses([llama, gptJ], [0.25f, 0.75f]);
        for (int row = 0; row < losses.Length; row++)
        {
            double[] mean = [.. Enumerable.Range(row * 97, 97).Select(i => 0.25 * first[i] + 0.75 * second[i])];
            Assert.Equal(Math.Log(mean.Sum(Math.Exp)) - mean[window[row + 1]], losses[row], 1e-4);
        }

        float[] Losses(ILanguageModel[] models, float[] shares)
        {
            using var pass = new LossPass(models, shares, 128, 64);
            using var arena = new Arena(CpuDevice.Instance, pass.Plan);
            arena.Poison();
            Assert.True(pass.TryAdd(window));
            return pass.Run(kernels.Kernels).ToArray();
        }
    }

    [Fact]
    public void A_sequence_beyond_the_context_is_refused_in_a_sentence()
    {
        using var model = TestModels.Ready(Sizes.SmallLlama);
        using var pass = new LossPass(model, 8, 8);
        Assert.Contains("9 tokens", Assert.Throws<ConfigException>(() => pass.TryAdd(Sizes.Tokens(10))).Message);
        Assert.Throws<ArgumentException>(() => pass.TryAdd(Sizes.Tokens(5), past: 1)); // which would lie in a cache
    }
}
