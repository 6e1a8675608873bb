namespace Cria.Data.Sampling;

/// <summary>A run of inputs inside one document, in eight bytes: where it begins in the stream, and how many rows it
/// takes.</summary>
readonly record struct Piece
{
    public const int MaxLength = (1 << LengthBits) - 1;

    public const long MaxStart = (1L << (64 - LengthBits)) - 1;

    const int LengthBits = 25;

    readonly ulong _packed;

    public Piece(long start, int length) => _packed = ((ulong)start << LengthBits) | (uint)length;

    public long Start => (long)(_packed >> LengthBits);

    public int Length => (int)(_packed & MaxLength);
}
