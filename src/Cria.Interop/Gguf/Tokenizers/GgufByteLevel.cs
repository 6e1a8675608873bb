using System.Text;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Engine.Tensors;

namespace Cria.Interop.Gguf.Tokenizers;

/// <summary>
/// Byte-level BPE, which llama.cpp calls gpt2: tokens and merges in GPT-2's printable characters, and the name of a regular
/// expression that cuts words. The name stands for more: some of them take a word that is a token whole.
/// </summary>
static class GgufByteLevel
{
    public const string Kind = "gpt2";

    const string Merges = "tokenizer.ggml.merges", WordsName = "tokenizer.ggml.pre";
    const int Normal = (int)PieceType.Normal, Control = (int)PieceType.Control;
    const int UserDefined = (int)PieceType.UserDefined, Unused = (int)PieceType.Unused;

    /// <summary>What may stand in a file, the name to write first.</summary>
    static readonly (IWordSplitter Splitter, bool IgnoreMerges, string[] Names)[] Words =
    [
        (Gpt2Splitter.Instance, false, ["gpt-2", "phi-2", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "gigachat", "a.x-4.0", "mellum", "exaone4",
            "mpt", "olmo", "jais", "trillion", "granite-docling"]),
        (Llama3Splitter.Instance, true, ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"]),
        (Llama3Splitter.Instance, false, ["dbrx", "smaug-bpe", "chatglm-bpe", "glm4"]),
    ];

    public static void Write(GgufMetadataWriter metadata, BpeTokenizer tokenizer, int vocabSize)
    {
        var model = tokenizer.Model;
        if (model.AddPrefixSpace)
            throw new CheckpointException("the tokenizer puts a space before every text, and llama.cpp puts none before byte-level tokens; the same text would be other tokens.");
        string[] names = Words.FirstOrDefault(words => words.Splitter == model.Splitter && words.IgnoreMerges == model.IgnoreMerges).Names
            ?? throw new CheckpointException($"llama.cpp has no name for the words that the tokenizer cuts, '{model.Splitter.Pattern}'.");
        byte[][] tokens = [.. Enumerable.Range(0, vocabSize).Select(id => id >= tokenizer.VocabSize ? GgufTokenizer.Padding(id)
            : tokenizer.IsSpecial(id) ? model.Tokens[id] : Printed(model, id))];
        CheckDistinct(tokens);
        int[] types = [.. Enumerable.Range(0, vocabSize)
            .Select(id => id >= tokenizer.VocabSize ? Unused : tokenizer.IsSpecial(id) ? Control : Normal)];
        metadata.Add(WordsName, names[0]);
        metadata.AddArray(GgufTokenizer.Tokens, tokens);
        metadata.AddArray<int>(GgufTokenizer.TokenTypes, types);
        metadata.AddArray(Merges,
            [.. model.Merges.Select(merge => (byte[])[.. Printed(model, merge.Left), (byte)' ', .. Printed(model, merge.Right)])]);
    }

    public static BpeTokenizer Read(GgufFile file)
    {
        string name = file.Metadata.Text(WordsName) ?? "default";
        var words = Words.FirstOrDefault(words => words.Names.Contains(name));
        if (words.Names is null)
            throw new DataException($"the tokenizer cuts words as '{GgufText.Shown(name)}'; there is {string.Join(", ", Words.SelectMany(words => words.Names))}.");
        byte[][] texts = file.Metadata.Texts(GgufTokenizer.Tokens);
        int[] types = file.Metadata.Numbers<int>(GgufTokenizer.TokenTypes);
        if (types.Length != texts.Length)
            throw new DataException($"the tokenizer has {texts.Length:N0} tokens and {types.Length:N0} types of tokens; it is damaged.");
        int count = GgufTokenizer.WithoutPadding(texts, types);
        Dictionary<string, int> ids = [];
        for (int id = 0; id < count; id++)
            if (!ids.TryAdd(Encoding.UTF8.GetString(texts[id]), id))
                throw new DataException($"the token '{GgufText.Shown(Encoding.UTF8.GetString(texts[id]))}' has two ids; it is damaged.");
        return new(new BpeModel
        {
            Tokens = [.. Enumerable.Range(0, count).Select(id => IsMark(types[id]) ? texts[id] : Parsed(texts[id], id))],
            SpecialIds = [.. Enumerable.Range(0, count).Where(id => IsMark(types[id]))],
            Merges = [.. file.Metadata.Texts(Merges).Select(merge => Merge(ids, Encoding.UTF8.GetString(merge)))],
            Splitter = words.Splitter,
            IgnoreMerges = words.IgnoreMerges,
        });
    }

    static byte[] Printed(BpeModel model, int id) => Encoding.UTF8.GetBytes(ByteCharacters.Print(model.Tokens[id]));

    static byte[] Parsed(byte[] printed, int id) => ByteCharacters.TryParse(Encoding.UTF8.GetString(printed), out byte[] bytes)
        ? bytes
        : throw new DataException($"the token {id}, '{GgufText.Shown(Encoding.UTF8.GetString(printed))}', is not written in byte-level characters.");

    static bool IsMark(int type) => type is Control or UserDefined;

    static BpeMerge Merge(Dictionary<string, int> ids, string merge)
    {
        int Known(string token) => ids.TryGetValue(token, out int id) ? id
            : throw new DataException($"a merge names '{GgufText.Shown(token)}', which is not in the vocabulary.");
        return merge.Split(' ') is [var left, var right]
            ? new(Known(left), Known(right), Known(left + right))
            : throw new DataException($"the merge '{GgufText.Shown(merge)}' is not two tokens.");
    }

    // llama.cpp keeps tokens by their texts, and stops at two that are the same.
    static void CheckDistinct(byte[][] tokens)
    {
        var texts = new HashSet<string>();
        foreach (byte[] token in tokens)
            if (!texts.Add(Encoding.UTF8.GetString(token)))
                throw new CheckpointException($"two tokens are written '{GgufText.Shown(Encoding.UTF8.GetString(token))}', and llama.cpp tells tokens apart by how they are written.");
    }
}
