using System.Text.Json;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Models;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>The model of a tokenizer.json, with the added tokens in its vocabulary.</summary>
static class ModelJson
{
    public static ITokenModel Read(JsonPart part, IReadOnlyList<AddedToken> added)
    {
        HashSet<int> marks = [.. added.Where(token => token.IsSpecial).Select(token => token.Id)];
        return (part.Text("type") ?? "BPE") switch
        {
            "BPE" => ReadBpe(part, added, marks),
            "Unigram" => ReadUnigram(part, marks),
            "WordPiece" => ReadWordPiece(part, added, marks),
            _ => throw part.Unknown("BPE", "Unigram", "WordPiece"),
        };
    }

    public static void Write(Utf8JsonWriter json, ITokenModel model)
    {
        json.WriteStartObject("model");
        switch (model)
        {
            case CharacterBpeModel bpe:
                WriteBpe(json, bpe);
                break;
            case UnigramModel unigram:
                WriteUnigram(json, unigram);
                break;
            case WordPieceModel words:
                json.WriteString("type", "WordPiece");
                json.WriteString("unk_token", words.Tokens[words.UnknownId]);
                json.WriteString("continuing_subword_prefix", words.ContinuingPrefix);
                json.WriteNumber("max_input_chars_per_word", words.MaxCharacters);
                WriteVocabulary(json, words.Tokens);
                break;
            default:
                throw new NotSupportedException($"{model.GetType().Name} has no form in tokenizer.json.");
        }
        json.WriteEndObject();
    }

    static CharacterBpeModel ReadBpe(JsonPart part, IReadOnlyList<AddedToken> added, HashSet<int> marks)
    {
        foreach (string affix in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
            if (part.Text(affix) is { Length: > 0 } text)
                throw part.Fault($"has the {affix} '{text}', which is not supported; only tokenizers without it can be read");
        if (part.Element.TryGetProperty("dropout", out JsonElement dropout)
            && dropout.ValueKind == JsonValueKind.Number && dropout.GetDouble() != 0)
            throw part.Fault($"has the dropout '{dropout.GetRawText()}', which is not supported; set it to null");

        VocabularyJson vocabulary = new(part.Path);
        vocabulary.AddAll(part, "vocab");
        foreach (AddedToken token in added)
            vocabulary.Add(token.Content, token.Id);
        return new CharacterBpeModel
        {
            Tokens = vocabulary.Tokens(),
            Marks = marks,
            Merges = [.. part.Array("merges").Select(merge => Merge(part, merge, vocabulary))],
            UnknownId = part.Text("unk_token") is { } unknown ? vocabulary.Find(unknown) : null,
            FusesUnknown = part.Flag("fuse_unk"),
            ByteFallback = part.Flag("byte_fallback"),
            IgnoresMerges = part.Flag("ignore_merges"),
        };
    }

    static BpeMerge Merge(JsonPart part, JsonElement merge, VocabularyJson vocabulary)
    {
        string left, right;
        if (merge.ValueKind == JsonValueKind.String && merge.GetString()!.Split(' ') is [var a, var b])
            (left, right) = (a, b);
        else if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2
            && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String)
            (left, right) = (merge[0].GetString()!, merge[1].GetString()!);
        else
            throw part.Fault($"has the merge {merge.GetRawText()}, which is not two tokens");
        return new BpeMerge(vocabulary.Known(left), vocabulary.Known(right), vocabulary.Known(left + right));
    }

    static UnigramModel ReadUnigram(JsonPart part, HashSet<int> marks)
    {
        List<string> tokens = [];
        List<double> scores = [];
        foreach (JsonElement pair in part.Array("vocab"))
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2
                || pair[0].ValueKind != JsonValueKind.String || pair[1].ValueKind != JsonValueKind.Number)
                throw part.Fault($"has an entry {tokens.Count} of 'vocab' that is not a piece and its score");
            tokens.Add(pair[0].GetString()!);
            scores.Add(pair[1].GetDouble());
        }
        if (tokens.Count == 0)
            throw part.Fault("has no pieces in 'vocab'");
        int? unknown = part.Number("unk_id");
        if (unknown >= tokens.Count)
            throw part.Fault($"has the unk_id {unknown}, outside the vocabulary of {tokens.Count}");
        return new UnigramModel
        {
            Tokens = tokens,
            Scores = scores,
            Marks = marks,
            UnknownId = unknown,
            ByteFallback = part.Flag("byte_fallback"),
        };
    }

    static WordPieceModel ReadWordPiece(JsonPart part, IReadOnlyList<AddedToken> added, HashSet<int> marks)
    {
        VocabularyJson vocabulary = new(part.Path);
        vocabulary.AddAll(part, "vocab");
        foreach (AddedToken token in added)
            vocabulary.Add(token.Content, token.Id);
        string unknown = part.Text("unk_token") ?? "[UNK]";
        return new WordPieceModel
        {
            Tokens = vocabulary.Tokens(),
            Marks = marks,
            UnknownId = vocabulary.Find(unknown) ?? throw part.Fault($"has the unk_token '{unknown}', which is not in its vocabulary"),
            ContinuingPrefix = part.Text("continuing_subword_prefix") ?? "##",
            MaxCharacters = part.Number("max_input_chars_per_word", 100),
        };
    }

    static void WriteBpe(Utf8JsonWriter json, CharacterBpeModel bpe)
    {
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        if (bpe.UnknownId is { } unknown)
            json.WriteString("unk_token", bpe.Tokens[unknown]);
        else
            json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", bpe.FusesUnknown);
        json.WriteBoolean("byte_fallback", bpe.ByteFallback);
        if (bpe.IgnoresMerges)
            json.WriteBoolean("ignore_merges", true);
        WriteVocabulary(json, bpe.Tokens);
        // Older libraries read "a b" only, but a token with a space inside needs the pair.
        bool hasSpaces = bpe.Merges.Any(merge => bpe.Tokens[merge.Result].Contains(' ', StringComparison.Ordinal));
        json.WriteStartArray("merges");
        foreach (BpeMerge merge in bpe.Merges)
            if (hasSpaces)
            {
                json.WriteStartArray();
                json.WriteStringValue(bpe.Tokens[merge.Left]);
                json.WriteStringValue(bpe.Tokens[merge.Right]);
                json.WriteEndArray();
            }
            else
                json.WriteStringValue($"{bpe.Tokens[merge.Left]} {bpe.Tokens[merge.Right]}");
        json.WriteEndArray();
    }

    static void WriteUnigram(Utf8JsonWriter json, UnigramModel unigram)
    {
        json.WriteString("type", "Unigram");
        if (unigram.UnknownId is { } unknown)
            json.WriteNumber("unk_id", unknown);
        else
            json.WriteNull("unk_id");
        json.WriteStartArray("vocab");
        for (int id = 0; id < unigram.Tokens.Count; id++)
        {
            json.WriteStartArray();
            json.WriteStringValue(unigram.Tokens[id]);
            json.WriteNumberValue(unigram.Scores[id]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteBoolean("byte_fallback", unigram.ByteFallback);
    }

    static void WriteVocabulary(Utf8JsonWriter json, IReadOnlyList<string> tokens)
    {
        json.WriteStartObject("vocab");
        for (int id = 0; id < tokens.Count; id++)
            if (tokens[id].Length > 0)
                json.WriteNumber(tokens[id], id);
        json.WriteEndObject();
    }
}
