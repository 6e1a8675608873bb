using Cria.Cli.Benchmarks;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Benchmarks;

/// <summary>The products of a step follow from what every architecture says of itself.</summary>
public sealed class MatMulShapeTests
{
    public static TheoryData<ModelConfig, int, int, int> Models => new()
    {
        {
            new LlamaConfig
            {
                VocabSize = 90, HiddenSize = 32, NumHiddenLayers = 1, NumAttentionHeads = 4, NumKeyValueHeads = 2, IntermediateSize = 44,
            },
            32, 16, 44
        },
        {
            new Qwen3Config
            {
                VocabSize = 90, HiddenSize = 32, NumHiddenLayers = 1, NumAttentionHeads = 4, NumKeyValueHeads = 2, HeadDim = 10,
                IntermediateSize = 44,
            },
            40, 20, 44
        },
        { new Gpt2Config { VocabSize = 90, HiddenSize = 32, NumHiddenLayers = 1, NumAttentionHeads = 4 }, 32, 32, 128 },
        { new GptJConfig { VocabSize = 90, HiddenSize = 32, NumHiddenLayers = 1, NumAttentionHeads = 4, IntermediateSize = 52 }, 32, 32, 52 },
        { new Unknown { VocabSize = 90, HiddenSize = 32, NumHiddenLayers = 1 }, 24, 12, 36 },
    };

    [Theory]
    [MemberData(nameof(Models), DisableDiscoveryEnumeration = true)]
    public void A_step_multiplies_by_every_matrix_of_any_architecture(ModelConfig model, int queries, int keys, int mlp)
    {
        Recipe recipe = new()
        {
            Name = "any",
            Model = model,
            Steps = 1,
            Data = new() { SequenceLength = 10 },
            Batch = new() { MicroBatchSize = 3 },
        };
        var forward = MatMulShape.OfStep(recipe).Where(shape => shape.TransB).Select(shape => (shape.M, shape.N, shape.K));
        (int, int, int)[] expected = [(30, queries, 32), (30, keys, 32), (30, 32, queries), (30, mlp, 32), (30, 32, mlp), (30, 90, 32)];
        Assert.Equal(expected.Distinct(), forward);
    }

    /// <summary>An architecture that the benchmarks have never heard of.</summary>
    sealed record Unknown : ModelConfig
    {
        public override string ModelType => "unknown";

        public override int KeyValueColumns => 12;

        public override int AttentionColumns => 24;

        public override int MlpColumns => 36;

        public override long MatMulWeights => 1;

        public override void Validate()
        {
        }
    }
}
