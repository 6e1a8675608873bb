using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Training.Recipes;

namespace Cria.Cli.Verbs;

/// <summary>The recipe of somebody's own text before anything is planned: the data, the seed, what is sampled.</summary>
static class TextTemplate
{
    public const string Builtin = "quickstart-text.yaml";

    /// <param name="name">The run's.</param>
    /// <param name="files">Text of any format that is read.</param>
    /// <param name="parsed">Has <see cref="ReadingOptions"/>.</param>
    public static Recipe Of(string name, IEnumerable<string> files, ParseResult parsed)
    {
        var template = BuiltinRecipes.Read(Builtin);
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
