using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Checkpoints;
using Cria.Training.Observation;
using Cria.Training.Recipes;
using Cria.Training.Stopping;

namespace Cria.Training;

/// <summary>
/// What is kept of a run, and how it goes back. A checkpoint in the middle of a run is copied in memory and written by a
/// thread of its own while training goes on; one that fails is told of and tried again when the next is due. The last one
/// of a run is waited for, and must succeed.
/// </summary>
sealed class Saving : IDisposable
{
    readonly Recipe _recipe;
    readonly TrainerParts _parts;
    readonly IReadOnlyList<(string Name, Tensor State)> _slots;
    readonly IObserver _audience;
    readonly string _recipeHash, _manifestHash;
    readonly Snapshot? _snapshot;
    readonly TimeBudget? _budget;
    Task<(string Folder, double Seconds)>? _writing;
    int _writingStep, _lastSaved = -1;

    /// <param name="recipe">Its rules for checkpoints and guards.</param>
    /// <param name="parts">The model and where it is saved.</param>
    /// <param name="slots">What is saved beside the weights.</param>
    /// <param name="audience">Hears what became of a checkpoint, in the thread that trains.</param>
    /// <param name="recipeHash">What a resumed run must share.</param>
    /// <param name="manifestHash">Of the training shards.</param>
    /// <param name="budget">Hears how long a checkpoint took, in the thread that trains.</param>
    public Saving(Recipe recipe, TrainerParts parts, IReadOnlyList<(string Name, Tensor State)> slots, IObserver audience,
        string recipeHash, string manifestHash, TimeBudget? budget = null)
    {
        (_recipe, _parts, _slots, _audience) = (recipe, parts, slots, audience);
        (_recipeHash, _manifestHash, _budget) = (recipeHash, manifestHash, budget);
        _snapshot = recipe.KeepsSnapshot() ? new(recipe, parts.Model, slots) : null;
    }

    public bool IsDue(int step) => _recipe.Checkpoint.IsDue(step);

    /// <summary>True if the newest checkpoint is of this step.</summary>
    public bool Has(int step) => _lastSaved == step;

    /// <summary>Before the first step: the state that a run goes back to until there is a later one.</summary>
    public void Begin(TrainingState state)
    {
        if (_snapshot is { State: null } snapshot)
            snapshot.Take(state);
    }

    /// <summary>A good state in the middle of a run; returns when it is copied.</summary>
    public void Save(TrainingState state)
    {
        Finish();
        state = Signed(state) with { GoodStep = state.Step };
        _snapshot?.Take(state);
        if (_parts.Checkpoints is null || Has(state.Step))
            return;
        ILanguageModel model = _snapshot?.Model ?? _parts.Model;
        var slots = _snapshot?.Slots ?? _slots;
        _writingStep = state.Step;
        _writing = Task.Factory.StartNew(() => Write(model, slots, state), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        if (!_recipe.Checkpoint.Background)
            Finish();
    }

    /// <summary>The state in which a run ends; returns when it is on the disk.</summary>
    /// <exception cref="CheckpointException">It could not be written.</exception>
    public void SaveLast(TrainingState state)
    {
        Finish();
        if (_parts.Checkpoints is null || Has(state.Step) || HasJustGoneBack(state))
            return;
        var (folder, _) = Write(_parts.Model, _slots, Signed(state) with { GoodStep = _snapshot?.State?.Step ?? state.Step });
        _lastSaved = state.Step;
        _audience.Saved(folder, state.Step);
    }

    /// <summary>Between two steps: tells what became of a checkpoint that has been written meanwhile.</summary>
    public void Poll()
    {
        if (_writing is { IsCompleted: true })
            Finish();
    }

    /// <summary>Puts the last good state back.</summary>
    /// <exception cref="TrainingException">There is none.</exception>
    public TrainingState GoBack() => _snapshot?.PutBack()
        ?? throw new TrainingException("there is no good state to go back to; guard.max_rollbacks above 0 keeps one.");

    /// <summary>Fills model and optimizer from a checkpoint, and the state to go back to with the one it names.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="state">Its state.</param>
    /// <param name="initial">Where a run begins: the model has its first weights still.</param>
    /// <exception cref="CheckpointException">It belongs to another recipe or to other data.</exception>
    public void Resume(string folder, TrainingState state, TrainingState initial)
    {
        if (state.RecipeHash != _recipeHash)
            throw new CheckpointException($"{folder} was written by another recipe (its hash begins {Short(state.RecipeHash)}, this one's " +
                $"{Short(_recipeHash)}); resume with the recipe.yaml beside it, or start in another folder.");
        if (state.ManifestHash != _manifestHash)
            throw new CheckpointException($"{folder} was trained on other data (its manifest's hash begins {Short(state.ManifestHash)}, " +
                $"this one's {Short(_manifestHash)}); give it the same shards, or start in another folder.");
        if (_snapshot is not null && state.GoodStep is { } good && good != state.Step)
            RestoreGood(good, state.Step, initial);
        Load(folder);
        Begin(state with { GoodStep = state.Step });
        _lastSaved = state.Step;

        static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
    }

    public void Dispose()
    {
        try
        {
            _writing?.Wait();
        }
        catch (AggregateException)
        {
            // The run has ended for another reason, which is what is told.
        }
        _snapshot?.Dispose();
    }

    // The checkpoints on the disk lead to the roll-back again, and on from there.
    bool HasJustGoneBack(TrainingState state) =>
        _snapshot?.State is { } good && good.Step == state.Step && good.Guard.Rollbacks < state.Guard.Rollbacks;

    // The checkpoint that an interruption wrote is no good state of the undisturbed run, which would go back further.
    void RestoreGood(int good, int step, TrainingState initial)
    {
        if (good == 0)
            _snapshot!.Take(initial);
        else if (_parts.Checkpoints!.Find(good) is { } found)
        {
            Load(found.Folder);
            _snapshot!.Take(found.State);
        }
        else
            _audience.Happened(new GoodStateLost(step, good));
    }

    void Load(string folder) => _parts.Checkpoints!.Load(folder, _parts.Model, _slots);

    TrainingState Signed(TrainingState state) => state with
    {
        RecipeHash = _recipeHash,
        ManifestHash = _manifestHash,
        MetricsLength = _parts.Metrics?.Length ?? 0,
    };

    (string Folder, double Seconds) Write(ILanguageModel model, IReadOnlyList<(string Name, Tensor State)> slots, TrainingState state)
    {
        _parts.Metrics?.Keep(state.MetricsLength);
        long began = _parts.Time.GetTimestamp();
        string folder = _parts.Checkpoints!.Write(model, slots, state);
        return (folder, _parts.Time.GetElapsedTime(began).TotalSeconds);
    }

    void Finish()
    {
        if (_writing is not { } writing)
            return;
        _writing = null;
        string folder;
        try
        {
            (folder, double seconds) = writing.GetAwaiter().GetResult();
            _budget?.Written(seconds);
        }
        catch (Exception e) when (e is CheckpointException or IOException or UnauthorizedAccessException)
        {
            _audience.Happened(new CheckpointFailed(_writingStep, $"{e.Message.TrimEnd('.')}; it is tried again when the next is due"));
            return;
        }
        _lastSaved = _writingStep;
        _audience.Saved(folder, _writingStep);
    }
}
