using System.Text.Json.Nodes;
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
    readonly List<ShardSet> _sources = [];
    readonly IGradientSource? _gradients;

    public SmallRun(int threads = 1, string? folder = null, Func<Recipe, Recipe>? change = null, IDevice? device = null,
        FakeTime? time = null, Func<IGradientSource, ILanguageModel, IGradientSource>? spoil = null,
        bool evaluates = true, StandIns? standIns = null, params ILanguageModel[] teachers)
    {
        IsTemporary = folder is null;
        Folder = folder ?? Directory.CreateTempSubdirectory("cria-run-").FullName;
        _set = Shards("shards");
        Recipe = change?.Invoke(Base) ?? Base;
        Kernels = KernelChoice.Best(threads);
        Model = ModelCatalog.Create(Recipe.Model, device ?? CpuDevice.Instance);
        Model.Parameters.Allocate(withGradients: true);
        Model.Parameters.Initialize(Recipe.Seed, WidthTransfer.Starts(Recipe));
        Data = Samples();
        IModelStore store = new FolderStore(new Dictionary<string, byte[]>(), EndOfText);
        Checkpoints = new(Path.Combine(Folder, "checkpoints"), standIns?.Store?.Invoke(store) ?? store, Recipe.Checkpoint);
        var newest = Checkpoints.Newest(_ => { });
        Metrics = new(Path.Combine(Folder, "metrics.jsonl"), newest?.State.MetricsLength ?? 0);
        Validation = new(Model, standIns?.HeldOut?.Invoke(_set) ?? _set, _set.Manifest.TextBytes, Recipe.Data.SequenceLength, 64,
            Recipe.Loss.OnHeldOut(teachers));
        if (spoil is not null)
            _gradients = spoil(new TrainingPass(Model, Data, Recipe.Batch.MicroBatchSize, Recipe.PlanOptions(), Recipe.Seed), Model);
        IObserver[] observers = time is null ? [Seen] : [Seen, time];
        TrainerParts parts = new(Model, Data, evaluates ? Validation : null, Kernels, Checkpoints, Metrics, observers)
        {
            Teachers = teachers,
            Time = time ?? TimeProvider.System,
            Gradients = _gradients,
            Estimates = standIns?.Estimates,
        };
        Trainer = new(Recipe, parts, "recipe", Data.ManifestHash);
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
        foreach (var source in _sources)
            source.Dispose();
        if (IsTemporary)
            Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Every line of a run's metrics but for what a clock or the machine says of it.</summary>
    public static string[] Lines(string folder) => [.. File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Select(line =>
    {
        var row = JsonNode.Parse(line)!.AsObject();
        foreach (string clock in (string[])["seconds", "phases", "time", "memory"])
            row.Remove(clock);
        return row.ToJsonString();
    })];

    /// <summary>Every bit of the model's weights, of the optimizer's state and of the averages'.</summary>
    public byte[] Everything()
    {
        using var all = new MemoryStream();
        foreach (var tensor in Trainer.Slots.Select(slot => slot.State).Prepend(Model.Parameters.Weights))
        {
            byte[] bytes = new byte[tensor.SizeInBytes];
            tensor.Read(bytes.AsSpan());
            all.Write(bytes);
        }

        return all.ToArray();
    }

    // Of the one set, or of the recipe's mixture, whose sources are made for it: other documents each.
    ISampleReader Samples()
    {
        ISampleReader Open(ShardSet set) => SampleReaders.Open(Recipe.Data.Reader, set, Recipe.Data.SequenceLength, Recipe.Seed);
        if (Recipe.Data.Mixture.Length == 0)
            return Open(_set);
        foreach (var source in Recipe.Data.Mixture)
            _sources.Add(Shards(source.Train, first: 1000 * (_sources.Count + 1)));
        return new MixtureReader([.. _sources.Select(Open)], [.. Recipe.Data.Mixture.Select(source => source.Weight)], Recipe.Seed);
    }

    ShardSet Shards(string name, int first = 0)
    {
        string folder = Path.Combine(Folder, name);
        if (!Directory.Exists(folder))
            WriteShards(folder, first);
        return ShardSet.Open(folder);
    }

    // Documents that count upward from a start with a stride: learnable in a few steps.
    static void WriteShards(string folder, int first)
    {
        ShardOptions options = new() { TokenizerSha256 = new string('0', 64), VocabSize = Vocabulary, EndOfText = EndOfText };
        using var writer = new ShardWriter(folder, options);
        for (int document = first; document < first + 300; document++)
        {
            int length = 5 + document % 17, stride = 1 + document % 3;
            int[] tokens = [.. Enumerable.Range(0, length).Select(i => 1 + (document + i * stride) % (Vocabulary - 1))];
            writer.Add(tokens, length);
        }
        writer.Complete();
    }

    /// <summary>What stands in the place of a run's own parts.</summary>
    public sealed record StandIns
    {
        /// <summary>Around the store that writes models.</summary>
        public Func<IModelStore, IModelStore>? Store { get; init; }

        /// <summary>Around the tokens that the loss is evaluated on.</summary>
        public Func<ITokenStream, ITokenStream>? HeldOut { get; init; }

        /// <summary>The plan of an earlier run, to be followed in the place of the clock.</summary>
        public IReadOnlyList<StepEstimate>? Estimates { get; init; }
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

        /// <summary>Hears the number of every step.</summary>
        public Action<int>? WhenStepped { get; set; }

        public void Stepped(StepMetrics metrics)
        {
            Steps.Add(metrics);
            WhenStepped?.Invoke(metrics.Step);
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
