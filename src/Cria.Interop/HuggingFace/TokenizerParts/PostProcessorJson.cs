using System.Text.Json;
using Cria.Data.Tokenizers.PostProcessors;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>The post_processor of a tokenizer.json.</summary>
static class PostProcessorJson
{
    public static IPostProcessor Read(JsonPart part) => part.Type switch
    {
        "Sequence" => new PostProcessorSequence([.. part.Parts("processors").Select(Read)]),
        "TemplateProcessing" => new TemplatePostProcessor(
            [.. part.Parts("single").Select(Place)],
            [.. part.Parts("pair").Select(Place)],
            [.. Specials(part)]),
        "ByteLevel" => new ByteLevelPostProcessor(
            part.Flag("add_prefix_space", absent: true), part.Flag("trim_offsets", absent: true), part.Flag("use_regex", absent: true)),
        "BertProcessing" or "RobertaProcessing" => new PairPostProcessor(
            part.Type, Mark(part, "cls"), Mark(part, "sep"), part.Flag("add_prefix_space", absent: true), part.Flag("trim_offsets", absent: true)),
        _ => throw part.Unknown("Sequence", "TemplateProcessing", "ByteLevel", "BertProcessing", "RobertaProcessing"),
    };

    public static void Write(Utf8JsonWriter json, IPostProcessor postProcessor)
    {
        json.WriteStartObject();
        switch (postProcessor)
        {
            case PostProcessorSequence sequence:
                json.WriteString("type", "Sequence");
                json.WriteStartArray("processors");
                foreach (IPostProcessor part in sequence.Parts)
                    Write(json, part);
                json.WriteEndArray();
                break;
            case TemplatePostProcessor template:
                WriteTemplate(json, template);
                break;
            case ByteLevelPostProcessor bytes:
                json.WriteString("type", "ByteLevel");
                json.WriteBoolean("add_prefix_space", bytes.AddPrefixSpace);
                json.WriteBoolean("trim_offsets", bytes.TrimOffsets);
                json.WriteBoolean("use_regex", bytes.UsesWords);
                break;
            case PairPostProcessor pair:
                WritePair(json, pair);
                break;
            default:
                throw new NotSupportedException($"{postProcessor.GetType().Name} has no form in tokenizer.json.");
        }
        json.WriteEndObject();
    }

    static TemplatePart Place(JsonPart part)
    {
        if (part.Part("SpecialToken") is { } special)
            return new TemplatePart(special.NeededText("id"), false, special.Number("type_id", 0));
        JsonPart text = part.Part("Sequence") ?? throw part.Fault("has a place that is neither SpecialToken nor Sequence");
        return new TemplatePart(null, text.Text("id") == "B", text.Number("type_id", 0));
    }

    static IEnumerable<TemplateToken> Specials(JsonPart part)
    {
        if (part.Part("special_tokens") is not { } tokens)
            yield break;
        foreach (JsonProperty token in tokens.Element.EnumerateObject())
        {
            JsonPart named = tokens.Part(token.Name) ?? throw tokens.Fault($"has nothing for '{token.Name}'");
            yield return new TemplateToken(
                token.Name,
                [.. named.Array("ids").Select(id => TokenizerJsonFields.Id(part.Path, id, token.Name))],
                [.. named.Array("tokens").Select(text => text.GetString() ?? "")]);
        }
    }

    static (string Name, int Id) Mark(JsonPart part, string field)
    {
        JsonElement[] pair = [.. part.Array(field)];
        return pair.Length == 2 && pair[0].ValueKind == JsonValueKind.String
            ? (pair[0].GetString()!, TokenizerJsonFields.Id(part.Path, pair[1], field))
            : throw part.Fault($"has a '{field}' that is not a name and an id");
    }

    static void WriteTemplate(Utf8JsonWriter json, TemplatePostProcessor template)
    {
        json.WriteString("type", "TemplateProcessing");
        WritePlaces(json, "single", template.Single);
        WritePlaces(json, "pair", template.Pair);
        json.WriteStartObject("special_tokens");
        foreach (TemplateToken token in template.Specials)
        {
            json.WriteStartObject(token.Name);
            json.WriteString("id", token.Name);
            json.WriteStartArray("ids");
            foreach (int id in token.Ids)
                json.WriteNumberValue(id);
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            foreach (string text in token.Tokens)
                json.WriteStringValue(text);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void WritePlaces(Utf8JsonWriter json, string name, IReadOnlyList<TemplatePart> places)
    {
        json.WriteStartArray(name);
        foreach (TemplatePart place in places)
        {
            json.WriteStartObject();
            json.WriteStartObject(place.Special is null ? "Sequence" : "SpecialToken");
            json.WriteString("id", place.Special ?? (place.IsSecond ? "B" : "A"));
            json.WriteNumber("type_id", place.TypeId);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WritePair(Utf8JsonWriter json, PairPostProcessor pair)
    {
        json.WriteString("type", pair.Kind);
        foreach ((string field, (string name, int id)) in (ReadOnlySpan<(string, (string, int))>)[("sep", pair.Closer), ("cls", pair.Opener)])
        {
            json.WriteStartArray(field);
            json.WriteStringValue(name);
            json.WriteNumberValue(id);
            json.WriteEndArray();
        }
        if (pair.Kind != "RobertaProcessing")
            return;
        json.WriteBoolean("trim_offsets", pair.TrimOffsets);
        json.WriteBoolean("add_prefix_space", pair.AddPrefixSpace);
    }
}
