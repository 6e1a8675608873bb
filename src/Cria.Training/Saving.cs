using Cria.Engine.Tensors;
using Cria.Training.Checkpoints;
using Cria.Training.Recipes;

namespace Cria.Training;

/// <summary>When a run is saved, and what a resumed run must share with its checkpoint.</summary>
/// <param name="recipe">Its checkpoint intervals.</param>
/// <param name="parts">The model and where it is saved.</param>
/// <param name="slots">What optimizer and averages carry from step to step, saved too.</param>
/// <param name="recipeHash">What a resumed run must share.</param>
/// <param name="manifestHash">Of the training shards.</param>
sealed class Saving(Recipe recipe, TrainerParts parts, IReadOnlyList<(string Name, Tensor State)> slots, string recipeHash,
    string manifestHash)
{
    int _lastSaved = -1;

    public bool IsDue(int step) => recipe.Checkpoint.Every > 0 && step % recipe.Checkpoint.Every == 0;

    /// <summary>True if the newest checkpoint is of this step.</summary>
    public bool Has(int step) => _lastSaved == step;

    /// <summary>Writes a checkpoint, if there is a place for it and none of this step is there.</summary>
    /// <param name="at">Where the run stands.</param>
    /// <param name="plan">Of its last step.</param>
    /// <param name="seconds">Trained so far.</param>
    public void Save(Progress at, StepPlan plan, double seconds)
    {
        if (parts.Checkpoints is not { } checkpoints || Has(at.Step))
            return;
        parts.Metrics?.Keep();
        string folder = checkpoints.Write(parts.Model, slots, new()
        {
            Step = at.Step,
            Samples = at.Samples,
            Tokens = at.Tokens,
            PlannedSteps = plan.LastStep,
            Estimates = plan.Estimates,
            Seconds = seconds,
            RecipeHash = recipeHash,
            ManifestHash = manifestHash,
            MetricsLength = parts.Metrics?.Length ?? 0,
        });
        _lastSaved = at.Step;
        foreach (var observer in parts.Observers)
            observer.Saved(folder, at.Step);
    }

    /// <summary>Fills model and optimizer from a checkpoint.</summary>
    /// <exception cref="CheckpointException">It belongs to another recipe or to other data.</exception>
    public Progress Load(string folder, TrainingState state)
    {
        if (state.RecipeHash != recipeHash)
            throw new CheckpointException($"{folder} was written by another recipe (its hash begins {Begin(state.RecipeHash)}, this one's " +
                $"{Begin(recipeHash)}); resume with the recipe.yaml beside it, or start in another folder.");
        if (state.ManifestHash != manifestHash)
            throw new CheckpointException($"{folder} was trained on other data (its manifest's hash begins {Begin(state.ManifestHash)}, " +
                $"this one's {Begin(manifestHash)}); give it the same shards, or start in another folder.");
        parts.Checkpoints!.Load(folder, parts.Model, slots);
        _lastSaved = state.Step;
        return new(state.Step, state.Samples, state.Tokens);

        static string Begin(string hash) => hash.Length > 12 ? hash[..12] : hash;
    }
}
