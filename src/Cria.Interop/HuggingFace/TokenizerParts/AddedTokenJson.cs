using System.Text.Json;
using Cria.Data.Tokenizers.Composition;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>One of the added_tokens of a tokenizer.json.</summary>
static class AddedTokenJson
{
    public static AddedToken Read(JsonPart part) => new(
        part.Number("id") ?? throw part.Fault("has an entry without content or id"),
        part.Text("content") ?? throw part.Fault("has an entry without content or id"))
    {
        IsSpecial = part.Flag("special"),
        IsNormalized = part.Flag("normalized"),
        StripsLeft = part.Flag("lstrip"),
        StripsRight = part.Flag("rstrip"),
        IsSingleWord = part.Flag("single_word"),
    };

    public static void Write(Utf8JsonWriter json, AddedToken token)
    {
        json.WriteStartObject();
        json.WriteNumber("id", token.Id);
        json.WriteString("content", token.Content);
        json.WriteBoolean("single_word", token.IsSingleWord);
        json.WriteBoolean("lstrip", token.StripsLeft);
        json.WriteBoolean("rstrip", token.StripsRight);
        json.WriteBoolean("normalized", token.IsNormalized);
        json.WriteBoolean("special", token.IsSpecial);
        json.WriteEndObject();
    }
}
