using System.Reflection;
using Cria.Data.Cleaning;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Cria.Cli.Recipes;

/// <summary>A recipe's records to YAML, nothing left out.</summary>
static class RecipeWriter
{
    /// <param name="recipe">The outermost record.</param>
    /// <param name="folder">Where the text will lie: paths are written relative to it; null leaves them as they are.</param>
    public static string Text(object recipe, string? folder = null) => Text(Mapping(recipe, folder));

    /// <summary>Of the records what differs from their defaults.</summary>
    public static string Differences(object recipe) => Text(MappingOfDifferences(recipe));

    static string Text(YamlMappingNode mapping)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        new YamlStream(new YamlDocument(mapping)).Save(writer, assignAnchors: false);
        string text = writer.ToString().ReplaceLineEndings("\n");
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }

    static YamlMappingNode Mapping(object record, string? folder)
    {
        YamlMappingNode mapping = [];
        if (RecipeKind.Of(record.GetType()) is { } kind)
            mapping.Add(kind.Word, kind.NameOf(record.GetType()));
        foreach ((string key, PropertyInfo property) in RecipeKeys.Of(record.GetType()))
        {
            object? value = property.GetValue(record);
            mapping.Add(key, Node(folder is not null && RecipeKeys.IsPath(property) ? Relative(value, folder) : value, folder));
        }

        return mapping;
    }

    static object? Relative(object? paths, string folder) => paths switch
    {
        string { Length: > 0 } path => Path.GetRelativePath(folder, path),
        string[] list => list.Select(path => Relative(path, folder)).ToArray(),
        _ => paths,
    };

    // A section's kind stands wherever the section does.
    static YamlMappingNode MappingOfDifferences(object record)
    {
        Type type = record.GetType();
        object usual = Activator.CreateInstance(type)!;
        YamlMappingNode mapping = [];
        if (RecipeKind.Of(type) is { } kind)
            mapping.Add(kind.Word, kind.NameOf(type));
        foreach ((string key, PropertyInfo property) in RecipeKeys.Of(type))
        {
            object? value = property.GetValue(record);
            YamlNode node = Node(value, null);
            if (!node.Equals(Node(property.GetValue(usual), null)))
                mapping.Add(key, value is not null && RecipeKeys.IsRecord(value.GetType()) ? MappingOfDifferences(value) : node);
        }

        return mapping;
    }

    static YamlNode Node(object? value, string? folder) => value switch
    {
        null => new YamlScalarNode("null"),
        string text => new YamlScalarNode(text) { Style = IsPlain(text) ? ScalarStyle.Any : ScalarStyle.DoubleQuoted },
        Array list => new YamlSequenceNode(list.Cast<object>().Select(item => Node(item, folder))),
        IDocumentStep step => Step(step, folder),
        _ when RecipeKeys.IsRecord(value.GetType()) => Mapping(value, folder),
        _ => new YamlScalarNode(RecipeScalars.Text(value)),
    };

    static YamlNode Step(IDocumentStep step, string? folder)
    {
        string name = CleaningSteps.Types.First(known => known.Value == step.GetType()).Key;
        YamlMappingNode keys = Mapping(step, folder);
        return keys.Children.Count == 0 ? new YamlScalarNode(name) : new YamlMappingNode(new YamlScalarNode(name), keys);
    }

    /// <summary>Whether no YAML reader could take the text for a number, a truth value or nothing.</summary>
    static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '/') && !text.Contains('\n', StringComparison.Ordinal)
        && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n");
}
