using System.Text;
using Cria.Data.Tokenizers.Models;

namespace Cria.Data.Tokenizers.SentencePieces;

/// <summary>The door of a <see cref="SentencePieceModel"/>: its pieces as bytes, checked once and trusted inside.</summary>
sealed class PieceVocabulary
{
    /// <summary>No real piece is longer; the work to prepare a vocabulary grows with the longest.</summary>
    const int LongestPiece = 1024;

    /// <summary>"▁", the visible space, as UTF-8.</summary>
    public static ReadOnlySpan<byte> Space => "\u2581"u8;

    /// <exception cref="DataException">Names the first fault and the values on both sides.</exception>
    public PieceVocabulary(SentencePieceModel model)
    {
        Model = model;
        if (model.Pieces.Count == 0)
            throw new DataException("The vocabulary has no pieces.");
        Texts = new byte[model.Pieces.Count][];
        ByteIds = new int[256];
        Array.Fill(ByteIds, -1);
        for (int id = 0; id < Texts.Length; id++)
        {
            Piece piece = model.Pieces[id];
            Texts[id] = Encoding.UTF8.GetBytes(piece.Text);
            if (Texts[id].Length > LongestPiece)
                throw new DataException(
                    $"Piece {id} has {Texts[id].Length} bytes, more than the {LongestPiece} that a piece may have.");
            if (!float.IsFinite(piece.Score))
                throw new DataException($"Piece {id}, '{piece.Text}', has the score {piece.Score}; scores are finite.");
            if (!Enum.IsDefined(piece.Type))
                throw new DataException($"Piece {id}, '{piece.Text}', has the type {(int)piece.Type}; types are 1 to 6.");
            if (piece.Type == PieceType.Byte)
                ByteIds[ByteOf(id, piece.Text)] = id;
            else if (piece.Type == PieceType.Unknown && UnknownId < 0)
                UnknownId = id;
        }
        Check(model);
    }

    public SentencePieceModel Model { get; }

    /// <summary>The UTF-8 of every piece's text.</summary>
    public byte[][] Texts { get; }

    /// <summary>The id of each byte's piece; −1 where it has none.</summary>
    public int[] ByteIds { get; }

    /// <summary>The piece that stands for what no other can say; −1 if there is none.</summary>
    public int UnknownId { get; private set; } = -1;

    /// <summary>The pieces that segmentation may find, first of equals: normal, user-defined and unused ones.</summary>
    public IEnumerable<(byte[] Key, int Value)> Findable() => Of(PieceType.Normal, PieceType.UserDefined, PieceType.Unused);

    /// <summary>The texts and ids of the pieces of certain types.</summary>
    public IEnumerable<(byte[] Key, int Value)> Of(params PieceType[] types)
    {
        for (int id = 0; id < Texts.Length; id++)
            if (types.Contains(Model.Pieces[id].Type))
                yield return (Texts[id], id);
    }

    /// <summary>Writes what stands for a character that is no piece: its bytes or the unknown. Returns the count.</summary>
    public int Fallback(ReadOnlySpan<byte> character, Span<int> ids)
    {
        if (!Model.ByteFallback)
        {
            ids[0] = UnknownId;
            return 1;
        }
        for (int i = 0; i < character.Length; i++)
            ids[i] = ByteIds[character[i]];
        return character.Length;
    }

    /// <summary>Whether no piece has a space after another character, so that pieces keep to words.</summary>
    public bool HasWords() =>
        Of(PieceType.Normal, PieceType.Unused).All(piece => BpeSegmenter.IsInOneWord(piece.Key));

    /// <summary>What the unigram segmentation looks up; a user-defined piece is always worth more than its parts.</summary>
    public UnigramTables UnigramTables()
    {
        float[] normal = [.. Model.Pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Score)];
        float greatest = normal.Length == 0 ? 0 : normal.Max(), least = normal.Length == 0 ? 0 : normal.Min();
        double[] scores = [.. Model.Pieces.Select((piece, id) => piece.Type == PieceType.UserDefined
            ? (double)(Texts[id].Length * greatest) - 0.1
            : piece.Score)];
        ByteTrie pieces = new(Of(PieceType.Normal, PieceType.UserDefined));
        return new UnigramTables(pieces, scores, least - Models.UnigramTables.UnknownPenalty, Fallback) { IsSinglePrecision = true };
    }

    static byte ByteOf(int id, string text) => TokenTexts.ByteOf(text) is >= 0 and int b
        ? (byte)b
        : throw new DataException($"Piece {id} is of the type 'byte' but named '{text}'; expected <0x00> to <0xFF>.");

    void Check(SentencePieceModel model)
    {
        int missing = Array.IndexOf(ByteIds, -1);
        if (model.ByteFallback && missing >= 0)
            throw new DataException($"The vocabulary has no piece <0x{missing:X2}>; with byte fallback it needs all 256.");
        if (!model.ByteFallback && UnknownId < 0)
            throw new DataException("The vocabulary has neither byte fallback nor an unknown piece; it needs one of them.");
        foreach (int? mark in (ReadOnlySpan<int?>)[model.BeginOfText, model.EndOfText])
            if (mark is { } id && (uint)id >= (uint)Texts.Length)
                throw new DataException($"The mark {id} is not in the vocabulary of {Texts.Length}.");
    }
}
