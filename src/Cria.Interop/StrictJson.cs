using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cria.Interop;

/// <summary>Small JSON files of other programs. What would be found wrong only when it is asked for is refused at once.</summary>
static class StrictJson
{
    static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <exception cref="JsonException">It is no JSON, says a key twice, or has a text that is not Unicode.</exception>
    public static JsonNode? Parse(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        CheckTexts(utf8);
        return JsonNode.Parse(utf8, documentOptions: Options);
    }

    // An escape can be half of a surrogate pair: "\ud800".
    static void CheckTexts(byte[] utf8)
    {
        var json = new Utf8JsonReader(utf8);
        try
        {
            while (json.Read())
                if (json.ValueIsEscaped)
                    _ = json.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new JsonException($"the text that ends at byte {json.BytesConsumed:N0} is not Unicode.");
        }
    }
}
