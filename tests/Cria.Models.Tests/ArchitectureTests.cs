using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models.Tests.Twins;

namespace Cria.Models.Tests;

/// <summary>What every architecture promises; that it is the one of its paper, the twins say.</summary>
public sealed class ArchitectureTests
{
    public static TheoryData<string> Names => Sizes.Architectures;

    /// <summary>With fan_in a tied head is not among them: it would guess the token it has just read.</summary>
    public static TheoryData<ModelConfig> Untrained =>
    [
        .. Sizes.Small.Values.Select(config => config with { Initialization = "normal" }),
        .. Sizes.Small.Values.Select(config => config with { Initialization = "depth_scaled" }),
        Sizes.SmallLlama with { Initialization = "fan_in", TieWordEmbeddings = false },
        Sizes.SmallGptJ with { Initialization = "fan_in", TieWordEmbeddings = false },
        Sizes.SmallQwen3 with { Initialization = "fan_in", TieWordEmbeddings = false },
    ];

    [Fact]
    public void All_architectures_of_the_catalog_are_tested() =>
        Assert.Equal(ModelCatalog.ConfigTypes.OrderBy(pair => pair.Key),
            Sizes.Small.ToDictionary(pair => pair.Key, pair => pair.Value.GetType()).OrderBy(pair => pair.Key));

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_hold_every_parameter_once_under_a_name_of_its_own(string architecture)
    {
        using var model = TestModels.Ready(Sizes.Small[architecture]);
        var stored = model.StoredTensors.ToArray();
        Assert.Equal(stored.Length, stored.Select(tensor => tensor.Name).Distinct().Count());
        Assert.Equal(model.Parameters.Parameters.ToHashSet(), stored.SelectMany(tensor => tensor.Parts).ToHashSet());
        Assert.Equal(model.Parameters.Count, stored.Sum(tensor => tensor.Shape.Length));
    }

    [Theory]
    [MemberData(nameof(Untrained))]
    public void An_untrained_model_guesses_the_loss_is_near_the_logarithm_of_the_vocabulary(ModelConfig config)
    {
        using var kernels = new Owned(KernelChoice.Best(1));
        using var model = TestModels.Ready(config);
        double loss = TestModels.Losses(model, kernels.Kernels, Sizes.Tokens(64)).Average();
        Assert.InRange(loss, Math.Log(97) - 0.6, Math.Log(97) + 0.6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_against_the_gradient_lower_the_loss(string architecture)
    {
        using var kernels = new Owned(KernelChoice.Best(1));
        using var model = TestModels.Ready(Sizes.Small[architecture], withGradients: true);
        var step = TrainingPlan.Record(model, 2, 16, new());
        using var plan = step.Plan;
        using var arena = new Arena(CpuDevice.Instance, plan);
        int[] ids = Sizes.Tokens(33);
        double[] losses = new double[40];
        for (int i = 0; i < losses.Length; i++)
        {
            arena.Poison();
            step.Sequence.Fill(ids.AsSpan(0, 32), [0, 16]);
            step.Targets.Data.Write<int>(ids.AsSpan(1, 32));
            step.Weights.Data.Write<float>([.. Enumerable.Repeat(1f / 32, 32)]);
            plan.Forward(kernels.Kernels);
            plan.Backward(kernels.Kernels);
            losses[i] = TestModels.Numbers(step.Head.Output.Data)[0];
            foreach (var parameter in model.Parameters.Parameters)
                model.Parameters.Write(parameter, [.. TestModels.Numbers(parameter.Data)
                    .Zip(TestModels.Numbers(parameter.Gradient!.Data), (weight, gradient) => weight - 0.005 * Math.Sign(gradient))]);
        }
        Assert.InRange(losses[0], Math.Log(97) - 0.6, Math.Log(97) + 0.6);
        Assert.InRange(losses[^1], 0, losses[0] / 3);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_token_sees_a_later_one_or_another_document_and_places_count_from_its_beginning(string architecture)
    {
        using var model = TestModels.Ready(Sizes.Small[architecture] with { InitializerRange = 0.2f });
        using var owned = new Owned(KernelChoice.Best(2));
        int[] ids = Sizes.Tokens(40);
        float[] before = TestModels.Losses(model, owned.Kernels, ids[..20], ids[20..]);
        int[] changed = [.. ids];
        (changed[15], changed[25]) = (3, 4);
        float[] after = TestModels.Losses(model, owned.Kernels, changed[..20], changed[20..]);
        Assert.Equal(before[..14], after[..14]); // the loss at 14 predicts 15
        Assert.NotEqual(before[14..19], after[14..19]);
        Assert.Equal(before[19..23], after[19..23]);
        Assert.NotEqual(before[23..], after[23..]);
        Assert.Equal(before[..19], TestModels.Losses(model, owned.Kernels, ids[..20]));
        Assert.Equal(before[19..], TestModels.Losses(model, owned.Kernels, ids[20..]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Recomputation_and_shared_memory_full_of_NaN_change_no_bit_and_neither_do_threads(string architecture)
    {
        var config = Sizes.Small[architecture];
        int[][] sequences = [Sizes.Tokens(13), Sizes.Tokens(7)], targets = [Sizes.Tokens(14)[1..], Sizes.Tokens(8)[1..]];
        using var side = new EngineSide(config, DType.F32, Checkpoint.Random(config, 0.2, 1), sequences);
        using var one = new Owned(KernelChoice.Best(1));
        using var three = new Owned(KernelChoice.Best(3));
        var expected = side.Step(one.Kernels, targets, new(ShareMemory: false));
        foreach (bool recompute in (bool[])[false, true])
            foreach (var kernels in (IKernels[])[one.Kernels, three.Kernels])
            {
                var (loss, gradients) = side.Step(kernels, targets, new(recompute));
                Assert.Equal(expected.Loss, loss);
                Assert.All(gradients, pair => Assert.Equal(expected.Gradients[pair.Key], pair.Value));
            }
        Assert.All(expected.Gradients.Values, gradient => Assert.DoesNotContain(double.NaN, gradient));
    }
}
