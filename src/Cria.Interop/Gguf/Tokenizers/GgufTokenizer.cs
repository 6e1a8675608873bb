using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Interop.HuggingFace.TokenizerParts;
using Cria.Interop.SentencePiece;
using Cria.Models;

namespace Cria.Interop.Gguf.Tokenizers;

/// <summary>The tokenizer inside a file: its kind, special tokens and chat template. What it is made of stands in its kind.</summary>
static class GgufTokenizer
{
    public const string Tokens = "tokenizer.ggml.tokens", TokenTypes = "tokenizer.ggml.token_type";

    const string Kind = "tokenizer.ggml.model", ChatTemplate = "tokenizer.chat_template", Template = "chat_template";
    const string ConfigFile = TokenizerMarks.FileName, TemplateFile = "chat_template.jinja";
    const string AddBegin = "tokenizer.ggml.add_bos_token", AddEnd = "tokenizer.ggml.add_eos_token";

    /// <summary>With marks as they are and not as \u003C.</summary>
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="CheckpointException">llama.cpp would make other ids of the same text.</exception>
    public static void Write(GgufMetadataWriter metadata, CheckpointContents contents, int vocabSize)
    {
        switch (contents.Tokenizer)
        {
            case null:
                metadata.Add(Kind, "none");
                return;
            case var tokenizer when tokenizer.VocabSize > vocabSize:
                throw new CheckpointException($"the tokenizer has {tokenizer.VocabSize:N0} tokens, and the model's embedding {vocabSize:N0}; they do not belong together.");
            case BpeTokenizer bytes:
                metadata.Add(Kind, GgufByteLevel.Kind);
                GgufByteLevel.Write(metadata, bytes, vocabSize);
                break;
            case SentencePieceTokenizer pieces:
                metadata.Add(Kind, GgufSentencePiece.Kind);
                GgufSentencePiece.Write(metadata, pieces.Model, vocabSize);
                break;
            case ComposedTokenizer parts when GgufByteLevel.WordsOf(parts.Model) is { } words:
                metadata.Add(Kind, GgufByteLevel.Kind);
                GgufByteLevel.Write(metadata, parts, words, vocabSize);
                break;
            case ComposedTokenizer composed when ComposedPieces.Find(composed.Model) is { } pieces:
                metadata.Add(Kind, GgufSentencePiece.Kind);
                GgufSentencePiece.Write(metadata, pieces, vocabSize);
                break;
            default:
                throw new CheckpointException("the tokenizer is neither byte-level BPE nor SentencePiece's BPE with pieces for bytes, and others are not written into a GGUF file; export it to hf.");
        }
        WriteSpecials(metadata, contents);
    }

    /// <exception cref="DataException">It is damaged or of a kind that is not known here.</exception>
    public static CheckpointContents Read(GgufFile file, ModelConfig config)
    {
        string? kind = file.Metadata.Text(Kind), name = file.Metadata.Text("general.name");
        if (kind is null or "none" or "no_vocab")
            return new() { Name = name };
        // Before any token is read: there can be no more than rows of the embedding.
        if (file.Metadata.CountOf(Tokens) is var count && count > config.VocabSize)
            throw new DataException($"{file.Path} has {count:N0} tokens, and an embedding of {config.VocabSize:N0}; it is damaged, fetch it again.");
        try
        {
            var specials = Specials(file.Metadata, count);
            ITokenizer tokenizer = kind switch
            {
                GgufByteLevel.Kind => GgufByteLevel.Read(file, specials.BeginOfText, specials.EndOfText),
                GgufSentencePiece.Kind => GgufSentencePiece.Read(file),
                _ => throw new DataException($"the tokenizer inside is of the kind '{GgufText.Shown(kind)}'; {GgufByteLevel.Kind} and {GgufSentencePiece.Kind} can be read."),
            };
            var files = Files(file.Metadata, tokenizer, specials, config);
            return new() { Files = files, Specials = specials, Name = name, Tokenizer = tokenizer };
        }
        catch (Exception e) when (e is DataException or CheckpointException && !e.Message.StartsWith(file.Path, StringComparison.Ordinal))
        {
            throw new DataException($"{file.Path}: {e.Message}", e);
        }
    }

    /// <summary>"[PAD7]", as converters fill a vocabulary up to the rows of its embedding.</summary>
    public static byte[] Padding(int id) => Encoding.ASCII.GetBytes($"[PAD{id}]");

    /// <summary>How many tokens there are before those that only fill up.</summary>
    public static int WithoutPadding(byte[][] texts, int[] types)
    {
        int count = texts.Length;
        while (count > 0 && types[count - 1] == (int)PieceType.Unused && texts[count - 1].AsSpan().SequenceEqual(Padding(count - 1)))
            count--;
        return count;
    }

    static void WriteSpecials(GgufMetadataWriter metadata, CheckpointContents contents)
    {
        var config = Config(contents);
        var specials = contents.Specials with
        {
            BeginOfText = contents.Specials.BeginOfText ?? contents.Tokenizer!.BeginOfText,
            EndOfText = contents.Specials.EndOfText ?? contents.Tokenizer!.EndOfText,
        };
        foreach (var (name, id) in ((string, int?)[])[("bos", specials.BeginOfText), ("eos", specials.EndOfText),
            ("unknown", specials.Unknown), ("padding", specials.Padding)])
            if (id is { } known)
                metadata.Add($"tokenizer.ggml.{name}_token_id", (uint)known);
        metadata.Add(AddBegin, Flag(config, "add_bos_token") ?? specials.BeginOfText is not null);
        metadata.Add(AddEnd, Flag(config, "add_eos_token") ?? false);
        bool isFile = contents.Files.TryGetValue(TemplateFile, out byte[]? file);
        if ((isFile ? Encoding.UTF8.GetString(file!) : TemplateOf(config)) is { } template)
            metadata.Add(ChatTemplate, template);
    }

    static SpecialIds Specials(GgufMetadata metadata, long count)
    {
        int? Id(string name) => metadata.Whole($"tokenizer.ggml.{name}_token_id") is >= 0 and { } id && id < count ? (int)id : null;
        return new(Id("bos"), Id("eos"), Id("padding"), Id("unknown"));
    }

    static Dictionary<string, byte[]> Files(GgufMetadata metadata, ITokenizer tokenizer, SpecialIds specials, ModelConfig config)
    {
        JsonObject json = JsonNode.Parse(TokenizerJsonWriter.Config(tokenizer, config.MaxPositionEmbeddings))!.AsObject();
        foreach (var (role, id) in ((string, int?)[])[("bos_token", specials.BeginOfText), ("eos_token", specials.EndOfText),
            ("pad_token", specials.Padding), ("unk_token", specials.Unknown)])
            if (id is { } known)
                json[role] = tokenizer is SentencePieceTokenizer { Model: var model }
                    ? model.Pieces[known].Text // an unknown piece decodes as " ⁇ "
                    : Encoding.UTF8.GetString(tokenizer.TokenBytes(known));
        foreach (var (role, key) in ((string, string)[])[("add_bos_token", AddBegin), ("add_eos_token", AddEnd)])
            if (metadata.Flag(key) is { } adds)
                json[role] = adds;
        if (metadata.Text(ChatTemplate) is { } template)
            json[Template] = template;
        return new()
        {
            [TokenizerJson.FileName] = TokenizerJson.CanonicalBytes(tokenizer),
            [ConfigFile] = Encoding.UTF8.GetBytes(json.ToJsonString(Readable) + "\n"),
        };
    }

    static JsonObject Config(CheckpointContents contents)
    {
        if (!contents.Files.TryGetValue(ConfigFile, out byte[]? bytes))
            return [];
        try
        {
            return StrictJson.Parse(Encoding.UTF8.GetString(bytes)) as JsonObject ?? [];
        }
        catch (JsonException e)
        {
            throw new CheckpointException($"{ConfigFile} is damaged: {e.Message}");
        }
    }

    static bool? Flag(JsonObject config, string key) => config[key] is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    static string? TemplateOf(JsonObject config) =>
        config[Template] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
