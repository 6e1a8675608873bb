using System.Reflection;
using System.Text.Json;
using Cria.Data.Cleaning;
using Cria.Data.Corpora;
using Cria.Training.Recipes;

namespace Cria.Cli.Recipes;

/// <summary>What the records of a recipe look like as YAML: keys, kinds, paths.</summary>
static class RecipeKeys
{
    static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Properties that name files, and are therefore relative to the recipe.</summary>
    static readonly HashSet<(Type, string)> Paths =
    [
        (typeof(TokenizerRecipe), nameof(TokenizerRecipe.Path)),
        (typeof(DataRecipe), nameof(DataRecipe.Train)),
        (typeof(DataRecipe), nameof(DataRecipe.Validation)),
        (typeof(MixtureRecipe), nameof(MixtureRecipe.Train)),
        (typeof(DistillationRecipe), nameof(DistillationRecipe.Teachers)),
        (typeof(CachedDistillationRecipe), nameof(CachedDistillationRecipe.Targets)),
        (typeof(CorpusSource), nameof(CorpusSource.Files)),
        (typeof(CorpusEvaluation), nameof(CorpusEvaluation.Files)),
        (typeof(CorpusTokenizer), nameof(CorpusTokenizer.Path)),
    ];

    /// <summary>snake_case key → property, for what can be set, the ancestors' first.</summary>
    public static Dictionary<string, PropertyInfo> Of(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is not null)
            .OrderBy(property => property.DeclaringType == type ? 1 : 0)
            .ToDictionary(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));

    /// <summary>A block of keys: one of our own records.</summary>
    public static bool IsRecord(Type type) => !type.IsArray && (type.IsClass || (type.IsValueType && !type.IsEnum))
        && type.Namespace?.StartsWith("Cria.", StringComparison.Ordinal) == true;

    /// <summary>One of several: the element is a name, or a name with its keys.</summary>
    public static bool IsStep(Type type) => type == typeof(IDocumentStep);

    public static bool IsNullable(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && Nullability.Create(property).WriteState == NullabilityState.Nullable);

    public static bool IsPath(PropertyInfo property) => Paths.Contains((property.DeclaringType!, property.Name));
}
