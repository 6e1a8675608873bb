using System.Text.Json;
using Cria.Data;
using Cria.Data.Tokenizers;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>What Replace and Split look for: <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
static class PatternJson
{
    public static TextPattern Read(JsonPart owner)
    {
        JsonPart pattern = owner.Part("pattern") ?? throw owner.Fault("has no 'pattern'");
        try
        {
            return pattern.Text("String") is { } literal
                ? TextPattern.OfLiteral(literal)
                : TextPattern.OfRegex(pattern.NeededText("Regex"));
        }
        catch (DataException e) when (!e.Message.StartsWith(owner.Path, StringComparison.Ordinal))
        {
            throw new DataException($"{owner.Path}: {e.Message}", e);
        }
    }

    public static void Write(Utf8JsonWriter json, TextPattern pattern)
    {
        json.WriteStartObject("pattern");
        json.WriteString(pattern.Literal is null ? "Regex" : "String", pattern.Source);
        json.WriteEndObject();
    }
}
