using Cria.Data.Corpora;
using Cria.Training.Recipes;
using YamlDotNet.RepresentationModel;

namespace Cria.Cli.Recipes;

/// <summary>
/// Recipes as YAML: snake_case keys for the records' properties, paths relative to the file. What is left out keeps
/// the record's own default; an unknown key is an error.
/// </summary>
/// <remarks>
/// A file without a version is of version 1: it was written when there was no other, and means what it meant then, whatever
/// recipes that are made in code have by default.
/// </remarks>
static class RecipeFile
{
    const string VersionLeftOut = "1";

    /// <summary>The recipe of a file.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides"><c>PATH=VALUE</c>, such as <c>optimizer.learning_rate=3e-4</c>; their paths to files are relative to the
    /// current folder.</param>
    /// <exception cref="RecipeException">Something in it cannot be understood.</exception>
    public static Recipe Read(string path, params IReadOnlyList<string> overrides) => Read<Recipe>(path, overrides);

    /// <inheritdoc cref="Read(string, IReadOnlyList{string})"/>
    /// <typeparam name="T">The record that the file holds.</typeparam>
    public static T Read<T>(string path, params IReadOnlyList<string> overrides) =>
        Parse<T>(Content(path), path, FolderOf(path), overrides);

    /// <summary>The recipe of a file, of whichever kind it is, to look at: paths keep variables that are not set.</summary>
    /// <returns>A <see cref="CorpusRecipe"/> if it has sources, else a <see cref="Recipe"/>.</returns>
    /// <inheritdoc cref="Read(string, IReadOnlyList{string})"/>
    public static object Look(string path)
    {
        YamlMappingNode root = YamlText.Mapping(Content(path), path);
        bool isCorpus = root.Children.ContainsKey("sources");
        RecipeReader reader = new(path, FolderOf(path), RecipeOverrides.Apply(root, [])) { KeepsVariables = true };
        return Record(reader, root, isCorpus ? typeof(CorpusRecipe) : typeof(Recipe));
    }

    static string Content(string path)
    {
        if (Directory.Exists(path))
            throw new RecipeException($"{path} is a folder; expected a recipe file such as recipes/quickstart.yaml.");
        if (new FileInfo(path) is { Exists: true, Length: > YamlText.MaxBytes and long length })
            throw new RecipeException($"{path} has {length} bytes, more than any recipe ({YamlText.MaxBytes}); is it the right file?");
        return File.ReadAllText(path);
    }

    static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    /// <summary>The recipe of a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="folder">What its paths are relative to.</param>
    /// <param name="overrides">As in <see cref="Read"/>.</param>
    public static Recipe Parse(string text, string name, string folder, params IReadOnlyList<string> overrides) =>
        Parse<Recipe>(text, name, folder, overrides);

    static T Parse<T>(string text, string name, string folder, IReadOnlyList<string> overrides)
    {
        YamlMappingNode root = YamlText.Mapping(text, name);
        RecipeReader reader = new(name, folder, RecipeOverrides.Apply(root, overrides));
        return (T)Record(reader, root, typeof(T));
    }

    static object Record(RecipeReader reader, YamlMappingNode root, Type type)
    {
        if (type == typeof(Recipe))
        {
            YamlScalarNode version = new("version");
            root.Children.TryAdd(version, new YamlScalarNode(VersionLeftOut));
            reader.CheckVersion(root.Children[version]);
        }

        return reader.Record(root, type, "");
    }

    /// <summary>The recipe with every value written out; reads back equal.</summary>
    public static string Text(object recipe) => RecipeWriter.Text(recipe);

    /// <summary>The same with paths relative to a folder, in which the text will lie.</summary>
    public static string Text(object recipe, string folder) => RecipeWriter.Text(recipe, folder: Path.GetFullPath(folder));

    /// <summary>Of the recipe what differs from the records' defaults, for comparing it with another.</summary>
    public static string Differences(object recipe) => RecipeWriter.Differences(recipe);
}
