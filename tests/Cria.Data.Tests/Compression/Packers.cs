using System.IO.Compression;
using System.Runtime.InteropServices;
using Cria.Data.Compression;

namespace Cria.Data.Tests.Compression;

/// <summary>Packs bytes as other programs do.</summary>
static class Packers
{
    delegate nuint Compress(byte[] target, nuint capacity, byte[] source, nuint size, int level);

    /// <summary>The content under the ending of its packer: ".gz", ".zst", ".br", or "" as it is.</summary>
    public static byte[] Pack(byte[] content, string ending) => ending switch
    {
        ".gz" => Through(content, stream => new GZipStream(stream, CompressionLevel.Fastest)),
        ".br" => Through(content, stream => new BrotliStream(stream, CompressionLevel.Fastest)),
        ".zst" => Zstandard(content),
        _ => content,
    };

    /// <summary>One frame by libzstd; the test is skipped where that is missing.</summary>
    public static byte[] Zstandard(byte[] content)
    {
        string? name = Cria.Data.Compression.Zstandard.Names.FirstOrDefault(name => NativeLibrary.TryLoad(name, out _));
        Assert.SkipWhen(name is null, "libzstd is missing");
        var compress = Marshal.GetDelegateForFunctionPointer<Compress>(
            NativeLibrary.GetExport(NativeLibrary.Load(name!), "ZSTD_compress"));
        byte[] packed = new byte[content.Length + content.Length / 100 + 1000];
        return packed[..(int)compress(packed, (nuint)packed.Length, content, (nuint)content.Length, 3)];
    }

    static byte[] Through(byte[] content, Func<Stream, Stream> packer)
    {
        using var packed = new MemoryStream();
        using (Stream stream = packer(packed))
            stream.Write(content);
        return packed.ToArray();
    }
}
