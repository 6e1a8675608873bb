using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Training.Recipes;

namespace Cria.Cli.Verbs;

/// <summary>The recipe of somebody's own text before anything is planned: the data, the seed, what is sampled.</summary>
static class TextTemplate
{
    const string Builtin = "quickstart-text.yaml";

    /// <summary>Of any text. What is planned is a new recipe, with the defaults of new ones, whatever those of the file are.</summary>
    public static Recipe Open() => BuiltinRecipes.Read(Builtin) with { Version = Recipe.NewestVersion };

    /// <param name="name">The run's.</param>
    /// <param name="files">Text of any format that is read.</param>
    /// <param name="parsed">Has <see cref="ReadingOptions"/>.</param>
    /// <exception cref="UsageException">One of the files is a recipe.</exception>
    public static Recipe Of(string name, IReadOnlyList<string> files, ParseResult parsed)
    {
        ReadingOptions.RefuseRecipes(files);
        var template = Open();
        return template with
        {
            Name = name,
            Seed = parsed.GetValue(GlobalOptions.Seed) ?? template.Seed,
            Data = template.Data with
            {
                Train = [.. files.Select(Path.GetFullPath)],
                TextColumn = parsed.GetRequiredValue(ReadingOptions.TextColumn),
                Separator = parsed.GetRequiredValue(ReadingOptions.Separator),
            },
        };
    }
}
