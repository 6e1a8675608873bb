using System.Text.Json;
using Cria.Data;

namespace Cria.Interop.HuggingFace;

/// <summary>Fields of a tokenizer.json, with a sentence for each way they can be wrong.</summary>
static class TokenizerJsonFields
{
    public static JsonElement Object(string path, JsonElement parent, string name) =>
        Part(parent, name) is { ValueKind: JsonValueKind.Object } value
            ? value
            : throw new DataException($"{path} has no object '{name}', so it is not a tokenizer.json of a BPE model.");

    /// <summary>The elements of an array; none if it is absent.</summary>
    public static IEnumerable<JsonElement> Array(string path, JsonElement parent, string name)
    {
        if (Part(parent, name) is not { } value)
            return [];
        if (value.ValueKind != JsonValueKind.Array)
            throw new DataException($"{path}: '{name}' must be an array, but is {value.ValueKind}.");
        return value.EnumerateArray();
    }

    /// <summary>A field that is there and not null.</summary>
    public static JsonElement? Part(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(JsonElement parent, string name) =>
        Part(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool Flag(JsonElement parent, string name, bool absent = false) =>
        Part(parent, name) is { } value ? value.ValueKind == JsonValueKind.True : absent;

    public static int Id(string path, JsonElement value, string token) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int id) && id >= 0
            ? id
            : throw new DataException(
                $"{path}: the id of '{token}' is {value.GetRawText()}; expected a number from 0.");

    public static DataException Unsupported(string path, string what, string value) =>
        new($"{path}: {what} '{value}' is not supported; only byte-level BPE tokenizers like GPT-2's can be read.");
}
