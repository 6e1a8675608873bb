using System.Text.Encodings.Web;
using System.Text.Json;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Decoders;
using Cria.Data.Tokenizers.Normalizers;
using Cria.Data.Tokenizers.PreTokenizers;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>A whole tokenizer.json and the parts it is composed of.</summary>
static class ComposedJson
{
    /// <summary>Reads all but what only shapes batches (truncation, padding).</summary>
    public static ComposedModel Read(string path, JsonElement root, TokenizerMarks? marks)
    {
        JsonPart file = new(path, "the file", root);
        if (root.ValueKind != JsonValueKind.Object || file.Part("model") is not { } model)
            throw file.Fault("has no object 'model', so it is no tokenizer.json");
        AddedToken[] added = [.. file.Parts("added_tokens").Select(part => AddedTokenJson.Read(part with { Place = "added_tokens" }))];
        ComposedModel composed = new()
        {
            AddedTokens = added,
            Normalizer = file.Part("normalizer") is { } normalizer ? NormalizerJson.Read(normalizer) : null,
            PreTokenizer = file.Part("pre_tokenizer") is { } preTokenizer ? PreTokenizerJson.Read(preTokenizer) : null,
            Model = ModelJson.Read(model with { Place = "the model" }, added),
            PostProcessor = file.Part("post_processor") is { } postProcessor ? PostProcessorJson.Read(postProcessor) : null,
            Decoder = file.Part("decoder") is { } decoder ? DecoderJson.Read(decoder) : null,
        };
        if (composed.Normalizer is NormalizerSequence { Parts.Count: 0 })
            composed = composed with { Normalizer = null };
        return (marks ?? new TokenizerMarks(null, null)).Applied(composed);
    }

    public static byte[] Write(ComposedModel model)
    {
        using MemoryStream stream = new();
        JsonWriterOptions options = new()
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (Utf8JsonWriter json = new(stream, options))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            json.WriteStartArray("added_tokens");
            foreach (AddedToken token in model.AddedTokens.OrderBy(token => token.Id))
                AddedTokenJson.Write(json, token);
            json.WriteEndArray();
            Part(json, "normalizer", model.Normalizer, NormalizerJson.Write);
            Part(json, "pre_tokenizer", model.PreTokenizer, PreTokenizerJson.Write);
            Part(json, "post_processor", model.PostProcessor, PostProcessorJson.Write);
            Part(json, "decoder", model.Decoder is SpaceDecoder ? null : model.Decoder, DecoderJson.Write);
            ModelJson.Write(json, model.Model);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    static void Part<T>(Utf8JsonWriter json, string name, T? part, Action<Utf8JsonWriter, T> write) where T : class
    {
        json.WritePropertyName(name);
        if (part is null)
            json.WriteNullValue();
        else
            write(json, part);
    }
}
