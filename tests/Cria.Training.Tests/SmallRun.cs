using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Training.Checkpoints;
using Cria.Training.Observation;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;
using Cria.Training.Transfer;

namespace Cria.Training.Tests;

/// <summary>A tiny Llama on a made-up language of counting sequences, in a folder of its own.</summary>
sealed class SmallRun : IDisposable
{
    const int EndOfText = 0, Vocabulary = 23;

    readonly ShardSet _set;
    readonly IGradientSource? _gradients;

    public SmallRun(int threads = 1, string? folder = null, Func<Recipe, Recipe>? change = null, IDevice? device = null,
        FakeTime? time = null, Func<IGradientSource, ILanguageModel, IGradientSource>? spoil = null,
        bool evaluates = true, params ILanguageModel[] teachers)
    {
        IsTemporary = folder is null;
        Folder = folder ?? Directory.CreateTempSubdirectory("cria-run-").FullName;
        string shards = Path.Combine(Folder, "shards");
        if (!Directory.Exists(shards))
            WriteShards(shards);
        _set = ShardSet.Open(shards);
        Recipe = change?.Invoke(Base) ?? Base;
        Kernels = KernelChoice.Best(threads);
        Model = ModelCatalog.Create(Recipe.Model, device ?? CpuDevice.Instance);
        Model.Parameters.Allocate(withGradients: true);
        Model.Parameters.Initialize(Recipe.Seed, WidthTransfer.Starts(Recipe));
        Data = SampleReaders.Open(Recipe.Data.Reader, _set, Recipe.Data.SequenceLength, Recipe.Seed);
        Checkpoints = new(Path.Combine(Folder, "checkpoints"), new FolderStore(new Dictionary<string, byte[]>(), EndOfText), Recipe.Checkpoint);
        var newest = Checkpoints.Newest(_ => { });
        Metrics = new(Path.Combine(Folder, "metrics.jsonl"), newest?.State.MetricsLength ?? 0);
        Validation = new(Model, _set, _set.Manifest.TextBytes, Recipe.Data.SequenceLength, 64, Recipe.Loss.OnHeldOut(teachers));
        if (spoil is not null)
            _gradients = spoil(new TrainingPass(Model, Data, Recipe.Batch.MicroBatchSize, Recipe.PlanOptions(), Recipe.Seed), Model);
        IObserver[] observers = time is null ? [Seen] : [Seen, time];
        TrainerParts parts = new(Model, Data, evaluates ? Validation : null, Kernels, Checkpoints, Metrics, observers)
        {
            Teachers = teachers,
            Time = time ?? TimeProvider.System,
            Gradients = _gradients,
        };
        Trainer = new(Recipe, parts, "recipe", _set.ManifestHash);
        if (newest is { } found)
            Trainer.Resume(found.Folder, found.State);
    }

    public static Recipe Base { get; } = new()
    {
        Name = "small",
        Seed = 3,
        Model = new LlamaConfig
        {
            VocabSize = Vocabulary,
            HiddenSize = 32,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            NumKeyValueHeads = 2,
            IntermediateSize = 48,
            MaxPositionEmbeddings = 32,
        },
        Data = new() { SequenceLength = 32 },
        Batch = new() { MicroBatchSize = 2, TokensPerStep = 128 },
        Steps = 60,
        Optimizer = new AdamWRecipe { LearningRate = 1e-2f },
        Schedule = new CosineRecipe { WarmupSteps = 5 },
        Evaluate = new() { Every = 20, Tokens = 200 },
        Checkpoint = new() { Every = 10, Keep = 2 },
    };

    public string Folder { get; }

    public Recipe Recipe { get; }

    public IKernels Kernels { get; }

    public ILanguageModel Model { get; }

    public ISampleReader Data { get; }

    public Validation Validation { get; }

    public CheckpointFolder Checkpoints { get; }

    public MetricsLog Metrics { get; }

    public Trainer Trainer { get; }

    public Watcher Seen { get; } = new();

    bool IsTemporary { get; }

    public void Dispose()
    {
        Trainer.Dispose(); // it may be writing a checkpoint still, which counts on the metrics
        Metrics.Dispose();
        _gradients?.Dispose();
        Validation.Dispose();
        Model.Dispose();
        (Kernels as IDisposable)?.Dispose();
        _set.Dispose();
        if (IsTemporary)
            Directory.Delete(Folder, recursive: true);
    }

    // Documents that count upward from a start with a stride: learnable in a few steps.
    static void WriteShards(string folder)
    {
        ShardOptions options = new() { TokenizerSha256 = new string('0', 64), VocabSize = Vocabulary, EndOfText = EndOfText };
        using var writer = new ShardWriter(folder, options);
        for (int document = 0; document < 300; document++)
        {
            int length = 5 + document % 17, stride = 1 + document % 3;
            int[] tokens = [.. Enumerable.Range(0, length).Select(i => 1 + (document + i * stride) % (Vocabulary - 1))];
            writer.Add(tokens, length);
        }
        writer.Complete();
    }

    public sealed class Watcher : IObserver
    {
        public List<StepMetrics> Steps { get; } = [];

        public List<EvaluationMetrics> Evaluations { get; } = [];

        public List<TrainingEvent> Events { get; } = [];

        public List<int> Checkpoints { get; } = [];

        /// <summary>After so many steps <see cref="Then"/> happens.</summary>
        public int AfterSteps { get; set; }

        public Action? Then { get; set; }

        public void Stepped(StepMetrics metrics)
        {
            Steps.Add(metrics);
            if (Steps.Count == AfterSteps)
                Then?.Invoke();
        }

        /// <summary>Happens while an evaluation is told.</summary>
        public Action<EvaluationMetrics>? AtEvaluation { get; set; }

        public void Evaluated(EvaluationMetrics metrics)
        {
            Evaluations.Add(metrics);
            AtEvaluation?.Invoke(metrics);
        }

        public void Saved(string folder, int step) => Checkpoints.Add(step);

        public Action<TrainingEvent>? WhenHappens { get; set; }

        public void Happened(TrainingEvent happening)
        {
            Events.Add(happening);
            WhenHappens?.Invoke(happening);
        }
    }
}
