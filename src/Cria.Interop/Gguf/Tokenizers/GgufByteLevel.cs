using System.Text;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Decoders;
using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.Normalizers;
using Cria.Data.Tokenizers.PreTokenizers;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Engine.Tensors;

namespace Cria.Interop.Gguf.Tokenizers;

/// <summary>
/// Byte-level BPE, which llama.cpp calls gpt2: tokens and merges in GPT-2's printable characters, and the name of the words
/// inside which bytes merge.
/// </summary>
static class GgufByteLevel
{
    public const string Kind = "gpt2";

    const string Merges = "tokenizer.ggml.merges", WordsName = "tokenizer.ggml.pre";

    public static void Write(GgufMetadataWriter metadata, BpeTokenizer tokenizer, int vocabSize)
    {
        var model = tokenizer.Model;
        if (model.AddPrefixSpace)
            throw new CheckpointException("the tokenizer puts a space before every text, and llama.cpp puts none before byte-level tokens; the same text would be other tokens.");
        metadata.Add(WordsName, GgufWords.NameOf(model.Splitter.Pattern, model.IgnoreMerges));
        byte[][] texts = [.. model.Tokens
            .Select((token, id) => tokenizer.IsSpecial(id) ? token : Encoding.UTF8.GetBytes(ByteCharacters.Print(token)))];
        WriteTokens(metadata, texts, id => tokenizer.IsSpecial(id) ? PieceType.Control : PieceType.Normal, vocabSize);
        metadata.AddArray(Merges, [.. model.Merges.Select(merge => (byte[])[.. texts[merge.Left], (byte)' ', .. texts[merge.Right]])]);
    }

    /// <summary>The expression that cuts words, where a tokenizer in parts is byte-level BPE; null where it is not.</summary>
    /// <remarks>NFC counts as nothing: llama.cpp leaves it out for Qwen, whose texts are in that form nearly always.</remarks>
    public static string? WordsOf(ComposedModel composed) =>
        composed.Model is CharacterBpeModel { ByteFallback: false }
        && composed.Normalizer is null or UnicodeFormNormalizer { Form: UnicodeForm.Nfc }
            ? composed.PreTokenizer switch
            {
                ByteLevelPreTokenizer { AddPrefixSpace: false, UsesWords: true } => Gpt2Splitter.Instance.Pattern,
                PreTokenizerSequence
                {
                    Parts: [
                        PatternPreTokenizer
                    {
                        Behavior: SplitBehavior.Isolated, Invert: false, Pattern: { Literal: null, Source: var source }
                    },
                        ByteLevelPreTokenizer { AddPrefixSpace: false, UsesWords: false }]
                } => source,
                _ => null,
            }
            : null;

    /// <param name="words">What <see cref="WordsOf"/> said of it.</param>
    public static void Write(GgufMetadataWriter metadata, ComposedTokenizer tokenizer, string words, int vocabSize)
    {
        var model = (CharacterBpeModel)tokenizer.Model.Model;
        bool IsThere(int id) => id < model.Tokens.Count && model.Tokens[id].Length > 0;
        metadata.Add(WordsName, GgufWords.NameOf(words, model.IgnoresMerges));
        byte[][] texts = [.. Enumerable.Range(0, tokenizer.VocabSize) // an id that no token has is filled up
            .Select(id => IsThere(id) ? Encoding.UTF8.GetBytes(model.Tokens[id]) : GgufTokenizer.Padding(id))];
        PieceType[] types = [.. texts.Select((_, id) => IsThere(id) ? PieceType.Normal : PieceType.Unused)];
        foreach (var token in tokenizer.Model.AddedTokens)
        {
            texts[token.Id] = Encoding.UTF8.GetBytes(token.Content);
            types[token.Id] = token.IsSpecial ? PieceType.Control : PieceType.UserDefined;
        }
        WriteTokens(metadata, texts, id => types[id], vocabSize);
        metadata.AddArray(Merges, [.. model.Merges.Select(merge => (byte[])[.. texts[merge.Left], (byte)' ', .. texts[merge.Right]])]);
    }

    /// <summary>A <see cref="BpeTokenizer"/> where that says all, otherwise the same in parts.</summary>
    public static ITokenizer Read(GgufFile file, int? beginOfText, int? endOfText)
    {
        var (pattern, ignoresMerges) = GgufWords.Named(file.Metadata.Text(WordsName) ?? "default");
        byte[][] tokens = file.Metadata.Texts(GgufTokenizer.Tokens);
        int[] types = file.Metadata.Numbers<int>(GgufTokenizer.TokenTypes);
        if (types.Length != tokens.Length)
            throw new DataException($"the tokenizer has {tokens.Length:N0} tokens and {types.Length:N0} types of tokens; it is damaged.");
        string[] texts = [.. tokens.Take(GgufTokenizer.WithoutPadding(tokens, types)).Select(Encoding.UTF8.GetString)];
        var ids = new Dictionary<string, int>();
        for (int id = 0; id < texts.Length; id++)
            if (!ids.TryAdd(texts[id], id))
                throw new DataException($"the token '{GgufText.Shown(texts[id])}' has two ids; it is damaged.");
        AddedToken[] added = [.. ids.Values.Where(id => types[id] is (int)PieceType.Control or (int)PieceType.UserDefined)
            .Select(id => new AddedToken(id, texts[id]) { IsSpecial = types[id] == (int)PieceType.Control })];
        HashSet<int> marks = [.. added.Select(token => token.Id)];
        for (int id = 0; id < texts.Length; id++)
            if (!marks.Contains(id) && !ByteCharacters.TryParse(texts[id], out _))
                throw new DataException($"the token {id}, '{GgufText.Shown(texts[id])}', is not written in byte-level characters.");
        var composed = new ComposedModel
        {
            AddedTokens = added,
            PreTokenizer = PreTokenizer(pattern),
            Model = new CharacterBpeModel
            {
                Tokens = texts,
                Marks = marks,
                Merges = [.. file.Metadata.Texts(Merges).Select(merge => Merge(ids, Encoding.UTF8.GetString(merge)))],
                IgnoresMerges = ignoresMerges,
            },
            Decoder = new ByteLevelDecoder(),
            BeginOfText = beginOfText,
            EndOfText = endOfText ?? (ids.TryGetValue(BpeModel.EndOfText, out int end) && marks.Contains(end) ? end : null),
        };
        return composed.ByteLevel() is { } bytes ? new BpeTokenizer(bytes) : new ComposedTokenizer(composed);
    }

    static IPreTokenizer PreTokenizer(string pattern) => pattern == Gpt2Splitter.Instance.Pattern
        ? new ByteLevelPreTokenizer(AddPrefixSpace: false, UsesWords: true)
        : new PreTokenizerSequence(
        [
            new PatternPreTokenizer(TextPattern.OfRegex(pattern), SplitBehavior.Isolated),
            new ByteLevelPreTokenizer(AddPrefixSpace: false, UsesWords: false),
        ]);

    static BpeMerge Merge(Dictionary<string, int> ids, string merge)
    {
        int Known(string token) => ids.TryGetValue(token, out int id) ? id
            : throw new DataException($"a merge names '{GgufText.Shown(token)}', which is not in the vocabulary.");
        return merge.Split(' ') is [var left, var right]
            ? new(Known(left), Known(right), Known(left + right))
            : throw new DataException($"the merge '{GgufText.Shown(merge)}' is not two tokens.");
    }

    static void WriteTokens(GgufMetadataWriter metadata, byte[][] texts, Func<int, PieceType> typeOf, int vocabSize)
    {
        // llama.cpp keeps tokens by their texts, and stops at two that are the same.
        var known = new HashSet<string>();
        foreach (byte[] text in texts)
            if (!known.Add(Encoding.UTF8.GetString(text)))
                throw new CheckpointException($"two tokens are written '{GgufText.Shown(Encoding.UTF8.GetString(text))}', and llama.cpp tells tokens apart by how they are written.");
        metadata.AddArray(GgufTokenizer.Tokens,
            [.. texts, .. Enumerable.Range(texts.Length, vocabSize - texts.Length).Select(GgufTokenizer.Padding)]);
        metadata.AddArray<int>(GgufTokenizer.TokenTypes,
            [.. Enumerable.Range(0, vocabSize).Select(id => (int)(id < texts.Length ? typeOf(id) : PieceType.Unused))]);
    }
}
