using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Cria.Data.Readers;

/// <summary>The text field of one line of JSON.</summary>
static class JsonLine
{
    /// <summary>The text, or null and what is wrong with the line.</summary>
    public static string? Text(ReadOnlySpan<byte> line, string field, ReaderStatistics statistics, out string? fault)
    {
        if (!Utf8.IsValid(line)) // the JSON reader refuses what a text reader repairs
            line = Encoding.UTF8.GetBytes(TextDecoding.Decode(line, statistics));

        fault = null;
        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                fault = "is no JSON object";
                return null;
            }

            string? text = null;
            bool found = false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                bool isText = json.ValueTextEquals(field);
                json.Read();
                if (isText && json.TokenType == JsonTokenType.String)
                    (text, found) = (json.GetString(), true);
                else
                    json.Skip();
            }

            json.Read(); // what stands behind the object is a fault
            fault = found ? null : $"has no text in the field \"{field}\"";
            return text;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            fault = e is JsonException ? "is not valid JSON" : "has an escape that is no character";
            return null;
        }
    }
}
