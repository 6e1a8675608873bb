namespace Cria.Data.Parquet;

/// <summary>
/// Memory in which one large page after the other is read and unpacked: DuckDB's have a hundred megabytes, and fresh
/// memory for each would wait for the garbage collector. Such a page is gone when the next one is read.
/// </summary>
sealed class LargePageBuffers
{
    /// <summary>Smaller pages have memory of their own.</summary>
    public const int LargeBytes = 4 << 20;

    /// <summary>For the page as it lies in the file.</summary>
    public byte[] Packed { get; set; } = [];

    /// <summary>For the page unpacked.</summary>
    public byte[] Unpacked { get; set; } = [];
}
