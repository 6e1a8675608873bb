using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Cria.Engine.Tensors;

/// <summary>
/// Writes F32 and BF16 tensors as safetensors, the data aligned to 64 bytes in the file: the header first, then the tensors in its
/// order, so that no more than one of them need be in memory.
/// </summary>
public sealed class SafetensorsWriter : IDisposable
{
    readonly FileStream _file;
    readonly IReadOnlyList<(string Name, DType Type, Shape Shape)> _tensors;
    readonly byte[] _buffer = new byte[1 << 18];
    int _begun;
    long _missing; // numbers of the tensor that is being appended

    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="tensors">What will be appended.</param>
    /// <param name="type">F32 or BF16: how they are written.</param>
    /// <param name="metadata">The free text of <c>__metadata__</c>; <c>format: pt</c> if not given.</param>
    public SafetensorsWriter(string path, IReadOnlyList<(string Name, Shape Shape)> tensors, DType type = DType.F32,
        IReadOnlyDictionary<string, string>? metadata = null)
        : this(path, [.. tensors.Select(t => (t.Name, type, t.Shape))], metadata)
    {
    }

    SafetensorsWriter(string path, IReadOnlyList<(string Name, DType Type, Shape Shape)> tensors,
        IReadOnlyDictionary<string, string>? metadata)
    {
        _tensors = tensors;
        byte[] header = Header(tensors, metadata); // before there is a file that would stay open
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        try
        {
            _file.Write(prefix);
            _file.Write(header);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a whole file.</summary>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var file = new SafetensorsWriter(path, [.. tensors.Select(t => (t.Name, t.Tensor.DType, t.Tensor.Shape))], metadata);
        foreach (var (_, tensor) in tensors)
            file.Append(tensor);
        file.Complete();
    }

    /// <summary>The next tensor of the header.</summary>
    public void Append(Tensor tensor)
    {
        Begin();
        Take(tensor.DType, tensor.Length);
        for (long start = 0; start < tensor.SizeInBytes; start += _buffer.Length)
        {
            var bytes = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, tensor.SizeInBytes - start));
            tensor.Device.CopyToHost(bytes, tensor.Address + (nint)start);
            _file.Write(bytes);
        }
    }

    /// <summary>The numbers of the next tensor of the header, all of them.</summary>
    public void Append(ReadOnlySpan<float> numbers)
    {
        Begin();
        AppendPiece(numbers);
    }

    /// <summary>The next tensor of the header begins; its numbers are appended in pieces.</summary>
    public void Begin()
    {
        if (_missing != 0)
            throw new InvalidOperationException($"{_missing} numbers of {_tensors[_begun - 1].Name} are missing");
        _missing = _tensors[_begun++].Shape.Length;
    }

    /// <summary>The next numbers of the tensor that was begun, rounded to the nearest where it is BF16.</summary>
    public void AppendPiece(ReadOnlySpan<float> numbers)
    {
        var type = _tensors[_begun - 1].Type;
        Take(type, numbers.Length);
        if (type == DType.F32)
        {
            _file.Write(MemoryMarshal.AsBytes(numbers));
            return;
        }
        var halves = MemoryMarshal.Cast<byte, ushort>(_buffer.AsSpan());
        while (numbers.Length > 0)
        {
            int count = Math.Min(halves.Length, numbers.Length);
            for (int i = 0; i < count; i++)
                halves[i] = Rounding.Nearest(numbers[i]);
            _file.Write(_buffer.AsSpan(0, count * sizeof(ushort)));
            numbers = numbers[count..];
        }
    }

    /// <summary>Everything is on the disk.</summary>
    public void Complete()
    {
        if (_begun != _tensors.Count || _missing != 0)
            throw new InvalidOperationException($"{_begun} of {_tensors.Count} tensors were begun, and {_missing} numbers of the last are missing");
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    void Take(DType type, long length)
    {
        var (name, expected, shape) = _tensors[_begun - 1];
        if (length > _missing || type != expected)
            throw new ArgumentException($"{name} is {expected}{shape} and lacks {_missing} numbers, and {length} of {type} were appended");
        _missing -= length;
    }

    static string NameOf(string name, DType type) => type is DType.F32 or DType.BF16
        ? type.ToString()
        : throw new ArgumentException($"{name} is {type}; F32 and BF16 can be written");

    static byte[] Header(IReadOnlyList<(string Name, DType Type, Shape Shape)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata ?? new Dictionary<string, string> { ["format"] = "pt" })
                json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (var (name, type, shape) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", NameOf(name, type));
                json.WriteStartArray("shape");
                foreach (int size in shape.ToArray())
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += shape.Length * type.SizeInBytes());
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while ((stream.Length + 8) % 64 != 0)
            stream.WriteByte((byte)' ');
        return stream.ToArray();
    }
}
