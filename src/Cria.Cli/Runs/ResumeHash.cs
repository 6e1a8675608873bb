using System.Security.Cryptography;
using System.Text;
using Cria.Cli.Recipes;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>
/// What of a recipe a run must keep to go on: everything but how many sequences are computed at once, which changes no sample
/// and no number but for rounding, and the paths, for which what lies there stands.
/// </summary>
static class ResumeHash
{
    /// <param name="recipe">Resolved: with the tokens of a step written out.</param>
    /// <param name="validationHash">Of the validation shards; a checkpoint records the training shards' beside this one.</param>
    public static string Of(Recipe recipe, string validationHash) => Hash(validationHash + RecipeFile.Text(recipe with
    {
        Batch = recipe.Batch with { MicroBatchSize = 0 },
        Tokenizer = recipe.Tokenizer with { Path = null },
        Data = recipe.Data with
        {
            Train = [],
            Validation = [],
            Mixture = [.. recipe.Data.Mixture.Select(source => source with { Train = "" })],
        },
    }));

    /// <summary>Of all of the recipe, as earlier versions of the program recorded it.</summary>
    public static string OfWhole(Recipe recipe) => Hash(RecipeFile.Text(recipe));

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
