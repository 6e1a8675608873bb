using System.Security.Cryptography;
using System.Text.Json;

namespace Cria.Data.Shards;

/// <summary>What a shard set holds: the content of <c>manifest.json</c> (docs/shards.md).</summary>
public sealed record ShardManifest
{
    /// <summary>The manifest's name inside the set's folder.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The version written. Version 1 had no index of documents, and is read as well.</summary>
    public const int Version = 2;

    internal const int FirstVersion = 1;

    internal const string Format = "cria-shards";

    /// <summary>SHA-256 of the canonical tokenizer.json that made the ids: 64 lower-case hexadecimal digits.</summary>
    public required string TokenizerSha256 { get; init; }

    /// <summary>Every id is below this; above 65,536 a token takes four bytes instead of two.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The id that opens every document and closes the last.</summary>
    public required int EndOfText { get; init; }

    /// <summary>Ids in all shards, document openers and the closing one included.</summary>
    public required long Tokens { get; init; }

    /// <summary>Documents in the set.</summary>
    public required long Documents { get; init; }

    /// <summary>UTF-8 bytes of the documents' texts: the denominator of bits per byte.</summary>
    public required long TextBytes { get; init; }

    /// <summary>The files in order.</summary>
    public required IReadOnlyList<ShardEntry> Shards { get; init; }

    /// <summary>Bytes a token takes on disk: 2, or 4 for a large vocabulary.</summary>
    public int BytesPerToken => TokenBytes.Width(VocabSize);

    /// <summary>The file name of shard <paramref name="index"/>: five digits and <c>.bin</c>.</summary>
    public static string ShardName(int index) => $"{index:D5}.bin";

    /// <summary>Whether the set says where its documents begin; a set of version 1 does not.</summary>
    public bool HasIndex { get; init; } = true;

    /// <summary>The index of shard <paramref name="index"/>: five digits and <c>.idx</c>.</summary>
    public static string IndexName(int index) => $"{index:D5}.idx";

    /// <summary>
    /// What stands for the data: the hash of the manifest as version 1 wrote it, which has all that says what the tokens
    /// are and nothing else. So the order of samples, and the right to resume, do not change with the format.
    /// </summary>
    internal string ContentHash => Convert.ToHexStringLower(SHA256.HashData(ToJson(FirstVersion)));

    internal byte[] ToJson(int version = Version)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", version);
            json.WriteString("tokenizer_sha256", TokenizerSha256);
            json.WriteNumber("vocab_size", VocabSize);
            json.WriteNumber("end_of_text", EndOfText);
            json.WriteString("token_type", BytesPerToken == 2 ? "uint16" : "uint32");
            json.WriteNumber("tokens", Tokens);
            json.WriteNumber("documents", Documents);
            json.WriteNumber("text_bytes", TextBytes);
            json.WriteStartArray("shards");
            foreach (ShardEntry shard in Shards)
            {
                json.WriteStartObject();
                json.WriteString("file", shard.File);
                json.WriteNumber("tokens", shard.Tokens);
                json.WriteString("sha256", shard.Sha256);
                if (version > FirstVersion)
                {
                    json.WriteNumber("documents", shard.Documents);
                    json.WriteString("index_sha256", shard.IndexSha256);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}

/// <summary>One file of a shard set.</summary>
/// <param name="File">Its name inside the folder.</param>
/// <param name="Tokens">Ids in it.</param>
/// <param name="Sha256">SHA-256 of the whole file: 64 lower-case hexadecimal digits.</param>
public sealed record ShardEntry(string File, long Tokens, string Sha256)
{
    /// <summary>Documents whose first token stands in it; 0 where the set has no index.</summary>
    public long Documents { get; init; }

    /// <summary>SHA-256 of its index; empty where the set has none.</summary>
    public string IndexSha256 { get; init; } = "";
}
