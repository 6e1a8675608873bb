using System.Text;
using System.Text.Json;

namespace Cria.Data.Readers.Formats;

/// <summary>
/// A JSON object a line (<c>.jsonl</c>), of which one field is the text. Its bytes are unescaped where they stand: a
/// string never grows by that.
/// </summary>
sealed class JsonLines(ReaderOptions options) : ITextFormat
{
    readonly byte[] _textPath = Encoding.UTF8.GetBytes(options.TextField);
    readonly byte[] _groupPath = Encoding.UTF8.GetBytes(options.GroupField ?? "");
    int _searched;

    public int WholeDocuments(ReadOnlySpan<byte> bytes, long line)
    {
        int end = bytes[_searched..].LastIndexOf((byte)'\n');
        int whole = end < 0 ? 0 : _searched + end + 1;
        _searched = bytes.Length - whole;
        return whole;
    }

    public void Parse(Memory<byte> bytes, long line, DocumentSink sink)
    {
        for (; !bytes.IsEmpty; line++)
        {
            int end = bytes.Span.IndexOf((byte)'\n');
            Memory<byte> one = end < 0 ? bytes : bytes[..end];
            bytes = bytes[(end < 0 ? bytes.Length : end + 1)..];
            if (!one.Span.Trim(" \t\r"u8).IsEmpty)
                ParseLine(one, line, sink);
        }
    }

    public string TooLong(long line, string limit) =>
        $"is a line of more than {limit}; such a document is refused: cut it into smaller ones.";

    void ParseLine(Memory<byte> line, long number, DocumentSink sink)
    {
        var found = new JsonFields();
        try
        {
            var json = new Utf8JsonReader(line.Span);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                sink.AddBadLine(number, "is no JSON object");
                return;
            }

            found.Search(ref json, _textPath, _groupPath);
            json.Read(); // what stands behind the object is a fault
        }
        catch (JsonException)
        {
            sink.AddBadLine(number, "is not valid JSON");
            return;
        }

        if (found.Text is not { } at)
        {
            sink.AddBadLine(number, $"has no text in the field \"{options.TextField}\"");
            return;
        }

        Memory<byte> text = line[at];
        text = text[..JsonString.UnescapeInPlace(text.Span, out int loneSurrogates)];
        sink.CountLoneSurrogates(loneSurrogates);
        Span<byte> group = found.Group is { } range ? line[range].Span : default;
        if (found.Group is not null)
            group = group[..JsonString.UnescapeInPlace(group, out _)];
        sink.Add(text, number, group, found.Group is not null);
    }
}
