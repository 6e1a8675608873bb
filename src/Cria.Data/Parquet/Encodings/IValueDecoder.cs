namespace Cria.Data.Parquet.Encodings;

/// <summary>Byte arrays as one of Parquet's encodings writes them (Encodings.md of Apache Parquet), nulls left out.</summary>
interface IValueDecoder
{
    /// <summary>
    /// The next values: as many as there is room for, or fewer, but at least one, where they come to
    /// <paramref name="maxBytes"/> before.
    /// </summary>
    /// <param name="ranges">Filled from its beginning; not empty.</param>
    /// <param name="maxBytes">The last value may go beyond it.</param>
    /// <param name="bytes">What the ranges point into.</param>
    /// <returns>How many were read.</returns>
    /// <exception cref="InvalidDataException">The values end too early, or point outside the page.</exception>
    int Read(Span<ByteRange> ranges, long maxBytes, out ReadOnlyMemory<byte> bytes);
}
