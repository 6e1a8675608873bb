using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Cria.Engine.Tensors;

/// <summary>A tensor in a safetensors file: its type as the file spells it, its sizes, and where its bytes lie.</summary>
public sealed record SafetensorsEntry(string Name, string Type, int[] Sizes, long Offset, long Bytes)
{
    /// <summary>How many numbers; asked for with every piece that is read.</summary>
    public long Length { get; } = Sizes.Aggregate(1L, (product, size) => product * size);
}

/// <summary>
/// Reads safetensors by memory map: 8 bytes of header length, a JSON header, then raw little-endian data. Files are hostile:
/// <see cref="SafetensorsHeader"/> checks every claim before anything is read by it.
/// </summary>
public sealed class SafetensorsReader : IDisposable
{
    const int PieceNumbers = 1 << 13;

    readonly MappedFile _file;
    readonly SafetensorsHeader _header;
    byte[]? _piece;

    /// <exception cref="CheckpointException">The file is not there, cut, damaged, or lies.</exception>
    public SafetensorsReader(string path)
    {
        _file = new(path);
        try
        {
            _header = SafetensorsHeader.Read(_file);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Path => _file.Path;

    /// <summary>By name, in the order of the header.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _header.Entries;

    /// <summary>The free text of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Whether a file begins as safetensors do: the length of a header that fits the file, and its opening brace.</summary>
    public static bool Recognizes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Span<byte> head = stackalloc byte[9];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head[8] == (byte)'{'
            && BinaryPrimitives.ReadUInt64LittleEndian(head) <= (ulong)file.Length - 8;
    }

    /// <summary>The entry of a floating-point tensor.</summary>
    public SafetensorsEntry Find(string name)
    {
        if (!Entries.TryGetValue(name, out var entry))
            throw new CheckpointException($"{Path} has no tensor named {name}.");
        if (Width(entry.Type) == 0)
            throw new CheckpointException($"{Path}: {name} is of type {entry.Type}; F32, F64, F16 and BF16 can be read.");
        return entry;
    }

    /// <summary>The numbers of a tensor, widened or rounded to F32.</summary>
    public void Read(SafetensorsEntry entry, Span<float> destination)
    {
        if (entry.Length != destination.Length)
            throw new CheckpointException($"{Path}: {entry.Name} has {entry.Length:N0} numbers where {destination.Length:N0} were expected.");
        Read(entry, 0, destination);
    }

    /// <summary>Numbers of a tensor from <paramref name="first"/> on, widened or rounded to F32.</summary>
    public void Read(SafetensorsEntry entry, long first, Span<float> destination)
    {
        if (first < 0 || first + destination.Length > entry.Length)
            throw new ArgumentException($"{destination.Length:N0} numbers from {first:N0} on are not within the {entry.Length:N0} of {entry.Name}");
        int width = Width(entry.Type);
        long offset = entry.Offset + first * width;
        if (entry.Type == "F32")
        {
            _file.Read(offset, MemoryMarshal.AsBytes(destination));
            return;
        }
        _piece ??= new byte[PieceNumbers * sizeof(double)];
        while (destination.Length > 0)
        {
            var numbers = destination[..Math.Min(PieceNumbers, destination.Length)];
            var bytes = _piece.AsSpan(0, numbers.Length * width);
            _file.Read(offset, bytes);
            Widen(entry.Type, bytes, numbers);
            destination = destination[numbers.Length..];
            offset += bytes.Length;
        }
    }

    /// <summary>The bytes of a tensor of the same type and length, as they are.</summary>
    public void Read(SafetensorsEntry entry, Tensor destination)
    {
        if (entry.Type != destination.DType.ToString() || entry.Bytes != destination.SizeInBytes)
            throw new CheckpointException(
                $"{Path}: {entry.Name} is {entry.Type} of {entry.Length:N0} numbers where {destination.DType} of {destination.Length:N0} was expected.");
        byte[] buffer = new byte[(int)Math.Min(1 << 18, entry.Bytes)];
        for (long start = 0; start < entry.Bytes; start += buffer.Length)
        {
            var bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, entry.Bytes - start));
            _file.Read(entry.Offset + start, bytes);
            destination.Device.CopyFromHost(destination.Address + (nint)start, bytes);
        }
    }

    public void Dispose() => _file.Dispose();

    static int Width(string type) => type switch { "F64" => 8, "F32" => 4, "F16" or "BF16" => 2, _ => 0 };

    // Files and machines that run this are little-endian.
    static void Widen(string type, ReadOnlySpan<byte> bytes, Span<float> numbers)
    {
        if (type == "BF16")
            Widen(MemoryMarshal.Cast<byte, ushort>(bytes), numbers);
        else if (type == "F16")
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
        else
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
    }

    static void Widen(ReadOnlySpan<ushort> halves, Span<float> numbers)
    {
        int i = 0, width = Vector<ushort>.Count;
        for (; i <= halves.Length - width; i += width)
        {
            Vector.Widen(new Vector<ushort>(halves[i..]), out var low, out var high);
            (low << 16).As<uint, float>().CopyTo(numbers[i..]);
            (high << 16).As<uint, float>().CopyTo(numbers[(i + width / 2)..]);
        }
        for (; i < halves.Length; i++) // the last, partial vector
            numbers[i] = Rounding.Widened(halves[i]);
    }
}
