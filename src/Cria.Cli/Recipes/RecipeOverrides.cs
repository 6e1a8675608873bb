using Cria.Cli.Frame;
using YamlDotNet.RepresentationModel;

namespace Cria.Cli.Recipes;

/// <summary><c>--set PATH=VALUE</c>: puts nodes into a recipe's tree before it is read, as if they stood in the file.</summary>
static class RecipeOverrides
{
    /// <summary>Changes the tree; returns the nodes put in, each with the override it came from.</summary>
    public static Dictionary<YamlNode, string> Apply(YamlMappingNode root, IReadOnlyList<string> overrides)
    {
        Dictionary<YamlNode, string> placed = new(ReferenceEqualityComparer.Instance);
        foreach (string text in overrides)
            Apply(root, text, placed);
        return placed;
    }

    static void Apply(YamlMappingNode root, string text, Dictionary<YamlNode, string> placed)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
            throw new UsageException($"--set got '{text}'; expected PATH=VALUE, such as optimizer.learning_rate=3e-4.");
        string origin = $"--set {text}";
        string[] path = text[..equals].Trim().Split('.');
        YamlMappingNode parent = root;
        foreach (string key in path[..^1])
            parent = Below(parent, Key(key, origin, placed), origin, placed);

        YamlNode value = YamlText.Node(text[(equals + 1)..], origin) ?? new YamlScalarNode("");
        Mark(value, origin, placed);
        Replace(parent, Key(path[^1], origin, placed), value);
    }

    static YamlMappingNode Below(YamlMappingNode parent, YamlScalarNode key, string origin, Dictionary<YamlNode, string> placed)
    {
        if (parent.Children.TryGetValue(key, out YamlNode? found) && found is YamlMappingNode mapping)
            return mapping;
        YamlMappingNode made = [];
        placed[made] = origin;
        Replace(parent, key, made);
        return made;
    }

    static void Replace(YamlMappingNode parent, YamlScalarNode key, YamlNode value)
    {
        parent.Children.Remove(key);
        parent.Add(key, value);
    }

    static YamlScalarNode Key(string name, string origin, Dictionary<YamlNode, string> placed)
    {
        YamlScalarNode key = new(name);
        placed[key] = origin;
        return key;
    }

    static void Mark(YamlNode node, string origin, Dictionary<YamlNode, string> placed)
    {
        foreach (YamlNode part in node.AllNodes)
            placed[part] = origin;
    }
}
