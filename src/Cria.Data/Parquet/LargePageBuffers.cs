namespace Cria.Data.Parquet;

/// <summary>
/// Memory in which one large page after the other is read and unpacked: DuckDB's have a hundred megabytes, and fresh
/// memory for each would wait for the garbage collector. Such a page is gone when the next one is read.
/// </summary>
sealed class LargePageBuffers
{
    /// <summary>Smaller pages have memory of their own.</summary>
    public const int LargeBytes = 4 << 20;

    byte[] _packed = [], _unpacked = [];

    /// <summary>Memory for a page as it lies in the file.</summary>
    public byte[] Packed(int size) => AtLeast(ref _packed, size);

    /// <summary>Memory for a page unpacked.</summary>
    public byte[] Unpacked(int size) => AtLeast(ref _unpacked, size);

    // Pages of one writer differ by little, so a little more than is needed is enough for the next. Pinned, because objects
    // of this size among the others would make the collector let hundreds of megabytes of them pile up.
    static byte[] AtLeast(ref byte[] buffer, int size)
    {
        if (buffer.Length < size)
            buffer = GC.AllocateUninitializedArray<byte>(size + (size / 16), pinned: true);
        return buffer;
    }
}
