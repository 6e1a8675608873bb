using System.Buffers.Binary;
using System.Text.Json;

namespace Cria.Engine.Tensors;

/// <summary>A tensor in a safetensors file: its type as the file spells it, its sizes, and where its bytes lie.</summary>
public sealed record SafetensorsEntry(string Name, string Type, int[] Sizes, long Offset, long Bytes)
{
    public long Length => Sizes.Aggregate(1L, (product, size) => product * size);
}

/// <summary>
/// Reads safetensors: 8 bytes of header length, a JSON header, then raw little-endian data. Files are hostile: every
/// length is checked before anything is allocated.
/// </summary>
public sealed class SafetensorsReader : IDisposable
{
    const long MaxHeaderBytes = 100 << 20;

    readonly FileStream _file;
    readonly Dictionary<string, SafetensorsEntry> _entries = [];

    public SafetensorsReader(string path)
    {
        Path = path;
        if (!File.Exists(path))
            throw new CheckpointException($"{path} does not exist.");
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            ReadHeader();
        }
        catch (Exception e)
        {
            _file.Dispose();
            if (e is CheckpointException)
                throw;
            throw new CheckpointException($"{path} is not a safetensors file: {e.Message}");
        }
    }

    public string Path { get; }

    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    /// <summary>The free text of <c>__metadata__</c>.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Whether a file begins as safetensors do: the length of a header that fits the file, and its opening brace.</summary>
    public static bool Recognizes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Span<byte> head = stackalloc byte[9];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head[8] == (byte)'{'
            && BinaryPrimitives.ReadUInt64LittleEndian(head) <= (ulong)file.Length - 8;
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
        const int chunk = 1 << 16;
        byte[] buffer = new byte[Math.Min(chunk * 8, Math.Max(8, entry.Bytes))];
        int width = Width(entry.Type), done = 0;
        _file.Position = entry.Offset + first * width;
        while (done < destination.Length)
        {
            int count = Math.Min(chunk, destination.Length - done);
            var bytes = buffer.AsSpan(0, count * width);
            _file.ReadExactly(bytes);
            var into = destination.Slice(done, count);
            for (int i = 0; i < count; i++)
                into[i] = Number(entry.Type, bytes[(i * width)..]);
            done += count;
        }
    }

    /// <summary>The bytes of a tensor of the same type and length, as they are.</summary>
    public void Read(SafetensorsEntry entry, Tensor destination)
    {
        if (entry.Type != destination.DType.ToString() || entry.Bytes != destination.SizeInBytes)
            throw new CheckpointException(
                $"{Path}: {entry.Name} is {entry.Type} of {entry.Length:N0} numbers where {destination.DType} of {destination.Length:N0} was expected.");
        byte[] buffer = new byte[(int)Math.Min(1 << 18, entry.Bytes)];
        _file.Position = entry.Offset;
        for (long start = 0; start < entry.Bytes; start += buffer.Length)
        {
            var bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, entry.Bytes - start));
            _file.ReadExactly(bytes);
            destination.Device.CopyFromHost(destination.Address + (nint)start, bytes);
        }
    }

    public void Dispose() => _file.Dispose();

    static float Number(string type, ReadOnlySpan<byte> bytes) => type switch
    {
        "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16), // BF16
    };

    static int Width(string type) => type switch { "F64" => 8, "F32" => 4, "F16" or "BF16" => 2, _ => 0 };

    void ReadHeader()
    {
        long size = _file.Length;
        if (size < 8)
            throw new CheckpointException($"{Path} has {size} bytes; a safetensors file begins with 8 bytes of header length.");
        Span<byte> prefix = stackalloc byte[8];
        _file.ReadExactly(prefix);
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (header > MaxHeaderBytes || (long)header > size - 8)
            throw new CheckpointException($"{Path} says its header has {header:N0} bytes, and the file has {size:N0}; it is cut or not safetensors.");
        byte[] json = new byte[header];
        _file.ReadExactly(json);
        using var document = JsonDocument.Parse(json);
        long data = 8 + (long)header;
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                foreach (var item in property.Value.EnumerateObject())
                    Metadata[item.Name] = item.Value.GetString() ?? "";
                continue;
            }
            _entries.Add(property.Name, Entry(property.Name, property.Value, data, size));
        }
    }

    SafetensorsEntry Entry(string name, JsonElement value, long data, long size)
    {
        string type = value.GetProperty("dtype").GetString() ?? "";
        int[] sizes = [.. value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];
        long begin = value.GetProperty("data_offsets")[0].GetInt64(), end = value.GetProperty("data_offsets")[1].GetInt64();
        if (begin < 0 || end < begin || end > size - data)
            throw new CheckpointException(
                $"{Path}: {name} lies at bytes {begin:N0} to {end:N0} of the data, and there are {size - data:N0}; the file is cut or damaged.");
        var entry = new SafetensorsEntry(name, type, sizes, data + begin, end - begin);
        int width = Width(type);
        decimal expected = sizes.Aggregate((decimal)width, (product, n) => product * n);
        if (width != 0 && (sizes.Any(n => n < 0) || expected != entry.Bytes))
            throw new CheckpointException($"{Path}: {name} is {type} of {string.Join(" × ", sizes)}, which is not {entry.Bytes:N0} bytes.");
        return entry;
    }

    /// <summary>The entry of a floating-point tensor.</summary>
    public SafetensorsEntry Find(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new CheckpointException($"{Path} has no tensor named {name}.");
        if (Width(entry.Type) == 0)
            throw new CheckpointException($"{Path}: {name} is of type {entry.Type}; F32, F64, F16 and BF16 can be read.");
        return entry;
    }
}
