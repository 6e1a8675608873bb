using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

/// <summary>Llama's token that only fills up.</summary>
public sealed class PadTokenTests
{
    const int Pad = 5;

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Its_row_starts_as_zeros_and_learns_nothing_from_being_read(bool tied)
    {
        var config = Sizes.SmallLlama with { PadTokenId = Pad, TieWordEmbeddings = tied };
        using var model = TestModels.Ready(config, withGradients: true);
        var embedding = model.Parameters.Parameters[0];
        Assert.All(Row(embedding.Data), value => Assert.Equal(0, value));
        Assert.DoesNotContain(0f, embedding.Data.ToArray<float>()[((Pad + 1) * 48)..]);
        Step(model);
        // a tied row still learns which words do not follow, through the head
        Assert.Equal(tied, Row(embedding.Gradient!.Data).Any(value => value != 0));

        using var plain = TestModels.Ready(config with { PadTokenId = null }, withGradients: true);
        plain.Parameters.Write(plain.Parameters.Parameters[0], TestModels.Numbers(embedding.Data));
        Step(plain);
        Assert.All(Row(plain.Parameters.Parameters[0].Gradient!.Data), value => Assert.NotEqual(0, value));
        float[] with = embedding.Gradient!.Data.ToArray<float>(), without = plain.Parameters.Parameters[0].Gradient!.Data.ToArray<float>();
        Assert.Equal(without[..(Pad * 48)], with[..(Pad * 48)]);
        Assert.Equal(without[((Pad + 1) * 48)..], with[((Pad + 1) * 48)..]);
    }

    static float[] Row(Tensor table) => table.ToArray<float>()[(Pad * 48)..((Pad + 1) * 48)];

    static void Step(ILanguageModel model)
    {
        var step = TrainingPlan.Record(model, 1, 6, new());
        using var plan = step.Plan;
        using var arena = new Arena(CpuDevice.Instance, plan);
        using var owned = new Owned(KernelChoice.Best(1));
        step.Sequence.Fill([7, 8, Pad, 9, Pad, 1], [0]);
        step.Targets.Data.Write<int>([8, 11, 9, 12, 1, 2]);
        step.Weights.Data.Write<float>([.. Enumerable.Repeat(1f / 6, 6)]);
        plan.Forward(owned.Kernels);
        plan.Backward(owned.Kernels);
    }
}
