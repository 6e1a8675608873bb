namespace Cria.Data.Parquet;

/// <summary>How the pages of a column are packed (parquet.thrift, CompressionCodec).</summary>
enum PageCodec
{
    Uncompressed = 0,
    Snappy = 1,
    Gzip = 2,
    Lzo = 3,
    Brotli = 4,
    Lz4 = 5,
    Zstd = 6,
    Lz4Raw = 7,
}
