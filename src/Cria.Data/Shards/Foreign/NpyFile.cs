using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Cria.Data.Shards.Foreign;

/// <summary>
/// An array that NumPy saved (numpy.lib.format; Inheritune's FineWeb shards): a magic, a version, the length of a Python
/// dictionary, the dictionary with the type and the shape, then the ids. It is one-dimensional and little-endian here.
/// </summary>
sealed partial class NpyFile : ITokenFileFormat
{
    const int VersionAt = 6, LengthAt = 8, Alignment = 64;

    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public string Name => "npy";

    public bool IsFilledUp => false;

    public bool Recognises(ReadOnlySpan<byte> beginning) => beginning.StartsWith(Magic);

    public TokenFileLayout Layout(string path, ReadOnlySpan<byte> beginning, long fileLength, int bytesPerToken)
    {
        (int from, long start) = Dictionary(path, beginning);
        string dictionary = Encoding.Latin1.GetString(beginning[from..(int)start]);
        int width = Type.Match(dictionary).Groups[1].Value switch
        {
            "<u2" => sizeof(ushort),
            "<u4" or "<i4" => sizeof(uint),
            string type => throw new DataException(
                $"{path} holds numbers of the type '{type}'; expected ids, of '<u2' or '<u4': save it again with .astype('<u2')."),
        };
        if (!ulong.TryParse(Shape.Match(dictionary).Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong tokens)
            || !RowsFirst.IsMatch(dictionary))
        {
            throw new DataException($"{path} is no array of one dimension in C's order ({dictionary.Trim()}); " +
                "save it again with numpy.ravel.");
        }

        UInt128 length = (UInt128)start + (UInt128)tokens * (UInt128)width;
        if (length != (UInt128)fileLength)
        {
            throw new DataException($"{path} says that it holds {tokens} tokens, which would take {length} bytes, and has {fileLength}; " +
                "it is cut or damaged: fetch it again.");
        }

        return new TokenFileLayout(start, (long)tokens, width);
    }

    public byte[] Header(long tokens, int bytesPerToken)
    {
        string dictionary = string.Create(CultureInfo.InvariantCulture,
            $"{{'descr': '<u{bytesPerToken}', 'fortran_order': False, 'shape': ({tokens},), }}");
        int length = 2 * Alignment - LengthAt - sizeof(ushort);
        return
        [
            .. Magic, 1, 0, (byte)length, 0, .. Encoding.ASCII.GetBytes(dictionary.PadRight(length - 1)), (byte)'\n',
        ];
    }

    // Where the dictionary begins and ends. Its length takes two bytes in version 1 and four since.
    static (int From, long To) Dictionary(string path, ReadOnlySpan<byte> beginning)
    {
        int version = beginning.Length > VersionAt ? beginning[VersionAt] : 0;
        int from = LengthAt + (version == 1 ? sizeof(ushort) : sizeof(uint));
        if (beginning.Length < from)
            throw new DataException($"{path} ends inside its header; fetch it again.");
        if (version is < 1 or > 3)
            throw new DataException($"{path} has version {version} of NumPy's format; expected 1, 2 or 3.");
        long length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(beginning[LengthAt..])
            : BinaryPrimitives.ReadUInt32LittleEndian(beginning[LengthAt..]);
        if (from + length > beginning.Length)
        {
            throw new DataException($"{path} has a header of {length} bytes, which is more than an array of ids has or the file holds; " +
                "fetch it again.");
        }

        return (from, from + length);
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'", RegexOptions.CultureInvariant)]
    static partial Regex Type { get; }

    [GeneratedRegex(@"'shape'\s*:\s*\(\s*([0-9]+)\s*,\s*\)", RegexOptions.CultureInvariant)]
    static partial Regex Shape { get; }

    [GeneratedRegex(@"'fortran_order'\s*:\s*False", RegexOptions.CultureInvariant)]
    static partial Regex RowsFirst { get; }
}
