using System.Buffers;
using System.Text.Json;

namespace Cria.Data.Shards;

/// <summary>Reads <c>manifest.json</c> and trusts nothing in it: every value is checked before it is used.</summary>
static class ManifestReader
{
    const long MaxBytes = 64 << 20;
    public const long MaxTokens = 1L << 60; // so that no product with the bytes of a token overflows

    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static byte[] ReadBytes(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > MaxBytes)
            {
                throw new DataException(
                    $"{path} has {file.Length} bytes; a shard manifest has at most {MaxBytes}; pack the data again.");
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException(
                $"{path} does not exist, so this is no shard set; name a folder that `cria data pack` wrote.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"{path} could not be read: {e.Message.TrimEnd('.')}; check the file and its rights.", e);
        }
    }

    public static ShardManifest Parse(ReadOnlyMemory<byte> json, string path)
    {
        try
        {
            using JsonDocument document =
                JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            ShardManifest manifest = Read(document.RootElement, path);
            Check(manifest, path);
            return manifest;
        }
        catch (JsonException e)
        {
            throw new DataException($"{path} is not valid JSON (line {e.LineNumber + 1}); pack the data again.", e);
        }
        catch (InvalidOperationException e) // a text is taken apart when it is asked for, not when it is parsed
        {
            throw new DataException($"{path} is not valid JSON (a text in it is not Unicode); pack the data again.", e);
        }
    }

    static ShardManifest Read(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "format", path) != ShardManifest.Format)
            throw Wrong(path, "format", "another value", $"\"{ShardManifest.Format}\"");
        long version = Number(root, "version", path, 0, int.MaxValue);
        if (version is < ShardManifest.FirstVersion or > ShardManifest.Version)
        {
            throw new DataException($"{path} has version {version}, and this program reads versions " +
                $"{ShardManifest.FirstVersion} to {ShardManifest.Version}; pack the data again or use the program that wrote it.");
        }

        bool hasIndex = version > ShardManifest.FirstVersion;
        int vocabSize = (int)Number(root, "vocab_size", path, 1, int.MaxValue);
        var manifest = new ShardManifest
        {
            TokenizerSha256 = Hash(root, "tokenizer_sha256", path),
            VocabSize = vocabSize,
            EndOfText = (int)Number(root, "end_of_text", path, 0, vocabSize - 1),
            Tokens = Number(root, "tokens", path, 1, MaxTokens),
            Documents = Number(root, "documents", path, 1, MaxTokens),
            TextBytes = Number(root, "text_bytes", path, 0, MaxTokens),
            HasIndex = hasIndex,
            Shards = Entries(root, path, hasIndex),
        };
        string expected = manifest.BytesPerToken == 2 ? "uint16" : "uint32";
        string found = Text(root, "token_type", path);
        return found == expected ? manifest : throw Wrong(path, "token_type", $"\"{found}\"", $"\"{expected}\"");
    }

    static List<ShardEntry> Entries(JsonElement root, string path, bool hasIndex)
    {
        if (!root.TryGetProperty("shards", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            throw Wrong(path, "shards", "nothing", "a list of files");
        var entries = new List<ShardEntry>(list.GetArrayLength());
        foreach (JsonElement item in list.EnumerateArray())
        {
            string expected = ShardManifest.ShardName(entries.Count);
            if (item.ValueKind != JsonValueKind.Object)
                throw Wrong(path, "shards", "an entry of another kind", "objects");
            string file = Text(item, "file", path);
            if (file != expected) // a name is never followed out of the folder
                throw Wrong(path, "file", $"\"{file}\"", $"\"{expected}\"");
            var entry = new ShardEntry(file, Number(item, "tokens", path, 1, MaxTokens), Hash(item, "sha256", path));
            entries.Add(!hasIndex ? entry : entry with
            {
                Documents = Number(item, "documents", path, 0, entry.Tokens),
                IndexSha256 = Hash(item, "index_sha256", path),
            });
        }

        return entries;
    }

    static void Check(ShardManifest manifest, string path)
    {
        UInt128 sum = 0, documents = 0;
        foreach (ShardEntry shard in manifest.Shards)
            (sum, documents) = (sum + (UInt128)shard.Tokens, documents + (UInt128)shard.Documents);
        if (sum != (UInt128)manifest.Tokens)
            throw Wrong(path, "tokens", $"{manifest.Tokens}", $"{sum}, the sum over its shards");
        if (manifest.Documents >= manifest.Tokens)
            throw Wrong(path, "documents", $"{manifest.Documents}", $"fewer than its {manifest.Tokens} tokens");
        if (manifest.HasIndex && documents != (UInt128)manifest.Documents)
            throw Wrong(path, "documents", $"{manifest.Documents}", $"{documents}, the sum over its shards");
    }

    static long Number(JsonElement element, string name, string path, long least, long most)
    {
        if (!element.TryGetProperty(name, out JsonElement value))
            throw Wrong(path, name, "nothing", $"a number from {least} to {most}");
        bool isNumber = value.ValueKind == JsonValueKind.Number;
        if (!isNumber || !value.TryGetInt64(out long number) || number < least || number > most)
            throw Wrong(path, name, Shown(value), $"a number from {least} to {most}");
        return number;
    }

    static string Text(JsonElement element, string name, string path) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Wrong(path, name, "nothing", "a text");

    static string Hash(JsonElement element, string name, string path)
    {
        string text = Text(element, name, path);
        bool isHash = text.Length == 64 && !text.AsSpan().ContainsAnyExcept(HexDigits);
        return isHash
            ? text
            : throw Wrong(path, name, $"\"{text[..Math.Min(text.Length, 70)]}\"", "64 hexadecimal digits");
    }

    static string Shown(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "…";
    }

    static DataException Wrong(string path, string name, string found, string expected) =>
        new($"{path} has {found} as `{name}`; expected {expected}; pack the data again.");
}
