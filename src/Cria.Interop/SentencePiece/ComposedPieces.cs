using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.Normalizers;
using Cria.Data.Tokenizers.PreTokenizers;
using Cria.Data.Tokenizers.SentencePieces;

namespace Cria.Interop.SentencePiece;

/// <summary>
/// The way back: a tokenizer.json of Llama's kind as a SentencePiece model, for formats that have scores and no merges.
/// Only where every cut of a piece is a merge, in the order of the pieces, do scores say the same as the merges.
/// </summary>
public static class ComposedPieces
{
    /// <summary>The most that a piece of a SentencePiece model has, in UTF-16.</summary>
    const int LongestPiece = 256;

    /// <summary>The model that gives the same ids; null if the parts say more than a model can.</summary>
    public static SentencePieceModel? Find(ComposedModel composed)
    {
        ArgumentNullException.ThrowIfNull(composed);
        if (composed.Model is not CharacterBpeModel { ByteFallback: true, IgnoresMerges: false } model
            || model.Tokens.Any(token => token.Length > LongestPiece)
            || HasDummyPrefix(composed) is not { } hasPrefix
            || Order(model) is not { } order
            || composed.AddedTokens.Any(token => token.StripsLeft || token.StripsRight || token.IsSingleWord))
            return null;
        Dictionary<int, AddedToken> added = [];
        foreach (AddedToken token in composed.AddedTokens)
            added[token.Id] = token;
        return new SentencePieceModel
        {
            Pieces = [.. model.Tokens.Select((text, id) => Piece(text, id, model.UnknownId, added, order))],
            AddDummyPrefix = hasPrefix,
            BeginOfText = composed.BeginOfText,
            EndOfText = composed.EndOfText,
        };
    }

    /// <summary>Whether "▁" is put before a text, whose spaces all become "▁"; null if something else happens to it.</summary>
    static bool? HasDummyPrefix(ComposedModel composed) => (composed.Normalizer, composed.PreTokenizer) switch
    {
        (NormalizerSequence { Parts: [PrependNormalizer { Prefix: "\u2581" }, var spaces] }, null) when IsEscape(spaces) => true,
        (NormalizerSequence { Parts: [var spaces] }, null) when IsEscape(spaces) => false,
        (null, MetaspacePreTokenizer { Replacement: '\u2581', Scheme: PrependScheme.Never, Splits: false }) => false,
        _ => null,
    };

    static bool IsEscape(INormalizer normalizer) =>
        normalizer is ReplaceNormalizer { Pattern.Literal: " ", Content: "\u2581" };

    /// <summary>The place of each merged piece among all; null if the merges are not all cuts, piece by piece.</summary>
    static Dictionary<int, int>? Order(CharacterBpeModel model)
    {
        Dictionary<int, int> order = [];
        HashSet<(int, int)> merges = [];
        int last = -1;
        foreach (BpeMerge merge in model.Merges)
        {
            merges.Add((merge.Left, merge.Right));
            if (merge.Result != last && !order.TryAdd(last = merge.Result, order.Count))
                return null;
        }
        Dictionary<string, int> ids = [];
        for (int id = 0; id < model.Tokens.Count; id++)
            if (!model.Marks.Contains(id) && TokenTexts.ByteOf(model.Tokens[id]) < 0)
                ids.TryAdd(model.Tokens[id], id);
        foreach (string text in ids.Keys)
            for (int cut = 1; cut < text.Length; cut++)
                if (ids.TryGetValue(text[..cut], out int left) && ids.TryGetValue(text[cut..], out int right)
                    && !merges.Contains((left, right)))
                    return null;
        return order;
    }

    static Piece Piece(string text, int id, int? unknown, Dictionary<int, AddedToken> added, Dictionary<int, int> order)
    {
        PieceType type = id == unknown ? PieceType.Unknown
            : added.TryGetValue(id, out AddedToken? token) ? token.IsSpecial ? PieceType.Control : PieceType.UserDefined
            : text.Length == 0 ? PieceType.Unused
            : TokenTexts.ByteOf(text) >= 0 ? PieceType.Byte
            : PieceType.Normal;
        // As the trainer of SentencePiece does: merged pieces by their turn, single characters after them by id.
        float score = type != PieceType.Normal ? 0 : order.TryGetValue(id, out int turn) ? -turn : -(order.Count + (float)id);
        return new Piece(text, score, type);
    }
}
