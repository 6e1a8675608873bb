using System.Security.Cryptography;
using System.Text;
using Cria.Cli.Recipes;
using Cria.Data.Sampling;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>
/// What of a recipe a run must keep to go on: everything but how many sequences are computed at once, which changes no sample
/// and no number but for rounding, and the paths, for which what lies there stands.
/// </summary>
static class ResumeHash
{
    /// <summary>
    /// Keys that recipes did not have when runs that are to go on were begun. They stand in the text that is hashed only where
    /// they say something else than what was done without them; those beside null say nothing about a number, and never do.
    /// </summary>
    static readonly Dictionary<string, string?> Younger = new()
    {
        ["metrics"] = null,
        ["sample.every"] = null,
        ["stop"] = "null",
        ["average"] = "[]",
        ["schedule.warmup_from"] = "null",
        ["schedule.min_fraction"] = "0",
        ["optimizer.beta2_half_life"] = "0",
        ["precision.compute"] = "f32",
        ["chain"] = "null",
        ["checkpoint.best"] = null,
        ["data.reader.subset"] = "0",
        ["data.reader.subset_seed"] = "1",
    };

    /// <param name="recipe">Resolved: with the tokens of a step written out.</param>
    /// <param name="validationHash">Of the validation shards; a checkpoint records the training shards' beside this one.</param>
    /// <param name="teachersHash">Of the weights of the loss's teachers; empty where there are none.</param>
    public static string Of(Recipe recipe, string validationHash, string teachersHash)
    {
        var lasting = recipe with
        {
            Loss = recipe.Loss is DistillationRecipe distillation ? distillation with { Teachers = [] } : recipe.Loss,
            Batch = recipe.Batch with { MicroBatchSize = 0 },
            Tokenizer = recipe.Tokenizer with { Path = null },
            Data = recipe.Data with
            {
                Train = [],
                Validation = [],
                Mixture = [.. recipe.Data.Mixture.Select(source => source with { Train = "" })],
            },
        };
        return Hash(validationHash + teachersHash + Text(lasting));
    }

    /// <summary>Of all of the recipe, as earlier versions of the program recorded it.</summary>
    public static string OfWhole(Recipe recipe) => Hash(Text(recipe));

    // A section that earlier versions did not have counts where it says something else than they did.
    static string Text(Recipe recipe)
    {
        string text = RecipeWriter.Text(recipe, Younger);
        return recipe.Loss == new CrossEntropyRecipe() ? text.Replace(Section(new CrossEntropyRecipe()), "", StringComparison.Ordinal) : text;
    }

    static string Section(LossRecipe loss) =>
        "loss:\n" + string.Concat(RecipeFile.Text(loss).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"  {line}\n"));

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
