using System.Text;
using Cria.Data;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Engine.Tensors;

namespace Cria.Interop.Gguf.Tokenizers;

/// <summary>
/// SentencePiece's BPE, which llama.cpp calls llama: pieces, their scores and their types, in the numbers of SentencePiece.
/// llama.cpp rewrites no characters and removes no spaces, so models that do are not written.
/// </summary>
static class GgufSentencePiece
{
    public const string Kind = "llama";

    const string Scores = "tokenizer.ggml.scores", AddPrefix = "tokenizer.ggml.add_space_prefix";

    public static void Write(GgufMetadataWriter metadata, SentencePieceModel model, int vocabSize)
    {
        string? other = model.Kind != SegmentationKind.Bpe ? "divides words by probabilities (unigram)"
            : model.CharacterMap is not null ? "rewrites characters"
            : model.RemoveExtraWhitespaces ? "removes spaces"
            : !model.EscapeWhitespaces ? "keeps spaces as they are"
            : !model.ByteFallback ? "has no pieces for bytes"
            : null;
        if (other is not null)
            throw new CheckpointException($"the tokenizer {other}, and llama.cpp's does not; the same text would be other tokens.");
        int count = model.Pieces.Count;
        float lowest = Math.Min(0, model.Pieces.Min(piece => piece.Score));
        metadata.AddArray(GgufTokenizer.Tokens, [.. Enumerable.Range(0, vocabSize)
            .Select(id => id < count ? Encoding.UTF8.GetBytes(model.Pieces[id].Text) : GgufTokenizer.Padding(id))]);
        metadata.AddArray<float>(Scores, [.. Enumerable.Range(0, vocabSize).Select(id => id < count ? model.Pieces[id].Score : lowest)]);
        metadata.AddArray<int>(GgufTokenizer.TokenTypes, [.. Enumerable.Range(0, vocabSize)
            .Select(id => (int)(id < count ? model.Pieces[id].Type : PieceType.Unused))]);
        metadata.Add(AddPrefix, model.AddDummyPrefix);
    }

    public static SentencePieceTokenizer Read(GgufFile file)
    {
        byte[][] texts = file.Metadata.Texts(GgufTokenizer.Tokens);
        float[] scores = file.Metadata.Numbers<float>(Scores);
        int[] types = file.Metadata.Numbers<int>(GgufTokenizer.TokenTypes);
        if (types.Length != texts.Length || scores.Length != texts.Length)
            throw new DataException($"the tokenizer has {texts.Length:N0} tokens, {scores.Length:N0} scores and {types.Length:N0} types of tokens; it is damaged.");
        int count = GgufTokenizer.WithoutPadding(texts, types);
        // What llama.cpp takes where the file is silent.
        int? Mark(string name, long usual) =>
            (file.Metadata.Whole($"tokenizer.ggml.{name}_token_id") ?? usual) is >= 0 and var id && id < count ? (int)id : null;
        var bytes = types.Take(count).Count(type => type == (int)PieceType.Byte);
        return new(new SentencePieceModel
        {
            Pieces = [.. from id in Enumerable.Range(0, count)
                         select new Piece(Encoding.UTF8.GetString(texts[id]), scores[id], (PieceType)types[id])],
            ByteFallback = bytes > 0,
            AddDummyPrefix = file.Metadata.Flag(AddPrefix) ?? true,
            BeginOfText = Mark("bos", 1),
            EndOfText = Mark("eos", 2),
        });
    }
}
