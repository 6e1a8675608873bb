using System.Diagnostics;
using Cria.Data.Sampling;
using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Checkpoints;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Training;

/// <summary>What a trainer needs besides the recipe. The caller owns everything here.</summary>
/// <param name="Model">Allocated with gradients.</param>
/// <param name="Data">Training samples.</param>
/// <param name="Validation">The fixed set, or null.</param>
/// <param name="Kernels">The backend.</param>
/// <param name="Checkpoints">Where to save, or null.</param>
/// <param name="Metrics">metrics.jsonl, or null.</param>
/// <param name="Observers">Who looks on.</param>
public sealed record TrainerParts(
    ILanguageModel Model,
    ISampleReader Data,
    Validation? Validation,
    IKernels Kernels,
    CheckpointFolder? Checkpoints = null,
    MetricsLog? Metrics = null,
    params IReadOnlyList<IObserver> Observers);

/// <summary>
/// The loop: micro-batches, clip, optimizer step; evaluate, save. Which samples a step reads, its learning rate and its
/// arithmetic are functions of the step number alone, so a resumed run continues bit for bit.
/// </summary>
public sealed class Trainer : IDisposable
{
    const int MaxSkippedSteps = 20;

    readonly Recipe _recipe;
    readonly TrainerParts _parts;
    readonly TrainingPass _pass;
    readonly Arena _arena;
    readonly IOptimizer _optimizer;
    readonly ISchedule _schedule;
    readonly DeviceMemory _scalarMemory;
    readonly Tensor _scalars;
    readonly float[] _host = new float[(int)StepScalar.Count];
    readonly string _recipeHash, _manifestHash;
    readonly StepSlices _slices;
    int _skipped, _lastSaved = -1;

    /// <param name="recipe">Resolved; its batch, optimizer, schedule and intervals are used.</param>
    /// <param name="parts">The objects it works with.</param>
    /// <param name="recipeHash">What a resumed run must share with its checkpoint.</param>
    /// <param name="manifestHash">Of the training shards.</param>
    public Trainer(Recipe recipe, TrainerParts parts, string recipeHash = "", string manifestHash = "")
    {
        (_recipe, _parts, _recipeHash, _manifestHash) = (recipe, parts, recipeHash, manifestHash);
        int micro = recipe.Batch.MicroBatchSize;
        _slices = new((long)BatchSplit.MicroBatches(recipe) * micro, micro);
        _pass = new(parts.Model, parts.Data, recipe.Batch.MicroBatchSize, recipe.PlanOptions(), recipe.Seed);
        Plan[] plans = parts.Validation is { } validation ? [_pass.Plan, validation.Plan] : [_pass.Plan];
        _arena = new(parts.Model.Parameters.Device, plans);
        _optimizer = recipe.Optimizer.Create(recipe, parts.Model.Parameters);
        Memory = MemoryAccount.Of(recipe, parts.Model, parts.Kernels, plans);
        parts.Kernels.Reserve(MemoryAccount.Demand(parts.Model.Parameters, plans));
        _schedule = ScheduleCatalog.Create(recipe);
        _scalarMemory = parts.Model.Parameters.Device.Allocate(_host.Length * sizeof(float));
        _scalars = _scalarMemory.Tensor(DType.F32, new Shape(_host.Length));
    }

    /// <summary>Micro-batches a step (gradient accumulation).</summary>
    public int MicroBatches => _slices.MicroBatches;

    /// <summary>Rows of a step; where some only fill sequences up, fewer are trained on.</summary>
    public int TokensPerStep => MicroBatches * _pass.Tokens;

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    /// <summary>Targets learned from since the first step; what fills sequences up is not counted.</summary>
    public long TrainedTokens { get; private set; }

    public Plan Plan => _pass.Plan;

    /// <summary>What this trainer, its model and its kernels have allocated.</summary>
    public MemoryAccount Memory { get; }

    public long ArenaBytes => _arena.SizeInBytes;

    /// <summary>Continues from a checkpoint.</summary>
    /// <exception cref="CheckpointException">It belongs to another recipe or to other data.</exception>
    public void Resume(string folder, TrainingState state)
    {
        if (state.RecipeHash != _recipeHash)
            throw new CheckpointException($"{folder} was written by another recipe (its hash begins {Begin(state.RecipeHash)}, this one's " +
                $"{Begin(_recipeHash)}); resume with the recipe.yaml beside it, or start in another folder.");
        if (state.ManifestHash != _manifestHash)
            throw new CheckpointException($"{folder} was trained on other data (its manifest's hash begins {Begin(state.ManifestHash)}, " +
                $"this one's {Begin(_manifestHash)}); give it the same shards, or start in another folder.");
        _parts.Checkpoints!.Load(folder, _parts.Model, _optimizer);
        Step = _lastSaved = state.Step;
        TrainedTokens = state.Tokens;

        static string Begin(string hash) => hash.Length > 12 ? hash[..12] : hash;
    }

    /// <summary>Trains to the recipe's last step, or until cancelled; either way the last state is saved.</summary>
    /// <returns>True if the last step was reached.</returns>
    public bool Run(CancellationToken cancellation = default)
    {
        while (Step < _recipe.Steps && !cancellation.IsCancellationRequested)
        {
            var metrics = TrainStep();
            Tell(metrics, static (observer, m) => observer.Stepped(m));
            if (Step < _recipe.Steps && Due(_recipe.Evaluate.Every))
                Evaluate(_recipe.Evaluate.Tokens);
            if (Step < _recipe.Steps && Due(_recipe.Checkpoint.Every) && _skipped == 0)
                Save();
        }
        if (Step == _recipe.Steps && _lastSaved != Step)
            Evaluate(tokens: 0);
        Save();
        return Step == _recipe.Steps;
    }

    /// <summary>One optimizer step: gradients of all micro-batches, global-norm clip, update.</summary>
    public StepMetrics TrainStep()
    {
        long began = Stopwatch.GetTimestamp();
        float learningRate = _schedule.LearningRate(Step);
        long targets = _parts.Data.CountTargets(_slices.First(Step), _slices.SamplesPerStep);
        if (targets == 0)
            throw new TrainingException($"step {Step + 1} has no token to learn from; use a larger batch.tokens_per_step.");
        double loss = 0;
        for (int micro = 0; micro < MicroBatches; micro++)
            loss += _pass.Run(_parts.Kernels, _slices.First(Step, micro), 1f / targets, accumulate: micro > 0);

        _host[(int)StepScalar.LearningRate] = learningRate;
        _optimizer.Prepare(_host, Step + 1);
        _scalars.Write<float>(_host);
        var store = _parts.Model.Parameters;
        _parts.Kernels.ClipByGlobalNorm(_scalars, store.Gradients, _recipe.Optimizer.MaxGradientNorm);
        _optimizer.Step(_parts.Kernels, store, _scalars);
        _scalars.Read<float>(_host);
        Step++;
        TrainedTokens += targets;
        float norm = _host[(int)StepScalar.GradientNorm];
        GuardAgainstDivergence(loss, norm);
        return new(Step, loss, learningRate, norm, TrainedTokens, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    public EvaluationMetrics? Evaluate(long tokens)
    {
        if (_parts.Validation?.Run(_parts.Kernels, Step, tokens) is not { } metrics)
            return null;
        Tell(metrics, static (observer, m) => observer.Evaluated(m));
        return metrics;
    }

    /// <summary>Writes a checkpoint of this step, if there is a place for it and none is there.</summary>
    public void Save()
    {
        if (_parts.Checkpoints is not { } checkpoints || _lastSaved == Step)
            return;
        _parts.Metrics?.Keep();
        string folder = checkpoints.Write(_parts.Model, _optimizer, new()
        {
            Step = Step,
            Samples = _slices.First(Step),
            Tokens = TrainedTokens,
            PlannedSteps = _recipe.Steps,
            RecipeHash = _recipeHash,
            ManifestHash = _manifestHash,
            MetricsLength = _parts.Metrics?.Length ?? 0,
        });
        _lastSaved = Step;
        foreach (var observer in _parts.Observers)
            observer.Saved(folder, Step);
    }

    public void Dispose()
    {
        _scalarMemory.Dispose();
        _optimizer.Dispose();
        _arena.Dispose();
        _pass.Dispose();
    }

    bool Due(int every) => every > 0 && Step % every == 0;

    void Tell<T>(T metrics, Action<IObserver, T> tell)
    {
        if (_parts.Metrics is { } log)
            tell(log, metrics);
        foreach (var observer in _parts.Observers)
            tell(observer, metrics);
    }

    // The optimizer leaves everything as it is when the gradient is not finite; a run of such steps has diverged.
    void GuardAgainstDivergence(double loss, float norm)
    {
        _skipped = double.IsFinite(loss) && float.IsFinite(norm) ? 0 : _skipped + 1;
        if (_skipped == MaxSkippedSteps)
            throw new TrainingException($"the gradient was not finite in {MaxSkippedSteps} steps in a row up to step {Step}; " +
                $"use a lower optimizer.learning_rate than {_recipe.Optimizer.LearningRate}, or a longer schedule.warmup_steps.");
    }
}
