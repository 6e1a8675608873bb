using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cria.Engine.Tensors;

namespace Cria.Interop.HuggingFace;

/// <summary>A config.json by its keys. What has a wrong type or a value that cannot be run is refused by name.</summary>
sealed class ConfigFile(JsonObject json, string path)
{
    const long LargestFile = 16L << 20;

    /// <exception cref="CheckpointException">It is no JSON object, says a key twice, or has a text that is not Unicode.</exception>
    public static ConfigFile Open(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile)
                throw new CheckpointException($"{path} has more than {LargestFile:N0} bytes; no {ConfigJson.FileName} is so large.");
            return StrictJson.Parse(File.ReadAllText(path)) is JsonObject json
                ? new(json, path)
                : throw new CheckpointException($"{path} is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new CheckpointException($"{path} is not a {ConfigJson.FileName}: {e.Message}");
        }
    }

    public string Path => path;

    public bool Has(string key) => Node(key) is not null;

    /// <summary>Whether the key is there at all, be it null.</summary>
    public bool Says(string key) => json.ContainsKey(key);

    /// <summary>A size that must be there, under the first of the names that is.</summary>
    public int Size(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
            if (Has(key))
                return Whole(key, 0);
        throw Fault($"has no {keys[0]}");
    }

    /// <summary>A whole number, or <paramref name="usual"/> where it is left out or null.</summary>
    public int Whole(string key, int usual) => MaybeWhole(key) ?? usual;

    public int? MaybeWhole(string key) => Node(key) is not { } node ? null
        : node is JsonValue value && value.TryGetValue(out int number) ? number
        : throw Fault($"has {key} {Shown(node)}, which is not a whole number of 32 bits");

    public double Real(string key, double usual) => Node(key) is not { } node ? usual : Real(key, node);

    public bool Flag(string key, bool usual) => Node(key) is not { } node ? usual
        : node is JsonValue value && value.TryGetValue(out bool flag) ? flag
        : throw Fault($"has {key} {Shown(node)}, which is neither true nor false");

    public string Text(string key, string usual) => Node(key) is not { } node ? usual
        : node is JsonValue value && value.TryGetValue(out string? text) ? text
        : throw Fault($"has {key} {Shown(node)}, which is not a text");

    /// <summary>A block within; one without keys where it is left out.</summary>
    public ConfigFile Block(string key) => Node(key) switch
    {
        null => new([], path),
        JsonObject block => new(block, path),
        var other => throw Fault($"has {key} {Shown(other)}, which is not a block"),
    };

    public string[] Texts(string key) => Node(key) switch
    {
        null => [],
        JsonArray list => [.. list.Select(item => item is JsonValue value && value.TryGetValue(out string? text) ? text : Shown(item))],
        var other => throw Fault($"has {key} {Shown(other)}, which is not a list"),
    };

    /// <summary>Refuses what this architecture here is not.</summary>
    public void Must(string key, bool usual, string meaning)
    {
        if (Flag(key, usual) != usual)
            throw Fault($"has {key} {Shown(Node(key))}; {meaning}");
    }

    /// <summary>Which of our names a word is one of the spellings of.</summary>
    /// <param name="key">Where the word stands.</param>
    /// <param name="usual">What it is where it is left out.</param>
    /// <param name="names">Our name and its spellings.</param>
    public string Choice(string key, string usual, params ReadOnlySpan<(string Name, string[] Spellings)> names)
    {
        string word = Text(key, usual);
        var known = new List<string>();
        foreach (var (name, spellings) in names)
        {
            if (spellings.Contains(word))
                return name;
            known.AddRange(spellings);
        }
        throw Fault($"has {key} '{word}'; what is known is {string.Join(", ", known)}");
    }

    /// <summary>
    /// The base of the rotary wavelengths, in a key of its own or, in newer files, within rope_parameters. Positions that are
    /// scaled are refused: they change what the model computes.
    /// </summary>
    public double RopeTheta(double usual)
    {
        foreach (string key in (string[])["rope_scaling", "rope_parameters"])
        {
            var block = Block(key);
            string type = block.Text("rope_type", block.Text("type", "default"));
            if (type != "default" || block.Has("factor") || block.Has("full_attention") || block.Has("sliding_attention"))
                throw Fault($"has {key} {Shown(Node(key))}; rotary positions that are scaled or differ from layer to layer are not known here, only plain ones");
        }
        foreach (var block in (ConfigFile[])[this, Block("rope_parameters")])
            if (block.Real("partial_rotary_factor", 1) is var share && share != 1)
                throw Fault($"has partial_rotary_factor {share.ToString(CultureInfo.InvariantCulture)}; this architecture turns whole heads");
        return Block("rope_parameters").Real("rope_theta", Real("rope_theta", usual));
    }

    /// <summary>Refuses layers that look back only so far, if that is shorter than the context.</summary>
    /// <param name="layers">L</param>
    /// <param name="context">The longest sequence.</param>
    public void MustLookBackAllTheWay(int layers, int context)
    {
        string[] kinds = Texts("layer_types");
        if (kinds.Length > 0 && kinds.Length != layers)
            throw Fault($"has {kinds.Length} layer_types for {layers} layers");
        string? strange = kinds.FirstOrDefault(kind => kind is not ("full_attention" or "sliding_attention"));
        if (strange is not null)
            throw Fault($"has a layer of type '{strange}'; only full_attention is known here");
        bool slides = kinds.Length > 0
            ? kinds.Contains("sliding_attention")
            : Flag("use_sliding_window", Text("model_type", "") != "qwen3") && Whole("max_window_layers", 0) < layers;
        if (slides && MaybeWhole("sliding_window") is { } window && window < context)
            throw Fault($"has sliding_window {window}, shorter than its {context} positions; layers that look back only so far are not known here, " +
                $"and up to {window} positions it is the same model: write max_position_embeddings {window} and sliding_window null to use it so");
    }

    public CheckpointException Fault(string sentence) => new($"{path} {sentence}.");

    double Real(string key, JsonNode node) => node is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number)
        ? number
        : throw Fault($"has {key} {Shown(node)}, which is not a number");

    JsonNode? Node(string key) => json.TryGetPropertyValue(key, out var node) ? node : null;

    static string Shown(JsonNode? node)
    {
        string text = node?.ToJsonString() ?? "null";
        return text.Length > 200 ? text[..200] + "…" : text;
    }
}
