using System.Text.Json;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Interop.HuggingFace;
using Cria.Interop.SentencePiece;
using Cria.Interop.Tiktoken;

namespace Cria.Interop;

/// <summary>A tokenizer of any kind that this program reads, recognised by what is in the file.</summary>
/// <param name="Tokenizer">What it is.</param>
/// <param name="Path">The file it was read from; of a folder, the one that was found there.</param>
/// <param name="Format">The kind of file, for people.</param>
public sealed record TokenizerFile(ITokenizer Tokenizer, string Path, string Format)
{
    const string Known = "tokenizer.json, tokenizer.model (SentencePiece), vocab.json with merges.txt, or a .tiktoken file";

    /// <param name="path">A file, or a folder that holds one.</param>
    /// <exception cref="DataException">Nothing is there, or nothing that is known.</exception>
    public static TokenizerFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
            path = Find(path) ?? throw new DataException($"{path} has no tokenizer; expected {Known}.");
        byte[] start = Start(path);
        if (Array.Find(start, b => b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) == '{')
            return OpenJson(path);
        if (start.AsSpan().StartsWith("#version"u8))
            return OpenPair(Beside(path, VocabularyAndMerges.VocabularyName), path);
        if (TiktokenFile.LooksLike(start))
            return new TokenizerFile(TiktokenFile.Read(path), path, "tiktoken ranks");
        if (SentencePieceFile.LooksLike(start))
            return new TokenizerFile(SentencePieceFile.Read(path), path, "SentencePiece model");
        throw new DataException($"{path} is no tokenizer that is known; expected {Known}.");
    }

    /// <summary>The file of a folder that is its tokenizer; null where none is.</summary>
    public static string? Find(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        foreach (string name in (ReadOnlySpan<string>)
            [TokenizerJson.FileName, SentencePieceFile.FileName, VocabularyAndMerges.VocabularyName])
            if (File.Exists(System.IO.Path.Combine(folder, name)))
                return System.IO.Path.Combine(folder, name);
        return Directory.GetFiles(folder, "*.tiktoken") is [var only] ? only : null;
    }

    /// <summary>
    /// The tokenizer for a model's own training: one mark, the end of text, stands between documents and so begins them
    /// too, and none is added around a text.
    /// </summary>
    public ITokenizer ToTrainWith() => Tokenizer switch
    {
        ComposedTokenizer composed when composed.BeginOfText != composed.EndOfText =>
            new ComposedTokenizer(composed.Model with { BeginOfText = composed.EndOfText, PostProcessor = null }),
        SentencePieceTokenizer pieces => new SentencePieceTokenizer(pieces.Model with { BeginOfText = pieces.EndOfText }),
        _ => Tokenizer,
    };

    static TokenizerFile OpenJson(string path) => IsVocabulary(path)
        ? OpenPair(path, Beside(path, VocabularyAndMerges.MergesName))
        : new TokenizerFile(TokenizerJson.Read(path), path, "tokenizer.json");

    static TokenizerFile OpenPair(string vocabulary, string merges) =>
        new(VocabularyAndMerges.Read(vocabulary, merges), vocabulary, "vocab.json and merges.txt");

    /// <summary>Whether the first value of the object is a number, as of a token's id.</summary>
    static bool IsVocabulary(string path)
    {
        try
        {
            Utf8JsonReader json = new(Start(path), isFinalBlock: false, default);
            return json.Read() && json.Read() && json.Read() && json.TokenType == JsonTokenType.Number;
        }
        catch (JsonException)
        {
            return false; // the reader of tokenizer.json says what is wrong
        }
    }

    static string Beside(string path, string name) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? "", name);

    static byte[] Start(string path)
    {
        byte[] start = new byte[4096];
        try
        {
            using FileStream file = File.OpenRead(path);
            return start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
