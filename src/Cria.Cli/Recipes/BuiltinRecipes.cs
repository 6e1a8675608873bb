using Cria.Training.Recipes;

namespace Cria.Cli.Recipes;

/// <summary>Recipes that the program carries with it, so that it works where there is no repository.</summary>
static class BuiltinRecipes
{
    public static Recipe Read(string name, params IReadOnlyList<string> overrides)
    {
        using var stream = typeof(BuiltinRecipes).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"the program carries no recipe named {name}");
        using var reader = new StreamReader(stream);
        return RecipeFile.Parse(reader.ReadToEnd(), name, Directory.GetCurrentDirectory(), overrides);
    }
}
