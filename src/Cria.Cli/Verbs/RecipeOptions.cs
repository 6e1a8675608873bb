using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Training.Recipes;

namespace Cria.Cli.Verbs;

/// <summary>What verbs that read a recipe share: <c>--set</c> and <c>--seed</c>.</summary>
static class RecipeOptions
{
    public static Option<string[]> Set() => new("--set")
    {
        HelpName = "PATH=VALUE",
        Description = "Overrides a value of the recipe, for example optimizer.learning_rate=1e-3.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Recipe Read(ParseResult parsed, string path, Option<string[]> set)
    {
        var recipe = RecipeFile.Read(path, parsed.GetValue(set) ?? []);
        return parsed.GetValue(GlobalOptions.Seed) is { } seed ? recipe with { Seed = seed } : recipe;
    }
}
