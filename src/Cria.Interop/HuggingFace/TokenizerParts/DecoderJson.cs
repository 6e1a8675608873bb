using System.Text.Json;
using Cria.Data.Tokenizers.Decoders;
using Cria.Data.Tokenizers.Normalizers;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>The decoder of a tokenizer.json.</summary>
static class DecoderJson
{
    public static ITokenDecoder Read(JsonPart part) => part.Type switch
    {
        "Sequence" => new DecoderSequence([.. part.Parts("decoders").Select(Read)]),
        "ByteLevel" => new ByteLevelDecoder(),
        "Metaspace" => new MetaspaceDecoder(
            part.Character("replacement"), PreTokenizerJson.Scheme(part), part.Flag("split", absent: true)),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Strip" => new StripDecoder(part.Character("content"), part.Number("start", 0), part.Number("stop", 0)),
        "Replace" => new ReplaceDecoder(new ReplaceNormalizer(PatternJson.Read(part), part.ShortText("content"))),
        "WordPiece" => new WordPieceDecoder(part.Text("prefix") ?? "##", part.Flag("cleanup", absent: true)),
        _ => throw part.Unknown("Sequence", "ByteLevel", "Metaspace", "ByteFallback", "Fuse", "Strip", "Replace", "WordPiece"),
    };

    public static void Write(Utf8JsonWriter json, ITokenDecoder decoder)
    {
        json.WriteStartObject();
        switch (decoder)
        {
            case DecoderSequence sequence:
                json.WriteString("type", "Sequence");
                json.WriteStartArray("decoders");
                foreach (ITokenDecoder part in sequence.Parts)
                    Write(json, part);
                json.WriteEndArray();
                break;
            case ByteLevelDecoder:
                json.WriteString("type", "ByteLevel");
                json.WriteBoolean("add_prefix_space", true);
                json.WriteBoolean("trim_offsets", true);
                json.WriteBoolean("use_regex", true);
                break;
            case MetaspaceDecoder space:
                PreTokenizerJson.WriteMetaspace(json, space.Replacement, space.Scheme, space.Splits);
                break;
            case ByteFallbackDecoder:
                json.WriteString("type", "ByteFallback");
                break;
            case FuseDecoder:
                json.WriteString("type", "Fuse");
                break;
            case StripDecoder strip:
                json.WriteString("type", "Strip");
                json.WriteString("content", strip.Content.ToString());
                json.WriteNumber("start", strip.Start);
                json.WriteNumber("stop", strip.Stop);
                break;
            case ReplaceDecoder replace:
                json.WriteString("type", "Replace");
                PatternJson.Write(json, replace.Replace.Pattern);
                json.WriteString("content", replace.Replace.Content);
                break;
            case WordPieceDecoder words:
                json.WriteString("type", "WordPiece");
                json.WriteString("prefix", words.Prefix);
                json.WriteBoolean("cleanup", words.CleansUp);
                break;
            default:
                throw new NotSupportedException($"{decoder.GetType().Name} has no form in tokenizer.json.");
        }
        json.WriteEndObject();
    }
}
