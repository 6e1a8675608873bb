using Cria.Engine.Graphs;
using Cria.Engine.Tensors;
using Cria.Training.Averaging;
using Cria.Training.Checkpoints;
using Cria.Training.Guards;
using Cria.Training.Observation;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;
using Cria.Training.Stopping;

namespace Cria.Training;

/// <summary>
/// The loop: step, evaluate, save, and go back where a run diverges. Which samples a step reads, its learning rate and its
/// arithmetic follow from where the run stands and from nothing else, so a resumed run continues bit for bit. What a step
/// is stands in <see cref="OptimizerStep"/>, what can go wrong in <see cref="Guard"/>, what is kept in <see cref="Saving"/>.
/// </summary>
public sealed class Trainer : IDisposable
{
    readonly Recipe _recipe;
    readonly TrainerParts _parts;
    readonly Audience _audience;
    readonly IGradientSource _gradients;
    readonly Arena _arena;
    readonly IOptimizer _optimizer;
    readonly ISchedule _schedule;
    readonly NormMeter? _norms;
    readonly Guard _guard;
    readonly OptimizerStep _step;
    readonly Averages _averages;
    readonly Evaluations _evaluations;
    readonly Saving _saving;
    readonly TimeBudget? _budget;
    Progress _at;
    bool _awaitsEvaluation;
    double _secondsBefore, _began;

    /// <param name="recipe">Resolved; its batch, optimizer, schedule, guard and intervals are used.</param>
    /// <param name="parts">The objects it works with.</param>
    /// <param name="recipeHash">What a resumed run must share with its checkpoint.</param>
    /// <param name="manifestHash">Of the training shards.</param>
    public Trainer(Recipe recipe, TrainerParts parts, string recipeHash = "", string manifestHash = "")
    {
        recipe = BatchSplit.Resolved(recipe);
        (_recipe, _parts) = (recipe, parts);
        _audience = new(parts.Metrics is { } log ? [log, .. parts.Observers] : parts.Observers);
        var store = parts.Model.Parameters;
        Clock = new(parts.Time);
        _gradients = parts.Gradients ?? GradientSources.Create(recipe, parts, Clock);
        Plan[] plans = parts.Validation is { } validation ? [.. _gradients.Plans, validation.Plan] : [.. _gradients.Plans];
        _arena = new(store.Device, plans);
        _optimizer = recipe.Optimizer.Create(recipe, store);
        Memory = MemoryAccount.Of(recipe, parts.Model, parts.Kernels, plans).With(parts.Teachers);
        parts.Kernels.Reserve(MemoryAccount.Demand(recipe, store, plans));
        _schedule = recipe.Schedule.Create(recipe.Optimizer.LearningRate);
        _norms = recipe.Metrics.NormsEvery > 0 ? new(store, _arena) : null;
        _guard = new(recipe, store);
        _step = new(recipe, parts, _gradients, _optimizer, _guard, Clock, _norms);
        _averages = new(recipe.Average, new(recipe.Schedule.WarmupSteps, TokensPerStep), store, _optimizer);
        Slots = [.. _optimizer.Slots, .. _averages.Slots];
        Planned = parts.Estimates is { } estimates ? new(estimates) : Stops.Plan(recipe, TokensPerStep);
        _budget = recipe.Stop?.Time is { } time && parts.Estimates is null
            ? new(time, Planned, Workload.Of(recipe, parts, Memory, TokensPerStep), Clock) : null;
        _evaluations = new(parts, _averages, Clock, _budget);
        _saving = new(recipe, parts, Slots, _audience, recipeHash, manifestHash, _budget);
    }

    /// <summary>Micro-batches a step (gradient accumulation).</summary>
    public int MicroBatches => _step.MicroBatches;

    /// <summary>Rows of a step; where some only fill sequences up, fewer are trained on.</summary>
    public int TokensPerStep => MicroBatches * _gradients.Tokens;

    /// <summary>Steps done, those that made no update among them.</summary>
    public int Step => _at.Step;

    /// <summary>Targets learned from since the first step; what fills sequences up, and steps without an update, do not count.</summary>
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

    /// <summary>What is saved beside the weights, by its names.</summary>
    public IReadOnlyList<(string Name, Tensor State)> Slots { get; }

    TrainingState State => new()
    {
        Step = _at.Step,
        Samples = _at.Samples,
        Tokens = _at.Tokens,
        Updates = _at.Updates,
        PlannedSteps = Planned.LastStep,
        Estimates = [.. Planned.Estimates],
        Seconds = Seconds,
        Pace = _budget?.State,
        Guard = _guard.State,
        AwaitsEvaluation = _awaitsEvaluation,
    };

    /// <summary>Continues from a checkpoint.</summary>
    /// <exception cref="CheckpointException">It belongs to another recipe or to other data.</exception>
    public void Resume(string folder, TrainingState state)
    {
        _saving.Resume(folder, state, State);
        _at = new(state.Step, state.Samples, state.Tokens, state.Updates ?? state.Step);
        _awaitsEvaluation = state.AwaitsEvaluation;
        _guard.Restore(state.Guard);
        Planned.Restore(state.Estimates);
        _averages.Resume(Step);
        _secondsBefore = state.Seconds;
        _budget?.Restore(state.Pace);
    }

    /// <summary>
    /// Trains to the planned last step, or until cancelled; either way the last state is saved. At the end the model has the
    /// weights that the run leaves behind, which may be an average.
    /// </summary>
    /// <returns>True if the last step was reached and evaluated.</returns>
    /// <exception cref="TrainingException">The run diverged, and has gone back as often as it may.</exception>
    /// <exception cref="CheckpointException">The last state could not be saved.</exception>
    public bool Run(CancellationToken cancellation = default)
    {
        _began = Clock.Total;
        _budget?.Begin();
        _saving.Begin(State);
        if (_awaitsEvaluation && Step < Planned.LastStep)
            KeepUp(cancellation);
        while (Step < Planned.LastStep && !cancellation.IsCancellationRequested)
        {
            TellOf(TrainStep());
            if (_guard.ReasonToGoBack is { } reason)
                GoBack(reason);
            else if (Step < Planned.LastStep)
                KeepUp(cancellation);
            _saving.Poll();
            if (_budget?.Plan(Step, Seconds) is { } planned)
                Tell(planned, static (audience, news) => audience.Happened(news));
            if (_budget is { ProbeTokens: > 0 and var few })
                _evaluations.Run(Step, few, cancellation);
        }
        if (Step == Planned.LastStep && (_awaitsEvaluation || !_saving.Has(Step)))
            Evaluate(tokens: 0, cancellation);
        Save();
        if (Step < Planned.LastStep || _awaitsEvaluation)
            return false;
        if (Adopt() is { } adopted)
            Tell(adopted, static (audience, news) => audience.Happened(news));
        return true;
    }

    /// <summary>Gives the model the weights that the run would leave behind if it ended here. There is no going on after it.</summary>
    /// <returns>Null where those are the weights in training.</returns>
    public WeightsAdopted? Adopt() => _averages.Adopt(_parts.Kernels, _parts.Model.Parameters, Step);

    /// <summary>One optimizer step, which nobody is told of.</summary>
    public StepMetrics TrainStep()
    {
        var metrics = _step.Take(_at, _schedule.LearningRate(Step, Planned));
        _at = new(metrics.Step, _at.Samples + _step.Samples, metrics.Tokens, _at.Updates + (metrics.ClipFactor == 0 ? 0 : 1));
        _averages.Observe(_parts.Kernels, Step);
        return metrics;
    }

    /// <summary>The loss on the validation set, of the weights in training and of every average, of which everybody is told.</summary>
    /// <param name="tokens">About how many to take from its beginning; 0 takes all.</param>
    /// <param name="cancellation">Ends it, and nobody is told anything.</param>
    /// <returns>That of the weights in training; null where there is no validation set, or when cancelled.</returns>
    public EvaluationMetrics? Evaluate(long tokens, CancellationToken cancellation = default)
    {
        var all = _evaluations.Run(Step, tokens, cancellation);
        _awaitsEvaluation = all is null;
        _evaluations.Tell(all ?? [], metrics => Tell(metrics, static (audience, m) => audience.Evaluated(m)));
        return all is [var inTraining, ..] ? inTraining : null;
    }

    /// <summary>Writes a checkpoint of this step and waits for it, if there is a place for it and none is there.</summary>
    /// <exception cref="CheckpointException">It could not be written.</exception>
    public void Save()
    {
        var before = Clock.Enter(Phase.Checkpoint);
        _saving.SaveLast(State);
        Clock.Enter(before);
    }

    public void Dispose()
    {
        _saving.Dispose();
        _averages.Dispose();
        _step.Dispose();
        _norms?.Dispose();
        _optimizer.Dispose();
        _arena.Dispose();
        if (_gradients != _parts.Gradients)
            _gradients.Dispose();
    }

    // What is due after a step in the middle of a run.
    void KeepUp(CancellationToken cancellation)
    {
        if (_awaitsEvaluation || _recipe.Evaluate.Every > 0 && Step % _recipe.Evaluate.Every == 0)
            Evaluate(_recipe.Evaluate.Tokens, cancellation);
        if (!_saving.IsDue(Step) || !_guard.IsWell || _awaitsEvaluation)
            return;
        var before = Clock.Enter(Phase.Checkpoint);
        _saving.Save(State);
        Clock.Enter(before);
    }

    // Past everything that was read since the good state: what led here may lie before the step in which it showed.
    void GoBack(string reason)
    {
        _guard.CheckMayGoBack(Step);
        var before = Clock.Enter(Phase.Checkpoint);
        var good = _saving.GoBack();
        Clock.Enter(before);
        (int from, _at) = (Step, new(good.Step, _at.Samples, good.Tokens, good.Updates ?? good.Step));
        _guard.WentBack(good.Guard);
        _averages.Resume(Step);
        Tell(new RolledBack(from, good.Step, reason, _at.Samples), static (audience, news) => audience.Happened(news));
    }

    void TellOf(StepMetrics metrics)
    {
        Tell(metrics, static (audience, m) => audience.Stepped(m));
        foreach (var happening in _guard.News())
            Tell(happening, static (audience, news) => audience.Happened(news));
    }

    void Tell<T>(T news, Action<Audience, T> hear)
    {
        var before = Clock.Enter(Phase.Observers);
        hear(_audience, news);
        Clock.Enter(before);
    }
}
