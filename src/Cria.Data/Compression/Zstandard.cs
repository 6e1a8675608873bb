using System.Runtime.InteropServices;

namespace Cria.Data.Compression;

/// <summary>
/// Unpacks Zstandard (RFC 8878) with the system's libzstd, which is looked for by its own name: nothing is shipped and
/// nothing needs it but files packed with it.
/// </summary>
sealed unsafe class Zstandard
{
    /// <summary>The names under which systems have it.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["libzstd.so.1", "libzstd.so", "libzstd.1.dylib", "libzstd.dylib", "libzstd.dll", "zstd.dll"];

    static readonly Lazy<Zstandard?> Found = new(() => Load(Names));

    readonly delegate* unmanaged<byte*, nuint, byte*, nuint, nuint> _decompress;
    readonly delegate* unmanaged<nint> _createStream;
    readonly delegate* unmanaged<nint, nuint> _freeStream;
    readonly delegate* unmanaged<nint, Buffer*, Buffer*, nuint> _decompressStream;
    readonly delegate* unmanaged<nuint, uint> _isError;
    readonly delegate* unmanaged<nuint, nint> _errorName;

    Zstandard(nint library)
    {
        _decompress = (delegate* unmanaged<byte*, nuint, byte*, nuint, nuint>)NativeLibrary.GetExport(library, "ZSTD_decompress");
        _createStream = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "ZSTD_createDStream");
        _freeStream = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_freeDStream");
        _decompressStream =
            (delegate* unmanaged<nint, Buffer*, Buffer*, nuint>)NativeLibrary.GetExport(library, "ZSTD_decompressStream");
        _isError = (delegate* unmanaged<nuint, uint>)NativeLibrary.GetExport(library, "ZSTD_isError");
        _errorName = (delegate* unmanaged<nuint, nint>)NativeLibrary.GetExport(library, "ZSTD_getErrorName");
    }

    /// <summary>The library of this system.</summary>
    /// <param name="file">The file that needs it, for the sentence.</param>
    /// <exception cref="DataException">There is none.</exception>
    public static Zstandard For(string file) => Found.Value ?? throw Absent(file, Names);

    /// <summary>The first library of these names; null if there is none that can do what is needed.</summary>
    public static Zstandard? Load(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, out nint library))
                continue;
            try
            {
                return new Zstandard(library);
            }
            catch (EntryPointNotFoundException) // something else bears that name
            {
                NativeLibrary.Free(library);
            }
        }

        return null;
    }

    /// <summary>What to say where no library is found.</summary>
    public static DataException Absent(string file, IEnumerable<string> names) => new(
        $"{file} is packed with Zstandard, and the system has none of {string.Join(", ", names)}; install libzstd " +
        "(Debian and Ubuntu: apt install libzstd1), or unpack the file with `zstd -d` first.");

    /// <summary>Unpacks whole frames into memory that they must fill.</summary>
    /// <exception cref="InvalidDataException">They are damaged, or of another size.</exception>
    public void Decompress(ReadOnlySpan<byte> packed, Span<byte> unpacked)
    {
        nuint length;
        fixed (byte* source = packed, target = unpacked)
            length = _decompress(target, (nuint)unpacked.Length, source, (nuint)packed.Length);
        Check(length);
        if (length != (nuint)unpacked.Length)
            throw new InvalidDataException($"the packed data hold {length} bytes where {unpacked.Length} are announced");
    }

    /// <summary>A new unpacker, which remembers what came before.</summary>
    public Handle CreateStream()
    {
        nint stream = _createStream();
        return stream != 0 ? new Handle(stream, _freeStream) : throw new InsufficientMemoryException("libzstd got no memory");
    }

    /// <summary>Unpacks as much as fits.</summary>
    /// <returns>Bytes read, bytes written, and whether a frame ended just there.</returns>
    /// <exception cref="InvalidDataException">The data are damaged, or need more than 128 MB to be unpacked.</exception>
    public (int Read, int Written, bool EndsFrame) Decompress(Handle stream, ReadOnlySpan<byte> packed, Span<byte> unpacked)
    {
        fixed (byte* source = packed, target = unpacked)
        {
            Buffer input = new() { Bytes = source, Size = (nuint)packed.Length };
            Buffer output = new() { Bytes = target, Size = (nuint)unpacked.Length };
            nuint hint = _decompressStream(stream.DangerousGetHandle(), &output, &input);
            GC.KeepAlive(stream);
            Check(hint);
            return ((int)input.Position, (int)output.Position, hint == 0);
        }
    }

    void Check(nuint result)
    {
        if (_isError(result) == 0)
            return;
        string name = Marshal.PtrToStringUTF8(_errorName(result)) ?? "unknown error";
        throw new InvalidDataException(name.Contains("too much memory", StringComparison.Ordinal)
            ? "unpacking needs a window of more than 128 MB (pack it again with `zstd --long=27` or less)"
            : $"libzstd says \"{name}\"");
    }

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Buffer
    {
        public byte* Bytes;
        public nuint Size;
        public nuint Position;
    }

    /// <summary>An unpacker's memory.</summary>
    public sealed class Handle : SafeHandle
    {
        readonly delegate* unmanaged<nint, nuint> _free;

        internal Handle(nint stream, delegate* unmanaged<nint, nuint> free)
            : base(0, ownsHandle: true)
        {
            _free = free;
            SetHandle(stream);
        }

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            _free(handle);
            return true;
        }
    }
}
