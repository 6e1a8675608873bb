using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cria.Data.Cleaning;

/// <summary>A document as a line of JSON lines: its text, and its group where it has one.</summary>
static class JsonLine
{
    /// <summary>A text goes through the JSON writer in pieces, because that takes 166 MB at once and holds them six times over.</summary>
    const int PieceBytes = 1 << 20;

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Appends a line.</summary>
    /// <param name="buffer">Takes it.</param>
    /// <param name="spill">Empties the buffer, when a long text has filled it.</param>
    /// <param name="text">The text; valid UTF-8.</param>
    /// <param name="group">Written as <c>group</c>, after the text.</param>
    /// <param name="origin">Written as <c>origin</c>, before the text.</param>
    public static void Write(ArrayBufferWriter<byte> buffer, Action spill, ReadOnlySpan<byte> text, string? group, string? origin = null)
    {
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            if (origin is not null)
                json.WriteString("origin", origin);
            json.WritePropertyName("text");
            for (; text.Length > PieceBytes; text = text[PieceBytes..])
            {
                json.WriteStringValueSegment(text[..PieceBytes], isFinalSegment: false);
                json.Flush();
                spill();
            }

            json.WriteStringValueSegment(text, isFinalSegment: true);
            if (group is not null)
                json.WriteString("group", group);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }
}
