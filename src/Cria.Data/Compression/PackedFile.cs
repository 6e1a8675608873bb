namespace Cria.Data.Compression;

/// <summary>Files as they are found: plain, or packed with gzip, Zstandard or Brotli.</summary>
static class PackedFile
{
    /// <summary>The endings that packers add to a name.</summary>
    static readonly string[] Endings = [".gz", ".zst", ".br"];

    /// <summary>The name that the file had before it was packed.</summary>
    public static string UnpackedName(string path) =>
        Endings.FirstOrDefault(end => path.EndsWith(end, StringComparison.OrdinalIgnoreCase)) is { } ending
            ? path[..^ending.Length]
            : path;

    /// <summary>
    /// The content. gzip and Zstandard are known by their first bytes, since files are renamed more often than
    /// repacked; Brotli has no such mark and goes by its name. What is packed is unpacked on a thread of its own.
    /// </summary>
    /// <exception cref="DataException">The file is packed with Zstandard, and the system cannot unpack that.</exception>
    public static Stream Open(FileStream raw, string path)
    {
        Span<byte> start = stackalloc byte[4];
        start = start[..raw.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        raw.Position = 0;
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return new ReadAheadStream(new GzipReader(raw));
        if (IsZstandard(start))
            return new ReadAheadStream(new ZstandardReader(raw, Zstandard.For(path)));
        return path.EndsWith(".br", StringComparison.OrdinalIgnoreCase)
            ? new ReadAheadStream(new BrotliReader(raw))
            : raw;
    }

    // A frame, or a frame of anything else that readers skip (RFC 8878, 3.1).
    static bool IsZstandard(ReadOnlySpan<byte> start) => start.Length == 4
        && (start.SequenceEqual((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])
            || (start[0] >> 4 == 5 && start[1..].SequenceEqual((ReadOnlySpan<byte>)[0x2A, 0x4D, 0x18])));
}
