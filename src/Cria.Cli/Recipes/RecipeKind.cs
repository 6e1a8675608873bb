using Cria.Models;
using Cria.Training.Averaging;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Cli.Recipes;

/// <summary>A section of which there are several kinds, each with keys of its own: an abstract record and the records below it.</summary>
/// <param name="Word">The key that says which kind is meant.</param>
/// <param name="Default">What it says where it is left out.</param>
/// <param name="Types">The word's value → the kind's record.</param>
sealed record RecipeKind(string Word, string Default, IReadOnlyDictionary<string, Type> Types)
{
    static readonly Dictionary<Type, RecipeKind> Known = new()
    {
        [typeof(ModelConfig)] = new("model_type", "llama", ModelCatalog.ConfigTypes),
        [typeof(OptimizerRecipe)] = new("type", "adamw", OptimizerCatalog.RecipeTypes),
        [typeof(LossRecipe)] = new("type", "cross_entropy", LossRecipe.Types),
        [typeof(AverageRecipe)] = new("type", "ema", AverageCatalog.RecipeTypes),
        [typeof(ScheduleRecipe)] = new("type", "cosine", ScheduleCatalog.RecipeTypes),
    };

    /// <summary>The kinds that an abstract record stands for or that a record is one of; null for a section of one kind.</summary>
    public static RecipeKind? Of(Type type) =>
        Known.FirstOrDefault(known => type.IsAssignableTo(known.Key)).Value;

    /// <summary>What <see cref="Word"/> says for a record of this kind.</summary>
    public string NameOf(Type type) => Types.First(kind => kind.Value == type).Key;

    /// <summary>The names of the kinds that have a key.</summary>
    public IEnumerable<string> With(string key) => Types.Where(kind => RecipeKeys.Of(kind.Value).ContainsKey(key)).Select(kind => kind.Key);
}
