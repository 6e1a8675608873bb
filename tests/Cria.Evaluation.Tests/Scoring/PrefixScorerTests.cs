using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Evaluation.Scoring;
using Cria.Models;

namespace Cria.Evaluation.Tests.Scoring;

public sealed class PrefixScorerTests
{
    const int Vocabulary = 61, Context = 40;

    public static TheoryData<string> Architectures => ["llama", "gpt2", "gptj", "qwen3"];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Scores_are_the_bits_of_whole_sequences_at_every_batch_order_and_number_of_threads(string architecture)
    {
        using var model = Ready(architecture);
        int[][] sequences = Sequences();
        int[] order = [.. Enumerable.Range(0, sequences.Length)];
        Array.Sort(order, (a, b) => sequences[a].AsSpan().SequenceCompareTo(sequences[b]));
        foreach (var kernels in (IKernels[])[.. KernelChoice.All(1), .. KernelChoice.All(3)])
        {
            using var owned = kernels as IDisposable;
            double[] whole = new double[sequences.Length];
            using (var scorer = new ModelScorer(model, kernels))
                scorer.Score(sequences, whole);
            Assert.Equal(0, whole[0]);
            foreach (int batch in (int[])[1, 7, 64])
            {
                using var scorer = new PrefixScorer(model, kernels, batch);
                double[] nats = new double[sequences.Length], sorted = new double[sequences.Length];
                scorer.Score(sequences, nats);
                Assert.Equal(whole, nats);
                scorer.Score([.. order.Select(i => sequences[i])], sorted);
                Assert.Equal(order.Select(i => whole[i]), sorted);
            }
        }
    }

    [Fact]
    public void What_sorted_neighbours_share_is_computed_once()
    {
        using var model = Ready("llama");
        using var scorer = new PrefixScorer(model, new ReferenceKernels<float>(), batch: 1);
        double[] nats = new double[4];
        scorer.Score([[1, 2, 3, 4, 5], [1, 2, 3, 4, 6], [1, 2, 3, 4, 6, 7], [9, 8]], nats);
        Assert.Equal(4 + 1 + 1 + 1, scorer.ComputedTokens);
        Assert.Equal(nats.Length, nats.Distinct().Count());
    }

    [Fact]
    public void Longer_sequences_than_before_are_scored_and_those_beyond_the_context_are_refused()
    {
        using var model = Ready("gpt2");
        using var scorer = new PrefixScorer(model, new ReferenceKernels<float>(), batch: 2);
        double[] nats = new double[1], again = new double[1];
        scorer.Score([[1, 2, 3]], nats);
        scorer.Score([[.. Enumerable.Range(0, Context + 1)]], again);
        Assert.True(again[0] > nats[0]);
        var refusal = Assert.Throws<ConfigException>(() => scorer.Score([[.. Enumerable.Range(0, Context + 2)]], again));
        Assert.Contains("41 tokens", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ConfigException>(() => scorer.Score([[1, Vocabulary]], again));
    }

    // Awkward lengths, up to the whole context; beginnings that are shared, nested and equal.
    static int[][] Sequences()
    {
        int[] lengths = [1, 2, 3, 5, 9, 16, 17, 18, 31, 33, 34, 40, 41];
        var sequences = new List<int[]>();
        foreach (int length in lengths)
            foreach (int from in (int[])[0, 1, 15, 16, 30])
                sequences.Add([.. Enumerable.Range(0, length).Select(i => i < from ? i % 7 : (i * i + length) % Vocabulary)]);
        sequences.Add(sequences[^1]);
        return [.. sequences];
    }

    static ILanguageModel Ready(string architecture)
    {
        ModelConfig config = architecture switch
        {
            "llama" => new LlamaConfig
            {
                VocabSize = Vocabulary,
                HiddenSize = 64,
                NumHiddenLayers = 2,
                NumAttentionHeads = 4,
                NumKeyValueHeads = 2,
                IntermediateSize = 79,
                MaxPositionEmbeddings = Context,
                InitializerRange = 0.3f,
            },
            "gpt2" => new Gpt2Config
            {
                VocabSize = Vocabulary,
                HiddenSize = 39,
                NumHiddenLayers = 2,
                NumAttentionHeads = 3,
                IntermediateSize = 70,
                MaxPositionEmbeddings = Context,
                InitializerRange = 0.3f,
            },
            "gptj" => new GptJConfig
            {
                VocabSize = Vocabulary,
                HiddenSize = 48,
                NumHiddenLayers = 2,
                NumAttentionHeads = 3,
                IntermediateSize = 70,
                RotaryDim = 6,
                MaxPositionEmbeddings = Context,
                InitializerRange = 0.3f,
            },
            _ => new Qwen3Config
            {
                VocabSize = Vocabulary,
                HiddenSize = 40,
                NumHiddenLayers = 2,
                NumAttentionHeads = 4,
                NumKeyValueHeads = 2,
                HeadDim = 16,
                IntermediateSize = 77,
                MaxPositionEmbeddings = Context,
                RopeTheta = 10_000,
                InitializerRange = 0.3f,
            },
        };
        var model = ModelCatalog.Create(config, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        model.Parameters.Initialize(seed: 3);
        return model;
    }
}
