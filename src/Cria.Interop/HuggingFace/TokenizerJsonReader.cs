using System.Text;
using System.Text.Json;
using Cria.Data;
using Cria.Data.Tokenizers;

namespace Cria.Interop.HuggingFace;

/// <summary>Takes one tokenizer.json apart; whatever would change ids and is not understood here is refused.</summary>
sealed class TokenizerJsonReader(string path)
{
    readonly Dictionary<string, int> _ids = [];
    readonly HashSet<int> _specialIds = [];

    public BpeTokenizer Read(JsonElement root)
    {
        JsonElement model = TokenizerJsonFields.Object(path, root, "model");
        CheckSupported(root, model);
        (IWordSplitter splitter, bool addPrefixSpace) = TokenizerJsonPreTokenizer.Read(path, root);

        foreach (JsonProperty token in TokenizerJsonFields.Object(path, model, "vocab").EnumerateObject())
            AddToken(token.Name, TokenizerJsonFields.Id(path, token.Value, token.Name));
        foreach (JsonElement token in TokenizerJsonFields.Array(path, root, "added_tokens"))
            AddSpecial(token);

        byte[][] tokens = Tokens();
        try
        {
            return new BpeTokenizer(new BpeModel
            {
                Tokens = tokens,
                SpecialIds = [.. _specialIds.Order()],
                Merges = [.. TokenizerJsonFields.Array(path, model, "merges").Select(Merge)],
                Splitter = splitter,
                AddPrefixSpace = addPrefixSpace,
                IgnoreMerges = TokenizerJsonFields.Flag(model, "ignore_merges"),
            });
        }
        catch (DataException e)
        {
            throw new DataException($"{path}: {e.Message}", e);
        }
    }

    void CheckSupported(JsonElement root, JsonElement model)
    {
        string type = TokenizerJsonFields.Text(model, "type") ?? "BPE";
        if (type != "BPE")
            throw Unsupported("model", type);
        if (TokenizerJsonFields.Flag(model, "byte_fallback"))
            throw Unsupported("model", "BPE with byte_fallback, as SentencePiece makes");
        if (model.TryGetProperty("dropout", out JsonElement dropout)
            && dropout is { ValueKind: JsonValueKind.Number } && dropout.GetDouble() != 0)
            throw Unsupported("dropout", dropout.GetRawText());
        foreach (string affix in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
            if (!string.IsNullOrEmpty(TokenizerJsonFields.Text(model, affix)))
                throw Unsupported(affix, TokenizerJsonFields.Text(model, affix)!);
        if (TokenizerJsonFields.Part(root, "normalizer") is { } normalizer && !IsEmptySequence(normalizer))
            throw Unsupported("normalizer", TokenizerJsonFields.Text(normalizer, "type") ?? "without a type");
        if (TokenizerJsonFields.Part(root, "decoder") is { } decoder
            && TokenizerJsonFields.Text(decoder, "type") is var name and not "ByteLevel")
            throw Unsupported("decoder", name ?? "without a type");
    }

    static bool IsEmptySequence(JsonElement part) =>
        TokenizerJsonFields.Text(part, "type") == "Sequence"
        && part.TryGetProperty("normalizers", out JsonElement parts)
        && parts.ValueKind == JsonValueKind.Array && parts.GetArrayLength() == 0;

    DataException Unsupported(string what, string value) =>
        TokenizerJsonFields.Unsupported(path, what, value);

    void AddToken(string text, int id)
    {
        if (!_ids.TryAdd(text, id) && _ids[text] != id)
            throw new DataException($"{path}: the token '{text}' has two ids, {_ids[text]} and {id}.");
    }

    void AddSpecial(JsonElement token)
    {
        string? name = TokenizerJsonFields.Text(token, "content");
        if (name is null || !token.TryGetProperty("id", out JsonElement number))
            throw new DataException($"{path}: an entry of added_tokens has no content or no id.");
        int id = TokenizerJsonFields.Id(path, number, name);
        foreach (string flag in (ReadOnlySpan<string>)["single_word", "lstrip", "rstrip"])
            if (TokenizerJsonFields.Flag(token, flag))
                throw Unsupported($"{flag} of the added token", name);
        if (!TokenizerJsonFields.Flag(token, "special"))
            throw Unsupported("added token that is not special", name);
        AddToken(name, id);
        _specialIds.Add(id);
    }

    byte[][] Tokens()
    {
        byte[][] tokens = new byte[_ids.Count][];
        foreach ((string text, int id) in _ids)
        {
            if (id >= tokens.Length || tokens[id] is not null)
                throw new DataException(
                    $"{path}: {tokens.Length} tokens must have the ids 0 to {tokens.Length - 1}, each once, "
                    + $"but '{text}' has {id}.");
            tokens[id] = _specialIds.Contains(id) ? Encoding.UTF8.GetBytes(text)
                : ByteCharacters.TryParse(text, out byte[] bytes) ? bytes
                : throw new DataException(
                    $"{path}: the token '{text}' is not written in byte-level characters, so this is not a "
                    + "byte-level tokenizer; only those can be read.");
        }
        return tokens;
    }

    BpeMerge Merge(JsonElement merge)
    {
        string left, right;
        if (merge.ValueKind == JsonValueKind.String && merge.GetString()!.Split(' ') is [var a, var b])
            (left, right) = (a, b);
        else if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2
            && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String)
            (left, right) = (merge[0].GetString()!, merge[1].GetString()!);
        else
            throw new DataException($"{path}: the merge {merge.GetRawText()} is not two tokens.");
        return new BpeMerge(Known(left), Known(right), Known(left + right));
    }

    int Known(string token) => _ids.TryGetValue(token, out int id)
        ? id
        : throw new DataException($"{path}: a merge names '{token}', which is not in the vocabulary.");
}
