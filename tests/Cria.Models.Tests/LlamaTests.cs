using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

public sealed class LlamaTests
{
    [Theory]
    [InlineData("normal"), InlineData("depth_scaled"), InlineData("fan_in")]
    public void An_untrained_model_guesses_the_loss_is_near_the_logarithm_of_the_vocabulary(string start)
    {
        using var kernels = new Owned(KernelChoice.Best(1));
        using var model = Ready(Sizes.Small with { Initialization = start, TieWordEmbeddings = false });
        using var pass = new LossPass(model, 64, 64);
        using var arena = new Arena(CpuDevice.Instance, pass.Plan);
        Assert.True(pass.TryAdd(Sizes.Tokens(65)));
        double loss = pass.Run(kernels.Kernels).ToArray().Average();
        Assert.InRange(loss, Math.Log(97) - 0.6, Math.Log(97) + 0.6);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void Single_precision_on_every_backend_agrees_with_double(bool tied)
    {
        var config = Sizes.Small with { TieWordEmbeddings = tied, InitializerRange = 0.2f, Initialization = "normal" };
        int[] ids = Sizes.Tokens(50);
        using var exact = Ready(config, DType.F64);
        double[] expected = Logits(exact, new ReferenceKernels<double>(), ids, tensor => tensor.Span<double>().ToArray());
        using var model = Ready(config);
        foreach (var kernels in (IKernels[])[new ReferenceKernels<float>(), .. KernelChoice.All(2)])
        {
            using var owned = new Owned(kernels);
            double[] actual = Logits(model, kernels, ids, tensor => [.. tensor.Span<float>().ToArray().Select(x => (double)x)]);
            double worst = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst < 2e-4, $"{kernels.Name}: {worst}");
        }
        Assert.True(expected.Max() - expected.Min() > 1, "the logits are too alike to prove anything");
    }

    [Fact]
    public void No_token_sees_a_later_one_or_another_document()
    {
        using var model = Ready(Sizes.Small with { InitializerRange = 0.2f });
        using var owned = new Owned(KernelChoice.Best(2));
        int[] ids = Sizes.Tokens(40);
        float[] before = Losses(model, owned.Kernels, ids[..20], ids[20..]);
        int[] changed = [.. ids];
        (changed[15], changed[25]) = (3, 4);
        float[] after = Losses(model, owned.Kernels, changed[..20], changed[20..]);
        Assert.Equal(before[..14], after[..14]); // the loss at 14 predicts 15
        Assert.NotEqual(before[14..19], after[14..19]);
        Assert.Equal(before[19..23], after[19..23]);
        Assert.NotEqual(before[23..], after[23..]);
    }

    [Fact]
    public void A_sequence_has_the_same_bits_alone_and_among_others()
    {
        using var model = Ready(Sizes.Small);
        using var owned = new Owned(KernelChoice.Best(2));
        int[] ids = Sizes.Tokens(60);
        float[] together = Losses(model, owned.Kernels, ids[..17], ids[17..60]);
        Assert.Equal(together[..16], Losses(model, owned.Kernels, ids[..17]));
        Assert.Equal(together[16..], Losses(model, owned.Kernels, ids[17..60]));
    }

    [Fact]
    public void A_sequence_beyond_the_context_is_refused_in_a_sentence()
    {
        using var model = Ready(Sizes.Small);
        using var pass = new LossPass(model, 8, 8);
        Assert.Contains("9 tokens", Assert.Throws<ConfigException>(() => pass.TryAdd(Sizes.Tokens(10))).Message);
    }

    internal static ILanguageModel Ready(ModelConfig config, DType type = DType.F32)
    {
        var model = ModelCatalog.Create(config, CpuDevice.Instance, type);
        model.Parameters.Allocate(withGradients: false);
        model.Parameters.Initialize(seed: 2);
        return model;
    }

    internal static double[] Logits(ILanguageModel model, IKernels kernels, int[] ids, Func<Tensor, double[]> numbers)
    {
        var graph = new Graph(model.Parameters.DType);
        var sequence = new Sequence(graph, ids.Length, 1, ids.Length);
        var logits = model.Logits(graph, sequence);
        using var plan = Plan.Forward(graph, CpuDevice.Instance, logits);
        using var arena = new Arena(CpuDevice.Instance, plan);
        arena.Poison();
        sequence.Fill(ids, [0]);
        plan.Forward(kernels);
        return numbers(logits.Data);
    }

    static float[] Losses(ILanguageModel model, IKernels kernels, params int[][] windows)
    {
        using var pass = new LossPass(model, 128, 64);
        using var arena = new Arena(CpuDevice.Instance, pass.Plan);
        arena.Poison();
        foreach (int[] window in windows)
            Assert.True(pass.TryAdd(window));
        return pass.Run(kernels).ToArray();
    }
}

/// <summary>Kernels that end with the test.</summary>
sealed record Owned(IKernels Kernels) : IDisposable
{
    public void Dispose() => (Kernels as IDisposable)?.Dispose();
}
