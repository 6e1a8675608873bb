using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.SentencePiece;

namespace Cria.Interop.HuggingFace;

/// <summary>The files of a folder that go through as they are: tokenizer, chat template, generation settings, card and licence.</summary>
static class FolderContents
{
    public const string Generation = "generation_config.json", TokenizerConfig = "tokenizer_config.json";
    public const string ChatTemplate = "chat_template.jinja";

    /// <summary>Tokenizer files of the largest vocabularies have some tens of megabytes.</summary>
    const long LargestFile = 512L << 20;

    /// <summary>What is of the tokenizer; the chat template is written in its marks.</summary>
    static readonly string[] OfTokenizer =
    [
        TokenizerJson.FileName, TokenizerConfig, "special_tokens_map.json", "added_tokens.json", VocabularyAndMerges.VocabularyName,
        VocabularyAndMerges.MergesName, SentencePieceFile.FileName, ChatTemplate,
    ];

    static readonly string[] Others = [Generation, "README.md", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE"];

    public static CheckpointContents Read(string folder)
    {
        var files = Files(folder);
        return new()
        {
            Files = files,
            Specials = Specials(folder),
            Unread = HasOtherTokenizer(files) ? () => TokenizerFile.Open(folder).Tokenizer : null,
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
        };
    }

    /// <summary>What is left of the files where the tokenizer is replaced by another, whose ids the settings then name.</summary>
    public static Dictionary<string, byte[]> WithoutTokenizer(IReadOnlyDictionary<string, byte[]> files, SpecialIds specials)
    {
        var left = files.Where(file => !OfTokenizer.Contains(file.Key)).ToDictionary();
        if (left.TryGetValue(Generation, out byte[]? settings))
            left[Generation] = WithIds(settings, specials);
        return left;
    }

    static Dictionary<string, byte[]> Files(string folder)
    {
        var files = new Dictionary<string, byte[]>();
        foreach (string name in (string[])[.. OfTokenizer, .. Others])
        {
            string path = Path.Combine(folder, name);
            if (!File.Exists(path))
                continue;
            if (new FileInfo(path).Length > LargestFile)
                throw new CheckpointException($"{path} has more than {LargestFile:N0} bytes; no {name} is so large.");
            files[name] = File.ReadAllBytes(path);
        }
        return files;
    }

    static byte[] WithIds(byte[] settings, SpecialIds specials)
    {
        try
        {
            var json = JsonNode.Parse(settings) as JsonObject ?? [];
            string[] ids = [.. json.Select(setting => setting.Key).Where(key => key.EndsWith("_token_id", StringComparison.Ordinal))];
            foreach (string key in ids)
                json.Remove(key);
            foreach (var (key, id) in specials.Named)
                json[key] = id;
            return Encoding.UTF8.GetBytes(ConfigJson.Text(json));
        }
        catch (Exception e) when (e is JsonException or ArgumentException) // or a key that stands there twice
        {
            throw new CheckpointException($"{Generation} is damaged: {e.Message}");
        }
    }

    // Older folders have no tokenizer.json.
    static bool HasOtherTokenizer(Dictionary<string, byte[]> files) => files.ContainsKey(SentencePieceFile.FileName)
        || (files.ContainsKey(VocabularyAndMerges.VocabularyName) && files.ContainsKey(VocabularyAndMerges.MergesName));

    // generation_config.json speaks later than config.json, and of several ends the first is the end of text.
    static SpecialIds Specials(string folder)
    {
        int? Id(string key) => Number(folder, Generation, key) ?? Number(folder, ConfigJson.FileName, key);
        return new(Id("bos_token_id"), Id("eos_token_id"), Id("pad_token_id"), Id("unk_token_id"));
    }

    static int? Number(string folder, string file, string key)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path))
            return null;
        try
        {
            var node = StrictJson.Parse(File.ReadAllText(path))?.AsObject()[key];
            int? id = (int?)(node is JsonArray { Count: > 0 } several ? several[0] : node is JsonArray ? null : node);
            return id < 0 ? null : id; // some write -1 for none
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"{path} is damaged: {e.Message}");
        }
    }
}
