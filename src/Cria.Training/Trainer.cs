using Cria.Engine.Graphs;
using Cria.Engine.Tensors;
using Cria.Training.Averaging;
using Cria.Training.Checkpoints;
using Cria.Training.Observation;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;
using Cria.Training.Stopping;

namespace Cria.Training;

/// <summary>
/// The loop: step, evaluate, save. Which samples a step reads, its learning rate and its arithmetic follow from where the
/// run stands and from nothing else, so a resumed run continues bit for bit. What a step is stands in
/// <see cref="OptimizerStep"/>, what can go wrong in <see cref="Guard"/>, what is kept in <see cref="Saving"/>.
/// </summary>
public sealed class Trainer : IDisposable
{
    readonly Recipe _recipe;
    readonly TrainerParts _parts;
    readonly IGradientSource _gradients;
    readonly Arena _arena;
    readonly IOptimizer _optimizer;
    readonly ISchedule _schedule;
    readonly NormMeter? _norms;
    readonly OptimizerStep _step;
    readonly Guard _guard;
    readonly Averages _averages;
    readonly Saving _saving;
    readonly TimeBudget? _budget;
    Progress _at;
    double _secondsBefore, _began;

    /// <param name="recipe">Resolved; its batch, optimizer, schedule and intervals are used.</param>
    /// <param name="parts">The objects it works with.</param>
    /// <param name="recipeHash">What a resumed run must share with its checkpoint.</param>
    /// <param name="manifestHash">Of the training shards.</param>
    public Trainer(Recipe recipe, TrainerParts parts, string recipeHash = "", string manifestHash = "")
    {
        recipe = BatchSplit.Resolved(recipe);
        (_recipe, _parts) = (recipe, parts);
        var store = parts.Model.Parameters;
        Clock = new(parts.Time);
        _gradients = GradientSources.Create(recipe, parts, Clock);
        Plan[] plans = parts.Validation is { } validation ? [.. _gradients.Plans, validation.Plan] : [.. _gradients.Plans];
        _arena = new(store.Device, plans);
        _optimizer = recipe.Optimizer.Create(recipe, store);
        Memory = MemoryAccount.Of(recipe, parts.Model, parts.Kernels, plans).With(parts.Teachers);
        parts.Kernels.Reserve(MemoryAccount.Demand(recipe, store, plans));
        _schedule = recipe.Schedule.Create(recipe.Optimizer.LearningRate);
        _norms = recipe.Metrics.NormsEvery > 0 ? new(store, _arena) : null;
        _step = new(recipe, parts, _gradients, _optimizer, Clock, _norms);
        _guard = new(recipe);
        _averages = new(recipe.Average, new(recipe.Schedule.WarmupSteps, TokensPerStep), store, _optimizer);
        _saving = new(recipe, parts, [.. _optimizer.Slots, .. _averages.Slots], recipeHash, manifestHash);
        Planned = Stops.Plan(recipe, TokensPerStep);
        _budget = recipe.Stop?.Time is { } time ? new(time, Planned, Workload.Of(recipe, parts, Memory, TokensPerStep), Clock) : null;
    }

    /// <summary>Micro-batches a step (gradient accumulation).</summary>
    public int MicroBatches => _step.MicroBatches;

    /// <summary>Rows of a step; where some only fill sequences up, fewer are trained on.</summary>
    public int TokensPerStep => MicroBatches * _gradients.Tokens;

    /// <summary>Steps done.</summary>
    public int Step => _at.Step;

    /// <summary>Targets learned from since the first step; what fills sequences up is not counted.</summary>
    public long TrainedTokens => _at.Tokens;

    /// <summary>The planned last step.</summary>
    public StepPlan Planned { get; }

    /// <summary>The recorded training plan.</summary>
    public Plan Plan => _gradients.Plans[0];

    /// <summary>What the time went into.</summary>
    public PhaseClock Clock { get; }

    /// <summary>Of training so far, by all processes that took part in it; what they lost when they were killed is not counted.</summary>
    public double Seconds => _secondsBefore + Clock.Total - _began;

    /// <summary>What this trainer, its model and its kernels have allocated.</summary>
    public MemoryAccount Memory { get; }

    public long ArenaBytes => _arena.SizeInBytes;

    /// <summary>Continues from a checkpoint.</summary>
    /// <exception cref="CheckpointException">It belongs to another recipe or to other data.</exception>
    public void Resume(string folder, TrainingState state)
    {
        _at = _saving.Load(folder, state);
        Planned.Restore(state.Estimates);
        _averages.Resume(Step);
        _secondsBefore = state.Seconds;
    }

    /// <summary>
    /// Trains to the planned last step, or until cancelled; either way the last state is saved. At the end the model has the
    /// weights that the run leaves behind, which may be an average.
    /// </summary>
    /// <returns>True if the last step was reached.</returns>
    public bool Run(CancellationToken cancellation = default)
    {
        _began = Clock.Total;
        _budget?.Begin();
        while (Step < Planned.LastStep && !cancellation.IsCancellationRequested)
        {
            var metrics = TrainStep();
            Tell(metrics, static (observer, m) => observer.Stepped(m));
            if (Step < Planned.LastStep && _recipe.Evaluate.Every > 0 && Step % _recipe.Evaluate.Every == 0)
                Evaluate(_recipe.Evaluate.Tokens);
            if (Step < Planned.LastStep && _saving.IsDue(Step) && _guard.SkippedInARow == 0)
                Save();
            if (_budget?.Plan(Step, Seconds) is { } planned)
                Tell(planned, static (observer, p) => observer.Happened(p));
            if (_budget is { LacksEvaluation: true })
                Evaluate(_recipe.Evaluate.Tokens);
        }
        if (Step == Planned.LastStep && !_saving.Has(Step))
            Evaluate(tokens: 0);
        Save();
        if (Step < Planned.LastStep)
            return false;
        if (Adopt() is { } adopted)
            Tell(adopted, static (observer, a) => observer.Happened(a));
        return true;
    }

    /// <summary>Gives the model the weights that the run would leave behind if it ended here. There is no going on after it.</summary>
    /// <returns>Null where those are the weights in training.</returns>
    public WeightsAdopted? Adopt() => _averages.Adopt(_parts.Kernels, _parts.Model.Parameters, Step);

    /// <summary>One optimizer step, which nobody is told of.</summary>
    public StepMetrics TrainStep()
    {
        var metrics = _step.Take(_at, _schedule.LearningRate(Step, Planned));
        _at = new(metrics.Step, _at.Samples + _step.Samples, metrics.Tokens);
        _averages.Observe(_parts.Kernels, Step);
        _guard.Watch(metrics);
        return metrics;
    }

    /// <summary>The loss on the validation set, of the weights in training and of every average, of which everybody is told.</summary>
    /// <param name="tokens">About how many to take from its beginning; 0 takes all.</param>
    /// <returns>That of the weights in training; null where there is no validation set.</returns>
    public EvaluationMetrics? Evaluate(long tokens)
    {
        if (_parts.Validation is not { } validation)
            return null;
        EvaluationMetrics? trained = null;
        var before = Clock.Enter(Phase.Evaluation);
        _averages.Evaluate(_parts.Kernels, name =>
        {
            var metrics = validation.Run(_parts.Kernels, Step, tokens) with { Weights = name };
            trained ??= metrics;
            Tell(metrics, static (observer, m) => observer.Evaluated(m));
        });
        Clock.Enter(before);
        return trained;
    }

    /// <summary>Writes a checkpoint of this step, if there is a place for it and none is there.</summary>
    public void Save()
    {
        var before = Clock.Enter(Phase.Checkpoint);
        _saving.Save(_at, Planned, Seconds);
        Clock.Enter(before);
    }

    public void Dispose()
    {
        _averages.Dispose();
        _step.Dispose();
        _norms?.Dispose();
        _optimizer.Dispose();
        _arena.Dispose();
        _gradients.Dispose();
    }

    void Tell<T>(T metrics, Action<IObserver, T> tell)
    {
        var before = Clock.Enter(Phase.Observers);
        if (_parts.Metrics is { } log)
            tell(log, metrics);
        foreach (var observer in _parts.Observers)
            tell(observer, metrics);
        Clock.Enter(before);
    }
}
