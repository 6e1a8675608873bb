using Cria.Cli.Recipes;
using Cria.Cli.Results;
using Cria.Data.Sampling;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>
/// What of a recipe a run must keep to go on: what its weights follow from. How many sequences are computed at once changes
/// no sample and no number but for rounding; when a run is evaluated, saved, sampled and guarded changes nothing that goes
/// well; and for the paths, what lies there stands. Keys with their default values are left out, so that keys which later
/// versions add refuse no earlier run.
/// </summary>
static class ResumeHash
{
    /// <param name="recipe">Resolved: with the tokens of a step written out.</param>
    /// <param name="validationHash">Of the validation shards; a checkpoint records the training shards' beside this one.</param>
    /// <param name="teachersHash">Of the weights of the loss's teachers; empty where there are none.</param>
    public static string Of(Recipe recipe, string validationHash, string teachersHash) =>
        Sha256.Of($"{validationHash}{teachersHash}version {recipe.Version}\n{RecipeFile.Differences(Lasting(recipe))}");

    static Recipe Lasting(Recipe recipe) => recipe with
    {
        Version = Recipe.NewestVersion,
        Name = "",
        Loss = recipe.Loss switch
        {
            DistillationRecipe distillation => distillation with { Teachers = [] },
            CachedDistillationRecipe cached => cached with { Targets = "" },
            var loss => loss,
        },
        Batch = recipe.Batch with { MicroBatchSize = 0, Recompute = false },
        Tokenizer = recipe.Tokenizer with { Path = null },
        Data = recipe.Data with
        {
            Train = [],
            Validation = [],
            Mixture = [.. recipe.Data.Mixture.Select(source => source with { Train = "" })],
        },
        Evaluate = new(),
        Checkpoint = new(),
        Guard = new(),
        Metrics = new(),
        Sample = new(),
    };
}
