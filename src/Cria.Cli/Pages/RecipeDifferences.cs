using Cria.Cli.Recipes;
using Cria.Training.Recipes;
using YamlDotNet.RepresentationModel;

namespace Cria.Cli.Pages;

/// <summary>In which settings some recipes differ.</summary>
static class RecipeDifferences
{
    // What a recipe is called is no setting.
    static readonly string[] Names = ["name"];

    /// <returns>Paths such as <c>optimizer.learning_rate</c>, each with its value in every recipe; a dash where there is none.</returns>
    public static List<(string Path, string[] Values)> Of(IReadOnlyList<Recipe> recipes)
    {
        var settings = recipes.Select(Settings).ToList();
        return [.. settings.SelectMany(of => of.Keys).Distinct()
            .Where(path => !Names.Contains(path))
            .Select(path => (Path: path, Values: settings.Select(of => of.GetValueOrDefault(path, "–")).ToArray()))
            .Where(setting => setting.Values.Distinct().Skip(1).Any())];
    }

    static Dictionary<string, string> Settings(Recipe recipe)
    {
        Dictionary<string, string> settings = [];
        Add(settings, "", YamlText.Mapping(RecipeFile.Text(recipe), recipe.Name));
        return settings;
    }

    static void Add(Dictionary<string, string> settings, string path, YamlNode node)
    {
        if (node is YamlMappingNode { Children.Count: > 0 } mapping)
            foreach (var (key, value) in mapping.Children)
                Add(settings, path.Length == 0 ? $"{key}" : $"{path}.{key}", value);
        else
            settings[path] = node is YamlSequenceNode list ? string.Join(", ", list.Children.Select(child => child.ToString())) : node.ToString();
    }
}
