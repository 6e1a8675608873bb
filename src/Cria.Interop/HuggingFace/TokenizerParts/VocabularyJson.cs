using System.Text.Json;
using Cria.Data;

namespace Cria.Interop.HuggingFace.TokenizerParts;

/// <summary>Tokens by id, gathered from a file whose entries may come in any order.</summary>
sealed class VocabularyJson(string path)
{
    readonly Dictionary<string, int> _ids = [];

    public void Add(string token, int id)
    {
        if (!_ids.TryAdd(token, id) && _ids[token] != id)
            throw new DataException($"{path}: the token '{token}' has two ids, {_ids[token]} and {id}.");
    }

    public int? Find(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public int Known(string token) => Find(token)
        ?? throw new DataException($"{path}: a merge names '{token}', which is not in the vocabulary.");

    /// <summary>The tokens by id; empty where a number is left out, of which there may be some.</summary>
    public string[] Tokens()
    {
        long size = _ids.Count == 0 ? 0 : _ids.Values.Max() + 1L, most = 2L * _ids.Count + 1024;
        if (size > most)
            throw new DataException($"{path}: {_ids.Count} tokens must have the ids 0 to about {_ids.Count - 1}, but one has {size - 1}.");
        string[] tokens = new string[size];
        foreach ((string token, int id) in _ids)
            tokens[id] = tokens[id] is null
                ? token
                : throw new DataException($"{path}: ids must be given each once, but '{tokens[id]}' and '{token}' both have {id}.");
        for (int id = 0; id < size; id++)
            tokens[id] ??= "";
        return tokens;
    }

    public void AddAll(JsonPart model, string name)
    {
        if (!model.Element.TryGetProperty(name, out JsonElement vocabulary) || vocabulary.ValueKind != JsonValueKind.Object)
            throw model.Fault($"has no object '{name}', so it is not a tokenizer.json of a BPE model");
        foreach (JsonProperty token in vocabulary.EnumerateObject())
            Add(token.Name, TokenizerJsonFields.Id(path, token.Value, token.Name));
    }
}
