using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

public sealed class InitializationTests
{
    static readonly LlamaConfig Config = Sizes.Small with { VocabSize = 700, HiddenSize = 96, IntermediateSize = 160, NumHiddenLayers = 3 };

    [Theory]
    [InlineData("normal", 0.02, 0.02, 0.02)]
    [InlineData("depth_scaled", 0.02, 0.02, 0.02 / 2.449489742783178)]
    [InlineData("fan_in", 0.1020620726159658, 0.1020620726159658, 0.02 / 2.449489742783178)] // 1 / √96
    public void Matrices_start_with_the_deviation_their_place_asks_for(string name, double embedding, double linear, double residual)
    {
        using var model = ModelCatalog.Create(Config with { Initialization = name }, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        model.Parameters.Initialize(seed: 4);
        foreach (var parameter in model.Parameters.Parameters.Where(p => p.Shape.Rank == 2))
        {
            double[] values = [.. Numbers(parameter.Data).Select(v => (double)v)];
            double mean = values.Average(), deviation = Math.Sqrt(values.Select(v => v * v).Average() - mean * mean);
            double expected = parameter.Name.Contains("embed_tokens", StringComparison.Ordinal) ? embedding
                : parameter.Name.Contains("o_proj", StringComparison.Ordinal) || parameter.Name.Contains("down_proj", StringComparison.Ordinal) ? residual
                : linear;
            double error = 4 / Math.Sqrt(2.0 * values.Length); // four standard errors
            Assert.True(Math.Abs(deviation / expected - 1) < error, $"{parameter.Name}: {deviation}, not {expected}");
            Assert.True(Math.Abs(mean) < 4 * expected / Math.Sqrt(values.Length), $"{parameter.Name}: mean {mean}");
        }
        foreach (var parameter in model.Parameters.Parameters.Where(p => p.Shape.Rank == 1))
            Assert.All(Numbers(parameter.Data), value => Assert.Equal(1, value));
    }

    [Fact]
    public void A_seed_gives_the_same_start_and_another_seed_another()
    {
        Assert.Equal(Start(1), Start(1));
        Assert.NotEqual(Start(1), Start(2));

        static float[] Start(ulong seed)
        {
            using var model = ModelCatalog.Create(Sizes.Small, CpuDevice.Instance);
            model.Parameters.Allocate(withGradients: false);
            model.Parameters.Initialize(seed);
            return Numbers(model.Parameters.Weights);
        }
    }

    static float[] Numbers(Tensor tensor) => tensor.Span<float>().ToArray();
}
