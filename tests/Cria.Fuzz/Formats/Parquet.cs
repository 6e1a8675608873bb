using System.Buffers.Binary;
using Cria.Data.Readers;

namespace Cria.Fuzz.Formats;

/// <summary>A file of another program (scripts/make-parquet-files.mjs), its texts read with a group beside them.</summary>
sealed class Parquet(string file, string? group) : IFormat
{
    const int Tail = 8;

    /// <summary>2^31 - 1 and its like as Thrift's numbers.</summary>
    static readonly byte[][] Numbers =
    [
        [0xFE, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x80, 0x80, 0x80, 0x80, 0x10], [0x00], [0x01], [0x02],
        [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
    ];

    public string Name => $"parquet-{Path.GetFileNameWithoutExtension(file)}";

    // Snappy makes at most 22 bytes of one
    public int Expansion => 24;

    public string Make(string folder)
    {
        string path = Path.Combine(folder, "texts.parquet");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Parquet", file), path);
        return path;
    }

    public byte[] Lie(Random random, byte[] good)
    {
        int footer = good.Length - Tail - BinaryPrimitives.ReadInt32LittleEndian(good.AsSpan(good.Length - Tail));
        if (random.Next(8) == 0)
            return Lies.At(random, good, good.Length - Tail, sizeof(int));
        if (random.Next(3) == 0) // a length or a count in a page
            return Lies.At(random, good, random.Next(footer - sizeof(int)), sizeof(int));

        // A number of the footer or of a page's header becomes another, of another length perhaps: all that follows moves.
        int at = random.Next(3) == 0 ? random.Next(footer) : random.Next(footer, good.Length - Tail), end = at;
        while (end < good.Length - Tail - 1 && good[end] >= 128)
            end++;
        byte[] number = random.Next(4) == 0 ? [(byte)random.Next(256)] : Numbers[random.Next(Numbers.Length)];
        byte[] bytes = [.. good[..at], .. number, .. good[(end + 1)..]];
        if (at >= footer)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(bytes.Length - Tail), bytes.Length - Tail - footer);
        return bytes;
    }

    public void Read(string path, MeteredDevice device)
    {
        foreach (var document in DocumentReader.Open([path], new ReaderOptions { GroupField = group }))
            _ = document.Utf8.Length + (document.Group?.Length ?? 0);
    }
}
