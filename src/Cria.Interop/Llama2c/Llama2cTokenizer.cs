using System.Buffers.Binary;
using System.Text;
using Cria.Data;
using Cria.Data.Tokenizers.SentencePieces;

namespace Cria.Interop.Llama2c;

/// <summary>
/// llama2.c's tokenizer.bin, which lies beside the model: the length of the longest piece, then the score, length and bytes of
/// each. Types are known by place: the unknown, the two marks, 256 bytes, then text. The pieces are SentencePiece's BPE.
/// </summary>
public static class Llama2cTokenizer
{
    public const string FileName = "tokenizer.bin";

    const int Begin = 1, End = 2, FirstByte = 3, FirstText = FirstByte + 256;
    const long LargestFile = 256L << 20;
    const char Space = '\u2581';

    /// <param name="path">The file.</param>
    /// <param name="vocabSize">The model's: the file does not say how many pieces it has.</param>
    /// <exception cref="DataException">The file is absent, damaged or has another number of pieces.</exception>
    public static SentencePieceTokenizer Read(string path, int vocabSize)
    {
        byte[] bytes = SmallFile.Read(path, LargestFile);
        var rest = bytes.AsSpan(Math.Min(4, bytes.Length));
        var pieces = new List<Piece>();
        for (; rest.Length > 0 && pieces.Count < vocabSize; pieces.Add(Next(ref rest, pieces.Count, path)))
        {
        }
        if (rest.Length > 0 || pieces.Count != vocabSize)
            throw new DataException($"{path} has {(rest.Length > 0 ? "more than " : "")}{pieces.Count:N0} pieces, and the model {vocabSize:N0}; it is the tokenizer of another model, move it elsewhere.");
        try
        {
            return new(new SentencePieceModel { Pieces = pieces, BeginOfText = Begin, EndOfText = End });
        }
        catch (DataException e)
        {
            throw new DataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The bytes of a file; null where llama2.c would make other ids of the same text, or cannot have the tokenizer.</summary>
    public static byte[]? Written(SentencePieceModel model, int vocabSize)
    {
        bool merges = model is { Kind: SegmentationKind.Bpe, ByteFallback: true, BeginOfText: Begin, EndOfText: End };
        bool keepsText = model is { AddDummyPrefix: true, RemoveExtraWhitespaces: false, EscapeWhitespaces: true, CharacterMap: null };
        bool isOrdered = model.Pieces.Count == vocabSize && model.Pieces.Index().All(piece => piece.Item.Type == TypeOf(piece.Index));
        if (!merges || !keepsText || !isOrdered)
            return null;
        byte[][] texts = [.. model.Pieces.Index().Select(piece => Encoding.UTF8.GetBytes(TextOf(piece.Item.Text, piece.Index)))];
        var file = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, texts.Max(text => text.Length));
        file.Write(number);
        for (int id = 0; id < texts.Length; id++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(number, model.Pieces[id].Score);
            file.Write(number);
            BinaryPrimitives.WriteInt32LittleEndian(number, texts[id].Length);
            file.Write(number);
            file.Write(texts[id]);
        }
        return file.ToArray();
    }

    static Piece Next(ref Span<byte> rest, int id, string path)
    {
        int length = rest.Length < 8 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        if (length < 0 || length > rest.Length - 8)
            throw new DataException($"{path}: piece {id} of {length:N0} bytes does not lie in the file; it is cut or damaged, fetch it again.");
        float score = BinaryPrimitives.ReadSingleLittleEndian(rest);
        string text = Encoding.UTF8.GetString(rest.Slice(8, length));
        rest = rest[(8 + length)..];
        return new(TypeOf(id) switch
        {
            PieceType.Control => text.Trim('\n'),
            PieceType.Normal => text.Replace(' ', Space),
            _ => text,
        }, score, TypeOf(id));
    }

    // The marks have line ends around them there, so that a person sees them.
    static string TextOf(string piece, int id) => TypeOf(id) switch
    {
        PieceType.Control => $"\n{piece}\n",
        PieceType.Normal => piece.Replace(Space, ' '),
        _ => piece,
    };

    static PieceType TypeOf(int id) => id switch
    {
        0 => PieceType.Unknown,
        Begin or End => PieceType.Control,
        < FirstText => PieceType.Byte,
        _ => PieceType.Normal,
    };
}
