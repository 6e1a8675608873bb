using System.Reflection;
using System.Runtime.CompilerServices;
using Cria.Cli.Frame;
using Cria.Data;
using Cria.Data.Cleaning;
using Cria.Training.Recipes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Cria.Cli.Recipes;

/// <summary>Puts nodes of YAML onto immutable records.</summary>
/// <param name="name">What messages call the file.</param>
/// <param name="folder">What paths in the file are relative to.</param>
/// <param name="placed">Nodes that came from <c>--set</c>, with it.</param>
sealed class RecipeReader(string name, string folder, IReadOnlyDictionary<YamlNode, string> placed)
{
    /// <summary>Whether a path with a variable that is not set stays as it is, which is enough to show it.</summary>
    public bool KeepsVariables { get; init; }

    /// <param name="node">A mapping.</param>
    /// <param name="type">The record.</param>
    /// <param name="path">Where it stands in the recipe, for messages: <c>""</c> or <c>optimizer.</c></param>
    public object Record(YamlNode node, Type type, string path)
    {
        if (node is not YamlMappingNode mapping)
            throw Fault(node, $"{path.TrimEnd('.')} is not a block of keys and values");
        RecipeKind? kind = RecipeKind.Of(type);
        if (kind is not null)
            type = Chosen(kind, mapping, path);

        object record = Activator.CreateInstance(type)!;
        Dictionary<string, PropertyInfo> keys = RecipeKeys.Of(type);
        if (kind is not null)
            RefuseKeysOfOthers(kind, type, mapping, path);
        HashSet<string> given = [];
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            string word = (key as YamlScalarNode)?.Value ?? "";
            if (word == kind?.Word)
                continue;
            if (!keys.TryGetValue(word, out PropertyInfo? property))
                throw Fault(key, $"there is no key '{path}{word}'; {NearestName.Hint(word, keys.Keys)}", ends: true);
            Set(record, property, Value(value, property, path + word), value, path + word);
            given.Add(word);
        }

        foreach ((string key, PropertyInfo property) in keys)
        {
            if (property.IsDefined(typeof(RequiredMemberAttribute)) && !given.Contains(key))
                throw Fault(mapping, $"the key '{path}{key}' is missing, and it has no default");
        }

        return record;
    }

    /// <summary>To be asked before <see cref="Record"/>: what the keys of a later version mean, nobody knows here.</summary>
    /// <exception cref="RecipeException">The version is not known.</exception>
    public void CheckVersion(YamlNode node)
    {
        string text = (node as YamlScalarNode)?.Value ?? "";
        if (RecipeScalars.TryParse(text, typeof(int), out object? value) && value is < 1 or > Recipe.NewestVersion)
            throw Fault(node, $"version {value} is not known; this program reads recipes of versions 1 to {Recipe.NewestVersion}, " +
                "and a later version of it reads later ones");
    }

    void Set(object record, PropertyInfo property, object? value, YamlNode node, string path)
    {
        try
        {
            property.SetValue(record, value);
        }
        catch (TargetInvocationException e) when (e.InnerException is DataException fault) // the record refuses the value
        {
            throw Fault(node, $"{path}: {fault.Message}", ends: true);
        }
    }

    object? Value(YamlNode node, PropertyInfo property, string path)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (RecipeKeys.IsNullable(property) && IsNothing(node))
            return null;
        if (type.IsArray)
            return List(node, type.GetElementType()!, property, path);
        if (RecipeKeys.IsRecord(type))
            return Record(node, type, path + ".");
        return Scalar(node, type, property, path);
    }

    static bool IsNothing(YamlNode node) =>
        node is YamlScalarNode { Value: null or "" or "null" or "~", Style: ScalarStyle.Plain or ScalarStyle.Any };

    Array List(YamlNode node, Type element, PropertyInfo property, string path)
    {
        // One value is a list of one.
        IList<YamlNode> items = node is YamlSequenceNode sequence ? sequence.Children : [node];
        Array list = Array.CreateInstance(element, items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            string place = $"{path}[{i}]";
            list.SetValue(
                RecipeKeys.IsStep(element) ? Step(items[i], place)
                    : RecipeKeys.IsRecord(element) ? Record(items[i], element, place + ".") : Scalar(items[i], element, property, place), i);
        }

        return list;
    }

    // "spaces", or "length: {min_words: 20}".
    object Step(YamlNode node, string path)
    {
        (YamlNode name, YamlNode? keys) = node is YamlMappingNode { Children.Count: 1 } mapping
            ? (mapping.Children.First().Key, mapping.Children.First().Value)
            : (node, null);
        string word = (name as YamlScalarNode)?.Value ?? throw Fault(node, $"{path} is not the name of a step, alone or with its keys");
        if (!CleaningSteps.Types.TryGetValue(word, out Type? type))
            throw Fault(name, $"there is no step '{word}'; {NearestName.Hint(word, [.. CleaningSteps.Types.Keys])}", ends: true);
        return keys is null || IsNothing(keys) ? Activator.CreateInstance(type)! : Record(keys, type, $"{path}.{word}.");
    }

    object Scalar(YamlNode node, Type type, PropertyInfo property, string path)
    {
        if (node is not YamlScalarNode { Value: { } text })
            throw Fault(node, $"{path} is a block or a list; expected {RecipeScalars.Expected(type)}");
        if (!RecipeScalars.TryParse(text, type, out object? value))
            throw Fault(node, $"{path} is '{text}'; expected {RecipeScalars.Expected(type)}");
        return value is string file && RecipeKeys.IsPath(property) ? Rooted(file, node) : value;
    }

    string Rooted(string file, YamlNode node) => file.Length > 0 && Expanded(file, node) is { } expanded
        ? Path.GetFullPath(expanded, placed.ContainsKey(node) ? Environment.CurrentDirectory : folder)
        : file;

    // ${NAME} is a variable of the environment, so that a recipe can name data that lies elsewhere on every machine.
    string? Expanded(string file, YamlNode node)
    {
        int start = file.IndexOf("${", StringComparison.Ordinal), end = start < 0 ? -1 : file.IndexOf('}', start);
        if (end < 0)
            return file;
        string variable = file[(start + 2)..end];
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            return Expanded(file[(end + 1)..], node) is { } rest ? file[..start] + value + rest : null;
        return KeepsVariables
            ? null
            : throw Fault(node, $"{file} needs the environment variable {variable}, which is not set; set it, or name the files with --set");
    }

    // "type: lion" in a block, or the default of the section.
    Type Chosen(RecipeKind kind, YamlMappingNode mapping, string path)
    {
        if (!mapping.Children.TryGetValue(new YamlScalarNode(kind.Word), out YamlNode? node))
            return kind.Types[kind.Default];
        string word = (node as YamlScalarNode)?.Value ?? "";
        return kind.Types.TryGetValue(word, out Type? type)
            ? type
            : throw Fault(node, $"{path}{kind.Word} is '{word}'; {NearestName.Hint(word, [.. kind.Types.Keys])}", ends: true);
    }

    // All of them in one sentence: whoever changes the type of a section with --set meets every key that the file gave the old one.
    void RefuseKeysOfOthers(RecipeKind kind, Type type, YamlMappingNode mapping, string path)
    {
        Dictionary<string, PropertyInfo> own = RecipeKeys.Of(type);
        List<(YamlNode Node, string Key, string Kinds)> foreign = [];
        foreach (YamlNode node in mapping.Children.Keys)
            if (node is YamlScalarNode { Value: { } key } && key != kind.Word && !own.ContainsKey(key)
                && string.Join(", ", kind.With(key)) is { Length: > 0 } kinds)
                foreign.Add((node, key, kinds));
        if (foreign.Count == 0)
            return;
        string name = kind.NameOf(type), section = path.TrimEnd('.');
        bool isChosen = mapping.Children.TryGetValue(new YamlScalarNode(kind.Word), out YamlNode? chosen);
        string remedy = isChosen && placed.ContainsKey(chosen!)
            ? $"replace the whole section instead, as in --set '{section}={{{kind.Word}: {name}}}' with its other keys between the brackets"
            : $"leave {(foreign.Count == 1 ? "it" : "them")} out, or choose another {path}{kind.Word}";
        throw Fault(isChosen && placed.ContainsKey(chosen!) ? chosen! : foreign[0].Node,
            $"{path}{kind.Word} {name} has no {string.Join(", no ", foreign.Select(f => $"'{f.Key}' (it is of {f.Kinds})"))}; {remedy}");
    }

    RecipeException Fault(YamlNode node, string sentence, bool ends = false)
    {
        string place = placed.TryGetValue(node, out string? origin) ? origin : $"{name}:{node.Start.Line}";
        return new RecipeException($"{place}: {sentence}{(ends ? "" : ".")}");
    }
}
