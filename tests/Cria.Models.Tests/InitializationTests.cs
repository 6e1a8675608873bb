using Cria.Engine.Graphs;
using Cria.Engine.Tensors;

namespace Cria.Models.Tests;

public sealed class InitializationTests
{
    static readonly string[] Embeddings = ["embed_tokens", "wte", "wpe"];
    static readonly string[] Residual = ["o_proj", "down_proj", "c_proj", "out_proj", "fc_out"];

    /// <summary>Of √inputs for 96 inputs, what fan_in gives; and of what writes into the residual stream of three layers.</summary>
    const double OfInputs = 0.1020620726159658, OfDepth = 0.02 / 2.449489742783178;

    public static TheoryData<string> Names => Sizes.Architectures;

    [Theory]
    [MemberData(nameof(Names))]
    public void Matrices_start_with_the_deviation_their_place_asks_for(string architecture)
    {
        Check(architecture, "normal", 0.02, 0.02, 0.02);
        Check(architecture, "depth_scaled", 0.02, 0.02, OfDepth);
        Check(architecture, "fan_in", OfInputs, OfInputs, OfDepth);
    }

    [Fact]
    public void A_seed_gives_the_same_start_and_another_seed_another()
    {
        Assert.Equal(Start(1), Start(1));
        Assert.NotEqual(Start(1), Start(2));

        static float[] Start(ulong seed)
        {
            using var model = ModelCatalog.Create(Sizes.SmallLlama, CpuDevice.Instance);
            model.Parameters.Allocate(withGradients: false);
            model.Parameters.Initialize(seed);
            return model.Parameters.Weights.ToArray<float>();
        }
    }

    static void Check(string architecture, string start, double embedding, double linear, double residual)
    {
        var config = Sizes.Small[architecture] with { VocabSize = 700, HiddenSize = 96, NumHiddenLayers = 3, Initialization = start };
        using var model = TestModels.Ready(config);
        foreach (var parameter in model.Parameters.Parameters)
        {
            double[] values = TestModels.Numbers(parameter.Data);
            bool isMatrix = parameter.Kind is ParameterKind.Matrix or ParameterKind.Embedding or ParameterKind.Head;
            Assert.Equal(parameter.Shape.Rank == 2, isMatrix);
            if (parameter.Shape.Rank == 1)
            {
                Assert.All(values, value => Assert.Equal(parameter.Name.EndsWith("bias", StringComparison.Ordinal) ? 0 : 1, value));
                continue;
            }
            double mean = values.Average(), deviation = Math.Sqrt(values.Average(v => v * v) - mean * mean);
            double expected = IsOneOf(Embeddings) ? embedding : IsOneOf(Residual) ? residual : linear;
            double error = 4 / Math.Sqrt(2.0 * values.Length); // four standard errors
            Assert.True(Math.Abs(deviation / expected - 1) < error, $"{start}, {parameter.Name}: {deviation}, not {expected}");
            Assert.True(Math.Abs(mean) < 4 * expected / Math.Sqrt(values.Length), $"{start}, {parameter.Name}: mean {mean}");

            bool IsOneOf(string[] names) => names.Any(name => parameter.Name.Contains(name, StringComparison.Ordinal));
        }
    }
}
