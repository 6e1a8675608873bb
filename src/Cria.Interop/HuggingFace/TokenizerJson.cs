using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Interop.HuggingFace.TokenizerParts;
using Cria.Interop.SentencePiece;

namespace Cria.Interop.HuggingFace;

/// <summary>
/// Hugging Face's tokenizer.json. What is written is canonical: the same model gives the same
/// bytes, so their SHA-256 is the tokenizer's name wherever ids are stored.
/// </summary>
public static class TokenizerJson
{
    public const string FileName = "tokenizer.json";

    /// <summary>No real tokenizer.json is larger; a file that is, is something else.</summary>
    const long LargestFile = 512L << 20, LargestConfig = 64L << 20;

    /// <summary>
    /// Reads a tokenizer: a <see cref="BpeTokenizer"/> where the file is no more than byte-level BPE, else a
    /// <see cref="ComposedTokenizer"/>. Settings that only shape batches (truncation, padding) have no part in it. The
    /// marks around a text are those that tokenizer_config.json beside it names.
    /// </summary>
    /// <param name="path">A tokenizer.json, or the folder that holds one.</param>
    /// <exception cref="DataException">The file is absent, damaged, or of a kind this reader does not know.</exception>
    public static ITokenizer Read(string path)
    {
        if (Directory.Exists(path))
            path = Path.Combine(path, FileName);
        byte[] json = SmallFile.Read(path, LargestFile);
        string config = Path.Combine(Path.GetDirectoryName(path) ?? "", TokenizerMarks.FileName);
        bool hasConfig = Path.GetFileName(path) == FileName && File.Exists(config);
        return Read(path, json, hasConfig ? TokenizerMarks.Parse(config, SmallFile.Read(config, LargestConfig)) : null);
    }

    /// <summary>The same of files in memory.</summary>
    /// <param name="json">A tokenizer.json.</param>
    /// <param name="config">The tokenizer_config.json that goes with it.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static ITokenizer Read(byte[] json, byte[]? config = null) =>
        Read(FileName, json, config is null ? null : TokenizerMarks.Parse(TokenizerMarks.FileName, config));

    static ITokenizer Read(string path, byte[] json, TokenizerMarks? marks)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            ComposedModel model = ComposedJson.Read(path, document.RootElement, marks);
            return model.ByteLevel() is { } bytes ? new BpeTokenizer(bytes) : new ComposedTokenizer(model);
        }
        catch (JsonException e)
        {
            throw new DataException($"{path} is not JSON (line {e.LineNumber + 1}); fetch or write it again.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new DataException($"{path} has a string that is not Unicode text; fetch or write it again.", e);
        }
        catch (DataException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new DataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Writes the canonical file under a temporary name, then renames it.</summary>
    /// <param name="tokenizer">What to write.</param>
    /// <param name="path">The file; what stood there is replaced.</param>
    public static void Write(ITokenizer tokenizer, string path)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        DurableFile.Write(path, CanonicalBytes(tokenizer));
    }

    /// <summary>Writes tokenizer.json and tokenizer_config.json into a folder, which is created if absent.</summary>
    /// <param name="tokenizer">What to write.</param>
    /// <param name="folder">Where.</param>
    /// <param name="maxTokens">The longest text a model with this tokenizer reads; null where unknown.</param>
    public static void WriteFolder(ITokenizer tokenizer, string folder, int? maxTokens = null)
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
        DurableFile.Write(
            Path.Combine(folder, TokenizerMarks.FileName),
            Encoding.UTF8.GetBytes(TokenizerJsonWriter.Config(tokenizer, maxTokens)));
    }

    /// <summary>The bytes of the canonical file.</summary>
    public static byte[] CanonicalBytes(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return tokenizer switch
        {
            BpeTokenizer bytes => Encoding.UTF8.GetBytes(new TokenizerJsonWriter(bytes).Text()),
            ComposedTokenizer composed => ComposedJson.Write(composed.Model),
            SentencePieceTokenizer pieces => ComposedJson.Write(SentencePieceComposition.Of(pieces)),
            _ => throw new DataException($"A {tokenizer.GetType().Name} has no form in {FileName}."),
        };
    }

    /// <summary>SHA-256 of <see cref="CanonicalBytes"/>, 64 lower-case hexadecimal digits.</summary>
    public static string TokenizerHash(ITokenizer tokenizer) =>
        Convert.ToHexStringLower(SHA256.HashData(CanonicalBytes(tokenizer)));
}
