using System.Text.Json;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>The names of the marks around a text, as tokenizer_config.json beside a tokenizer.json gives them.</summary>
/// <param name="Begin">bos_token; null if not given.</param>
/// <param name="End">eos_token; null if not given.</param>
sealed record TokenizerMarks(string? Begin, string? End)
{
    public const string FileName = "tokenizer_config.json";

    // Where no file says which, the names that published models use.
    static readonly string[] Ends = [BpeModel.EndOfText, "</s>", "<|end_of_text|>", "<eos>", "[SEP]"];
    static readonly string[] Begins = ["<s>", "<|begin_of_text|>", "<bos>", "[CLS]"];

    /// <exception cref="DataException">It is not JSON.</exception>
    public static TokenizerMarks Parse(string path, byte[] config)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(config);
            return new TokenizerMarks(Name(json.RootElement, "bos_token"), Name(json.RootElement, "eos_token"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataException($"{path} is not JSON: {e.Message} Fetch or write it again, or delete it.", e);
        }
    }

    public ComposedModel Applied(ComposedModel model)
    {
        int? end = Special(model, [End]) ?? Special(model, Ends);
        int? begin = Special(model, [Begin]) ?? model.PostProcessor?.Before.Cast<int?>().FirstOrDefault()
            ?? (end is not null && end == Special(model, [BpeModel.EndOfText]) ? end : Special(model, Begins));
        return model with { BeginOfText = begin, EndOfText = end };
    }

    static int? Special(ComposedModel model, IEnumerable<string?> names)
    {
        foreach (string? name in names)
            foreach (AddedToken token in model.AddedTokens)
                if (token.Content == name)
                    return token.Id;
        return null;
    }

    static string? Name(JsonElement config, string field)
    {
        if (config.ValueKind != JsonValueKind.Object || !config.TryGetProperty(field, out JsonElement value))
            return null;
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out JsonElement content))
            value = content;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
