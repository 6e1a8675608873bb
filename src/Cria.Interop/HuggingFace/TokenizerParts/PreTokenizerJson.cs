using System.Text.Json;
using Cria.Data.Tokenizers.PreTokenizers;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>The pre_tokenizer of a tokenizer.json.</summary>
static class PreTokenizerJson
{
    public static IPreTokenizer Read(JsonPart part) => part.Type switch
    {
        "Sequence" => new PreTokenizerSequence([.. part.Parts("pretokenizers").Select(Read)]),
        "ByteLevel" => new ByteLevelPreTokenizer(
            part.Flag("add_prefix_space", absent: true), part.Flag("use_regex", absent: true)),
        "Metaspace" => new MetaspacePreTokenizer(
            part.Character("replacement"), Scheme(part), part.Flag("split", absent: true)),
        "Split" => new PatternPreTokenizer(PatternJson.Read(part), Behavior(part, absent: null), part.Flag("invert")),
        "Whitespace" => new WordPreTokenizer(),
        "WhitespaceSplit" => new CharacterPreTokenizer(DelimiterKind.WhiteSpace, SplitBehavior.Removed),
        "Digits" => new CharacterPreTokenizer(
            DelimiterKind.Number, part.Flag("individual_digits") ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "Punctuation" => new CharacterPreTokenizer(DelimiterKind.Punctuation, Behavior(part, SplitBehavior.Isolated)),
        "BertPreTokenizer" => Bert(),
        _ => throw part.Unknown("Sequence", "ByteLevel", "Metaspace", "Split", "Whitespace", "WhitespaceSplit", "Digits",
            "Punctuation", "BertPreTokenizer"),
    };

    /// <summary>Metaspace's scheme; older files have a flag instead.</summary>
    public static PrependScheme Scheme(JsonPart part) => part.Text("prepend_scheme") switch
    {
        null => part.Flag("add_prefix_space", absent: true) ? PrependScheme.Always : PrependScheme.Never,
        "always" => PrependScheme.Always,
        "first" => PrependScheme.First,
        "never" => PrependScheme.Never,
        var other => throw part.Fault($"has the prepend_scheme '{other}'; known are always, first, never"),
    };

    public static void Write(Utf8JsonWriter json, IPreTokenizer preTokenizer)
    {
        json.WriteStartObject();
        switch (preTokenizer)
        {
            case PreTokenizerSequence sequence:
                json.WriteString("type", "Sequence");
                json.WriteStartArray("pretokenizers");
                foreach (IPreTokenizer part in sequence.Parts)
                    Write(json, part);
                json.WriteEndArray();
                break;
            case ByteLevelPreTokenizer bytes:
                json.WriteString("type", "ByteLevel");
                json.WriteBoolean("add_prefix_space", bytes.AddPrefixSpace);
                json.WriteBoolean("trim_offsets", true);
                json.WriteBoolean("use_regex", bytes.UsesWords);
                break;
            case MetaspacePreTokenizer space:
                WriteMetaspace(json, space.Replacement, space.Scheme, space.Splits);
                break;
            case PatternPreTokenizer split:
                json.WriteString("type", "Split");
                PatternJson.Write(json, split.Pattern);
                json.WriteString("behavior", split.Behavior.ToString());
                json.WriteBoolean("invert", split.Invert);
                break;
            case WordPreTokenizer:
                json.WriteString("type", "Whitespace");
                break;
            case CharacterPreTokenizer characters:
                WriteCharacters(json, characters);
                break;
            default:
                throw new NotSupportedException($"{preTokenizer.GetType().Name} has no form in tokenizer.json.");
        }
        json.WriteEndObject();
    }

    /// <summary>The fields that the pre-tokenizer and the decoder Metaspace have in common.</summary>
    public static void WriteMetaspace(Utf8JsonWriter json, char replacement, PrependScheme scheme, bool splits)
    {
        json.WriteString("type", "Metaspace");
        json.WriteString("replacement", replacement.ToString());
        json.WriteString("prepend_scheme", scheme.ToString().ToLowerInvariant());
        json.WriteBoolean("split", splits);
    }

    static void WriteCharacters(Utf8JsonWriter json, CharacterPreTokenizer characters)
    {
        switch (characters.Kind)
        {
            case DelimiterKind.Number:
                json.WriteString("type", "Digits");
                json.WriteBoolean("individual_digits", characters.Behavior == SplitBehavior.Isolated);
                break;
            case DelimiterKind.Punctuation:
                json.WriteString("type", "Punctuation");
                json.WriteString("behavior", characters.Behavior.ToString());
                break;
            default:
                json.WriteString("type", "WhitespaceSplit");
                break;
        }
    }

    static PreTokenizerSequence Bert() => new([
        new CharacterPreTokenizer(DelimiterKind.WhiteSpace, SplitBehavior.Removed),
        new CharacterPreTokenizer(DelimiterKind.Punctuation, SplitBehavior.Isolated)]);

    static SplitBehavior Behavior(JsonPart part, SplitBehavior? absent) => part.Text("behavior") switch
    {
        null when absent is { } known => known,
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var other => throw part.Fault(
            $"has the behavior '{other}'; known are Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous"),
    };
}
