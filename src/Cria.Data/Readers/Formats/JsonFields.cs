using System.Text.Json;

namespace Cria.Data.Readers.Formats;

/// <summary>Where in a line of JSON the wanted strings stand. A path <c>a.b</c> is the field of that name, or the
/// field <c>b</c> of the object <c>a</c>.</summary>
struct JsonFields
{
    /// <summary>The inside of the text's string, still escaped; the last of several.</summary>
    public Range? Text { get; private set; }

    /// <summary>The inside of the group's string, still escaped.</summary>
    public Range? Group { get; private set; }

    /// <summary>Reads the object at hand to its end; an empty path is not searched.</summary>
    /// <exception cref="JsonException">It is not valid JSON.</exception>
    public void Search(ref Utf8JsonReader json, ReadOnlyMemory<byte> textPath, ReadOnlyMemory<byte> groupPath)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isText = Is(ref json, textPath), isGroup = Is(ref json, groupPath);
            ReadOnlyMemory<byte> textRest = Inside(ref json, textPath), groupRest = Inside(ref json, groupPath);
            json.Read();
            if (json.TokenType == JsonTokenType.String)
            {
                // The token begins at its quote, and its inside one byte later.
                int start = (int)json.TokenStartIndex + 1;
                Range inside = start..(start + json.ValueSpan.Length);
                Text = isText ? inside : Text;
                Group = isGroup ? inside : Group;
            }
            else if (json.TokenType == JsonTokenType.StartObject && !(textRest.IsEmpty && groupRest.IsEmpty))
            {
                Search(ref json, textRest, groupRest);
            }
            else
            {
                json.Skip();
            }
        }
    }

    /// <summary>What is left of a path that leads into the value of this property; empty if it does not.</summary>
    static ReadOnlyMemory<byte> Inside(ref Utf8JsonReader json, ReadOnlyMemory<byte> path)
    {
        int dot = path.Span.IndexOf((byte)'.');
        return dot > 0 && Is(ref json, path[..dot]) ? path[(dot + 1)..] : default;
    }

    static bool Is(ref Utf8JsonReader json, ReadOnlyMemory<byte> name)
    {
        if (name.IsEmpty)
            return false;
        if (!json.ValueIsEscaped)
            return json.ValueSpan.SequenceEqual(name.Span);
        try
        {
            return json.ValueTextEquals(name.Span);
        }
        catch (InvalidOperationException) // an escape of half a surrogate pair is no name that anyone asks for
        {
            return false;
        }
    }
}
