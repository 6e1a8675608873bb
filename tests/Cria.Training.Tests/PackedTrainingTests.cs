using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Tests;

/// <summary>Documents side by side in one sequence learn what each would learn alone.</summary>
public sealed class PackedTrainingTests
{
    const int T = 32, B = 2, Vocabulary = 61;

    static readonly ModelConfig[] Models =
    [
        new LlamaConfig
        {
            VocabSize = Vocabulary, HiddenSize = 48, NumHiddenLayers = 2, NumAttentionHeads = 4, NumKeyValueHeads = 2,
            IntermediateSize = 79, MaxPositionEmbeddings = T,
        },
        new Gpt2Config
        {
            VocabSize = Vocabulary, HiddenSize = 39, NumHiddenLayers = 2, NumAttentionHeads = 3, IntermediateSize = 70,
            MaxPositionEmbeddings = T,
        },
    ];

    public static TheoryData<string> Architectures => [.. Models.Select(model => model.ModelType)];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_document_has_the_losses_and_the_gradient_it_has_alone(string type)
    {
        using var shards = new Shards();
        ISampleReader reader = SampleReaders.Open(new() { Type = "packed" }, shards.Set, T, seed: 1);
        var (ids, next, starts) = (new int[B * T], new int[B * T], new int[B * T]);
        starts = starts[..reader.Read(0, B, ids, next, starts)];
        int[] ends = [.. starts[1..], B * T];
        Assert.True(starts.Length > 2 * B, "too few documents lie together");
        Assert.Contains(ISampleReader.NoTarget, next);

        using var model = ModelCatalog.Create(Models.Single(model => model.ModelType == type), CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: true);
        model.Parameters.Initialize(seed: 2);
        foreach (var kernels in KernelChoice.All(threads: 2))
        {
            for (int document = 0; document < starts.Length; document++)
            {
                var (begin, end) = (starts[document], ends[document]);
                if (next[begin] == ISampleReader.NoTarget)
                    continue;
                var together = Step(model, kernels, B * T, ids, next, starts, begin, end);
                var alone = Step(model, kernels, end - begin, ids[begin..end], next[begin..end], [0], 0, end - begin);
                Assert.Equal(alone.Losses, together.Losses[begin..end]);
                Assert.Equal(alone.Gradient, together.Gradient);
            }

            (kernels as IDisposable)?.Dispose();
        }
    }

    [Fact]
    public void The_loss_of_a_step_is_the_mean_over_the_targets_of_all_its_micro_batches()
    {
        foreach (int batch in (int[])[1, 4])
        {
            using var run = new SmallRun(change: r => Packed(r) with { Batch = new() { MicroBatchSize = batch, TokensPerStep = 128 } });
            int samples = 128 / run.Data.SequenceLength, rows = 128;
            var (ids, next, starts) = (new int[rows], new int[rows], new int[rows]);
            starts = starts[..run.Data.Read(0, samples, ids, next, starts)];
            long targets = next.Count(target => target != ISampleReader.NoTarget);
            Assert.InRange(targets, 1, rows - 1);

            double nats = 0;
            using (var pass = new LossPass(run.Model, rows, 32))
            {
                using var arena = new Arena(CpuDevice.Instance, pass.Plan);
                foreach (var (begin, end) in starts.Zip(starts[1..].Append(rows)))
                    if (next[begin] != ISampleReader.NoTarget)
                        Assert.True(pass.TryAdd([.. ids[begin..end], next[end - 1]]));
                foreach (float loss in pass.Run(run.Kernels))
                    nats += loss;
            }

            StepMetrics step = run.Trainer.TrainStep();
            Assert.Equal(nats / targets, step.Loss, 1e-5);
            Assert.Equal(targets, step.Tokens);
        }
    }

    [Fact]
    public void Micro_batches_with_different_numbers_of_targets_sum_to_one_large_batch()
    {
        SmallRun Cut(int batch) => new(change: r => Packed(r) with { Batch = new() { MicroBatchSize = batch, TokensPerStep = 128 } });
        using SmallRun small = Cut(1), large = Cut(4);
        for (int step = 0; step < 5; step++)
            Assert.Equal(large.Trainer.TrainStep().Loss, small.Trainer.TrainStep().Loss, tolerance: 1e-4);
    }

    [Fact]
    public void Readers_differ_in_what_they_read_and_all_of_them_learn()
    {
        var losses = new HashSet<double>();
        foreach (string type in SampleReaders.Types)
        {
            using var run = new SmallRun(change: r => r with { Data = r.Data with { Reader = new() { Type = type } } });
            for (int step = 0; step < 15; step++)
                run.Trainer.TrainStep();
            losses.Add(run.Trainer.TrainStep().Loss);
        }

        Assert.Equal(SampleReaders.Types.Count, losses.Count);
        Assert.All(losses, loss => Assert.InRange(loss, 0, Math.Log(23) - 0.5));
    }

    [Fact]
    public void A_step_without_a_single_target_is_refused_before_it_is_run()
    {
        using var run = new SmallRun();
        using var trainer = new Trainer(run.Recipe, new(run.Model, new Targetless(), null, run.Kernels));
        Assert.Contains("no token to learn from", Assert.Throws<TrainingException>(() => trainer.TrainStep()).Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.Step);
    }

    static Recipe Packed(Recipe recipe) => recipe with { Data = recipe.Data with { Reader = new() { Type = "packed" } } };

    // Forward and backward of one document's loss, the other documents beside it or not.
    static (float[] Losses, float[] Gradient) Step(
        ILanguageModel model, IKernels kernels, int rows, int[] ids, int[] next, int[] starts, int begin, int end)
    {
        var recorded = TrainingPlan.Record(model, 1, rows, new(ShareMemory: false)); // losses are read after backward
        using var plan = recorded.Plan;
        using var arena = new Arena(CpuDevice.Instance, plan);
        arena.Poison();
        kernels.Reserve(MemoryAccount.Demand(model.Parameters, plan));
        float[] weights = [.. Enumerable.Range(0, rows).Select(row => row >= begin && row < end ? 1f / (end - begin) : 0)];
        recorded.Sequence.Fill(ids, starts);
        recorded.Targets.Data.Write<int>([.. next.Select(target => Math.Max(0, target))]);
        recorded.Weights.Data.Write<float>(weights);
        plan.Forward(kernels);
        plan.Backward(kernels, accumulate: false);
        return (recorded.Head.Losses.Data.ToArray<float>(), model.Parameters.Gradients.ToArray<float>());
    }

    sealed class Targetless : ISampleReader
    {
        public string ManifestHash => new('0', 64);

        public int SequenceLength => T;

        public long SamplesPerEpoch => 1;

        public double Utilization => 0;

        public long CountTargets(long firstSample, long count) => 0;

        public int Read(long firstSample, int count, Span<int> tokens, Span<int> targets, Span<int> starts) =>
            throw new InvalidOperationException("it was read");
    }

    sealed class Shards : IDisposable
    {
        readonly string _folder = Directory.CreateTempSubdirectory("cria-packed-").FullName;

        public Shards()
        {
            string path = Path.Combine(_folder, "set");
            ShardOptions options = new() { TokenizerSha256 = new string('0', 64), VocabSize = Vocabulary, EndOfText = 0 };
            using (var writer = new ShardWriter(path, options))
            {
                for (int document = 0; document < 40; document++)
                {
                    var tokens = Enumerable.Range(0, 3 + document * 7 % 11).Select(i => 1 + (document * 5 + i * i) % (Vocabulary - 1));
                    writer.Add([.. tokens], textBytes: 1);
                }

                writer.Complete();
            }

            Set = ShardSet.Open(path);
        }

        public ShardSet Set { get; }

        public void Dispose()
        {
            Set.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
