using System.Reflection;
using Cria.Data.Cleaning;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Cria.Cli.Recipes;

/// <summary>A recipe's records to YAML, nothing left out.</summary>
static class RecipeWriter
{
    public static string Text(object recipe)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        new YamlStream(new YamlDocument(Mapping(recipe))).Save(writer, assignAnchors: false);
        string text = writer.ToString().ReplaceLineEndings("\n");
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }

    static YamlMappingNode Mapping(object record)
    {
        YamlMappingNode mapping = [];
        if (RecipeKind.Of(record.GetType()) is { } kind)
            mapping.Add(kind.Word, kind.NameOf(record.GetType()));
        foreach ((string key, PropertyInfo property) in RecipeKeys.Of(record.GetType()))
            mapping.Add(key, Node(property.GetValue(record)));
        return mapping;
    }

    static YamlNode Node(object? value) => value switch
    {
        null => new YamlScalarNode("null"),
        string text => new YamlScalarNode(text) { Style = IsPlain(text) ? ScalarStyle.Any : ScalarStyle.DoubleQuoted },
        Array list => new YamlSequenceNode(list.Cast<object>().Select(Node)),
        IDocumentStep step => Step(step),
        _ when RecipeKeys.IsRecord(value.GetType()) => Mapping(value),
        _ => new YamlScalarNode(RecipeScalars.Text(value)),
    };

    static YamlNode Step(IDocumentStep step)
    {
        string name = CleaningSteps.Types.First(known => known.Value == step.GetType()).Key;
        YamlMappingNode keys = Mapping(step);
        return keys.Children.Count == 0 ? new YamlScalarNode(name) : new YamlMappingNode(new YamlScalarNode(name), keys);
    }

    /// <summary>Whether no YAML reader could take the text for a number, a truth value or nothing.</summary>
    static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '/') && !text.Contains('\n', StringComparison.Ordinal)
        && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n");
}
