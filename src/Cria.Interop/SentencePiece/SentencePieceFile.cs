using Cria.Data;
using Cria.Data.Tokenizers.Normalizers;
using Cria.Data.Tokenizers.SentencePieces;

namespace Cria.Interop.SentencePiece;

/// <summary>SentencePiece's <c>.model</c>: one Protocol Buffers message with the pieces and how text is prepared.</summary>
public static class SentencePieceFile
{
    public const string FileName = "tokenizer.model";

    /// <summary>No real .model is larger; a file that is, is something else.</summary>
    const long LargestFile = 256L << 20;

    /// <exception cref="DataException">The file is absent, damaged or of a kind this reader does not know.</exception>
    public static SentencePieceTokenizer Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return new SentencePieceTokenizer(Parse(SmallFile.Read(path, LargestFile)));
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"{path} is no SentencePiece model: {e.Message}; fetch it again.", e);
        }
        catch (DataException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new DataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Whether bytes begin like a .model: with a piece, field 1 of the message.</summary>
    public static bool LooksLike(ReadOnlySpan<byte> start) => start is [0x0A, _, 0x0A, ..];

    static SentencePieceModel Parse(byte[] file)
    {
        List<Piece> pieces = [];
        SentencePieceModel model = new() { Pieces = pieces, ByteFallback = false, RemoveExtraWhitespaces = true };
        TrainerFields trainer = new();
        ProtobufReader message = new(file);
        while (message.Read())
            switch (message.Field)
            {
                case 1:
                    pieces.Add(ReadPiece(message.Bytes()));
                    break;
                case 2:
                    trainer.Read(message.Bytes());
                    break;
                case 3:
                    model = WithNormalizer(model, message.Bytes());
                    break;
            }
        return model with
        {
            Kind = trainer.Kind(),
            ByteFallback = trainer.ByteFallback,
            UnknownSurface = trainer.UnknownSurface,
            BeginOfText = Control(pieces, trainer.BeginPiece),
            EndOfText = Control(pieces, trainer.EndPiece),
        };
    }

    static Piece ReadPiece(ReadOnlySpan<byte> bytes)
    {
        (string text, float score, int type) = ("", 0, (int)PieceType.Normal);
        ProtobufReader message = new(bytes);
        while (message.Read())
            switch (message.Field)
            {
                case 1:
                    text = message.Text();
                    break;
                case 2:
                    score = message.Float();
                    break;
                case 3:
                    type = message.Int();
                    break;
            }
        return new Piece(text, score, (PieceType)type);
    }

    static SentencePieceModel WithNormalizer(SentencePieceModel model, ReadOnlySpan<byte> bytes)
    {
        ProtobufReader message = new(bytes);
        while (message.Read())
            model = message.Field switch
            {
                2 when message.Bytes().Length > 0 => model with { CharacterMap = new CharacterMap(message.Bytes().ToArray()) },
                3 => model with { AddDummyPrefix = message.Bool() },
                4 => model with { RemoveExtraWhitespaces = message.Bool() },
                5 => model with { EscapeWhitespaces = message.Bool() },
                _ => model,
            };
        return model;
    }

    static int? Control(List<Piece> pieces, string text)
    {
        int id = pieces.FindIndex(piece => piece.Type == PieceType.Control && piece.Text == text);
        return id < 0 ? null : id;
    }

    /// <summary>What the trainer's part of the file says of use; the rest is history.</summary>
    sealed class TrainerFields
    {
        int _kind = (int)SegmentationKind.Unigram;
        bool _hasSpaceAsSuffix;

        public bool ByteFallback { get; private set; }

        public string UnknownSurface { get; private set; } = " ⁇ ";

        public string BeginPiece { get; private set; } = "<s>";

        public string EndPiece { get; private set; } = "</s>";

        public void Read(ReadOnlySpan<byte> bytes)
        {
            ProtobufReader message = new(bytes);
            while (message.Read())
                switch (message.Field)
                {
                    case 3:
                        _kind = message.Int();
                        break;
                    case 24:
                        _hasSpaceAsSuffix = message.Bool();
                        break;
                    case 35:
                        ByteFallback = message.Bool();
                        break;
                    case 44:
                        UnknownSurface = message.Text();
                        break;
                    case 46:
                        BeginPiece = message.Text();
                        break;
                    case 47:
                        EndPiece = message.Text();
                        break;
                }
        }

        public SegmentationKind Kind()
        {
            if (_hasSpaceAsSuffix)
                throw new DataException("treat_whitespace_as_suffix is not supported; only models with the space before a word are.");
            return Enum.IsDefined((SegmentationKind)_kind)
                ? (SegmentationKind)_kind
                : throw new DataException($"the model type {_kind} is not supported; known are 1 (unigram) and 2 (BPE).");
        }
    }
}
