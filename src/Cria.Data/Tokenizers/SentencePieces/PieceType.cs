namespace Cria.Data.Tokenizers.SentencePieces;

/// <summary>What a piece is for; the numbers are those of SentencePiece's files, and of GGUF's.</summary>
public enum PieceType
{
    /// <summary>A piece of text.</summary>
    Normal = 1,

    /// <summary>Stands for all that the vocabulary cannot say.</summary>
    Unknown = 2,

    /// <summary>A mark such as <c>&lt;s&gt;</c>: never made from text, and no text when decoded.</summary>
    Control = 3,

    /// <summary>Cut out of the text before anything else, and never cut apart.</summary>
    UserDefined = 4,

    /// <summary>May be a step of merging, but is taken apart again at the end.</summary>
    Unused = 5,

    /// <summary>One byte, named <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
    Byte = 6,
}
