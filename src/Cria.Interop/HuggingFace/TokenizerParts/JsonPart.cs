using System.Text.Json;
using Cria.Data;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>One object of a tokenizer.json, with a sentence for each way its fields can be wrong.</summary>
/// <param name="Path">The file.</param>
/// <param name="Place">Where in it, for messages: "normalizer" or "the model".</param>
/// <param name="Element">An object.</param>
readonly record struct JsonPart(string Path, string Place, JsonElement Element)
{
    const int LongestContent = 256;

    /// <summary>The component's name.</summary>
    public string Type => Text("type") ?? throw Fault("has no type");

    /// <summary>The object in a field; null if it is absent or null.</summary>
    public JsonPart? Part(string name) => Field(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new JsonPart(Path, name, value)
        : throw Fault($"has a '{name}' that is no object but {value.GetRawText()}");

    /// <summary>The objects of an array; none if it is absent.</summary>
    public IEnumerable<JsonPart> Parts(string name)
    {
        foreach (JsonElement value in Array(name))
            yield return value.ValueKind == JsonValueKind.Object
                ? new JsonPart(Path, Place, value)
                : throw Fault($"has '{name}' with an entry that is no object but {Excerpt(value)}");
    }

    /// <summary>The elements of an array; none if it is absent.</summary>
    public IEnumerable<JsonElement> Array(string name) => Field(name) is not { } value ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray()
        : throw Fault($"has a '{name}' that is no array");

    public string? Text(string name) => Field(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Fault($"has a '{name}' that is no text but {Excerpt(value)}");

    public string NeededText(string name) => Text(name) ?? throw Fault($"has no '{name}'");

    /// <summary>A text that is put into others: again and again, so that it must be short.</summary>
    public string ShortText(string name) => NeededText(name) is { Length: <= LongestContent } text
        ? text
        : throw Fault($"has a '{name}' of more than {LongestContent} characters");

    public bool Flag(string name, bool absent = false) => OptionalFlag(name) ?? absent;

    public bool? OptionalFlag(string name) => Field(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Fault($"has a '{name}' that is neither true nor false but {Excerpt(value)}");

    public int Number(string name, int absent) => Field(name) is not { } value ? absent : Whole(name, value);

    public int? Number(string name) => Field(name) is not { } value ? null : Whole(name, value);

    public char Character(string name) => NeededText(name) is [char only]
        ? only
        : throw Fault($"has a '{name}' that is not one character but '{Text(name)}'");

    public DataException Fault(string what) => new($"{Path}: {Place} {what}.");

    /// <summary>The refusal of a component that is not known.</summary>
    public DataException Unknown(params string[] known) =>
        Fault($"is a '{Type}', which is not supported; known are {string.Join(", ", known)}");

    JsonElement? Field(string name) =>
        Element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    int Whole(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0
            ? number
            : throw Fault($"has a '{name}' that is no number from 0 but {Excerpt(value)}");

    static string Excerpt(JsonElement value) => value.GetRawText() is { Length: > 40 } text ? text[..40] + "…" : value.GetRawText();
}
