using System.Text.Json;
using Cria.Data.Tokenizers.Normalizers;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>The normalizer of a tokenizer.json.</summary>
static class NormalizerJson
{
    public static INormalizer Read(JsonPart part) => part.Type switch
    {
        "Sequence" => new NormalizerSequence([.. part.Parts("normalizers").Select(Read)]),
        "NFC" => new UnicodeFormNormalizer(UnicodeForm.Nfc),
        "NFD" => new UnicodeFormNormalizer(UnicodeForm.Nfd),
        "NFKC" => new UnicodeFormNormalizer(UnicodeForm.Nfkc),
        "NFKD" => new UnicodeFormNormalizer(UnicodeForm.Nfkd),
        "Lowercase" => new LowercaseNormalizer(),
        "StripAccents" => new StripAccentsNormalizer(),
        "Strip" => new StripNormalizer(part.Flag("strip_left", absent: true), part.Flag("strip_right", absent: true)),
        "Prepend" => new PrependNormalizer(part.ShortText("prepend")),
        "Replace" => new ReplaceNormalizer(PatternJson.Read(part), part.ShortText("content")),
        "Precompiled" => new CharacterMapNormalizer(Map(part)),
        "BertNormalizer" => new BertNormalizer(
            part.Flag("clean_text", absent: true),
            part.Flag("handle_chinese_chars", absent: true),
            part.OptionalFlag("strip_accents"),
            part.Flag("lowercase", absent: true)),
        _ => throw part.Unknown("Sequence", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Strip", "Prepend",
            "Replace", "Precompiled", "BertNormalizer"),
    };

    public static void Write(Utf8JsonWriter json, INormalizer normalizer)
    {
        json.WriteStartObject();
        switch (normalizer)
        {
            case NormalizerSequence sequence:
                json.WriteString("type", "Sequence");
                json.WriteStartArray("normalizers");
                foreach (INormalizer part in sequence.Parts)
                    Write(json, part);
                json.WriteEndArray();
                break;
            case UnicodeFormNormalizer unicode:
                json.WriteString("type", unicode.Form.ToString().ToUpperInvariant());
                break;
            case LowercaseNormalizer:
                json.WriteString("type", "Lowercase");
                break;
            case StripAccentsNormalizer:
                json.WriteString("type", "StripAccents");
                break;
            case StripNormalizer strip:
                json.WriteString("type", "Strip");
                json.WriteBoolean("strip_left", strip.Left);
                json.WriteBoolean("strip_right", strip.Right);
                break;
            case PrependNormalizer prepend:
                json.WriteString("type", "Prepend");
                json.WriteString("prepend", prepend.Prefix);
                break;
            case ReplaceNormalizer replace:
                json.WriteString("type", "Replace");
                PatternJson.Write(json, replace.Pattern);
                json.WriteString("content", replace.Content);
                break;
            case CharacterMapNormalizer map:
                json.WriteString("type", "Precompiled");
                json.WriteBase64String("precompiled_charsmap", map.Map.Compiled.Span);
                break;
            case BertNormalizer bert:
                WriteBert(json, bert);
                break;
            default:
                throw new NotSupportedException($"{normalizer.GetType().Name} has no form in tokenizer.json.");
        }
        json.WriteEndObject();
    }

    static void WriteBert(Utf8JsonWriter json, BertNormalizer bert)
    {
        json.WriteString("type", "BertNormalizer");
        json.WriteBoolean("clean_text", bert.CleanText);
        json.WriteBoolean("handle_chinese_chars", bert.HandleChineseCharacters);
        if (bert.StripAccents is { } strips)
            json.WriteBoolean("strip_accents", strips);
        else
            json.WriteNull("strip_accents");
        json.WriteBoolean("lowercase", bert.Lowercase);
    }

    static CharacterMap Map(JsonPart part)
    {
        byte[] compiled;
        try
        {
            compiled = Convert.FromBase64String(part.NeededText("precompiled_charsmap"));
        }
        catch (FormatException)
        {
            throw part.Fault("has a 'precompiled_charsmap' that is not base 64");
        }
        return new CharacterMap(compiled);
    }
}
