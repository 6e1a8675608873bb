using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cria.Data;
using Cria.Data.Tokenizers;

namespace Cria.Interop.HuggingFace;

/// <summary>
/// Hugging Face's tokenizer.json for byte-level BPE. What is written is canonical: the same model gives the same
/// bytes, so their SHA-256 is the tokenizer's name wherever ids are stored.
/// </summary>
public static class TokenizerJson
{
    public const string FileName = "tokenizer.json";

    /// <summary>No real tokenizer.json is larger; a file that is, is something else.</summary>
    const long LargestFile = 512L << 20;

    /// <summary>
    /// Reads a byte-level BPE tokenizer. Settings that only shape batches or add tokens around a text (truncation,
    /// padding, post_processor) have no part in <see cref="ITokenizer"/> and are passed over.
    /// </summary>
    /// <param name="path">A tokenizer.json, or the folder that holds one.</param>
    /// <exception cref="DataException">The file is absent, damaged, or of a kind this reader does not know.</exception>
    public static BpeTokenizer Read(string path) =>
        Parse(path, (file, root) => new TokenizerJsonReader(file).Read(root));

    /// <summary>
    /// Reads whatever can at least decode: byte-level BPE as <see cref="Read"/>, and SentencePiece-style vocabularies
    /// as a <see cref="PieceTable"/>, which does not encode.
    /// </summary>
    /// <inheritdoc cref="Read"/>
    public static ITokenizer ReadAny(string path) =>
        Parse<ITokenizer>(path, (file, root) =>
            PieceTable.Fits(root) ? PieceTable.Read(file, root) : new TokenizerJsonReader(file).Read(root));

    /// <summary>The same of a tokenizer.json in memory.</summary>
    /// <inheritdoc cref="ReadAny(string)"/>
    public static ITokenizer ReadAny(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return PieceTable.Fits(root) ? PieceTable.Read(FileName, root) : new TokenizerJsonReader(FileName).Read(root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataException($"{FileName} is damaged: {e.Message}", e);
        }
    }

    /// <summary>Writes the canonical file under a temporary name, then renames it.</summary>
    /// <param name="tokenizer">What to write.</param>
    /// <param name="path">The file; what stood there is replaced.</param>
    public static void Write(BpeTokenizer tokenizer, string path)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        WriteWhole(path, CanonicalBytes(tokenizer));
    }

    /// <summary>Writes tokenizer.json and tokenizer_config.json into a folder, which is created if absent.</summary>
    /// <param name="tokenizer">What to write.</param>
    /// <param name="folder">Where.</param>
    /// <param name="maxTokens">The longest text a model with this tokenizer reads; null where unknown.</param>
    public static void WriteFolder(BpeTokenizer tokenizer, string folder, int? maxTokens = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder} cannot be made a folder: {e.Message} Choose another place.", e);
        }
        Write(tokenizer, Path.Combine(folder, FileName));
        WriteWhole(
            Path.Combine(folder, "tokenizer_config.json"),
            Encoding.UTF8.GetBytes(TokenizerJsonWriter.Config(tokenizer, maxTokens)));
    }

    /// <summary>The bytes of the canonical file.</summary>
    public static byte[] CanonicalBytes(BpeTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Encoding.UTF8.GetBytes(new TokenizerJsonWriter(tokenizer).Text());
    }

    /// <summary>SHA-256 of <see cref="CanonicalBytes"/>, 64 lower-case hexadecimal digits.</summary>
    public static string TokenizerHash(BpeTokenizer tokenizer) =>
        Convert.ToHexStringLower(SHA256.HashData(CanonicalBytes(tokenizer)));

    /// <summary>Reads the file, or the tokenizer.json of a folder; damage becomes one sentence.</summary>
    internal static T Parse<T>(string path, Func<string, JsonElement, T> read)
    {
        if (Directory.Exists(path))
            path = Path.Combine(path, FileName);
        try
        {
            long length = new FileInfo(path).Length;
            if (length > LargestFile)
                throw new DataException(
                    $"{path} has {length} bytes, more than any tokenizer.json ({LargestFile}); is it the right file?");
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            return read(path, json.RootElement);
        }
        catch (JsonException e)
        {
            throw new DataException($"{path} is not JSON (line {e.LineNumber + 1}); fetch or write it again.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new DataException($"{path} has a string that is not Unicode text; fetch or write it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    static void WriteWhole(string path, byte[] bytes)
    {
        string temporary = path + ".tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw new DataException($"{path} cannot be written: {e.Message} Free space or choose another place.", e);
        }
    }
}
