using System.Security.Cryptography;
using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Tensors;

namespace Cria.Training.Tests;

/// <summary>What a fixed small recipe has given since the first trainer: a refactor must not move it.</summary>
public sealed class LossCurveTests
{
    static readonly (int Step, double Loss)[] Recorded =
    [
        (1, 3.1832990646362305), (5, 2.8015964031219482), (10, 2.469784379005432), (20, 1.8579000234603882), (30, 1.7840779423713684),
        (40, 1.5994494557380676), (50, 1.499499797821045), (60, 1.5777541399002075),
    ];

    /// <summary>sha256 of the final weights, as 512 bits wide kernels round them.</summary>
    const string Weights = "b6e31a98884056cd2015aee0251a8b67e5433c94ebc7a48b06b78dac02a9a8ee";

    [Fact]
    public void The_losses_and_weights_of_a_small_recipe_are_the_recorded_ones()
    {
        using var run = new SmallRun(change: recipe => recipe with { Version = 1 });
        run.Trainer.Run();
        foreach (var (step, loss) in Recorded)
            Assert.Equal(loss, run.Seen.Steps[step - 1].Loss, tolerance: 1e-4); // other widths round otherwise
        if (SimdLevel.Best() == SimdWidth.Bits512)
            Assert.Equal(Weights, Convert.ToHexStringLower(SHA256.HashData(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(run.Model.Parameters.Weights.ToArray<float>()))));
    }
}
