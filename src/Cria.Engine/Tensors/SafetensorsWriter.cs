using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Cria.Engine.Tensors;

/// <summary>
/// Writes F32 tensors as safetensors, the data aligned to 64 bytes in the file: the header first, then the tensors in its
/// order, so that no more than one of them need be in memory.
/// </summary>
public sealed class SafetensorsWriter : IDisposable
{
    readonly FileStream _file;
    readonly IReadOnlyList<(string Name, Shape Shape)> _tensors;
    readonly float[] _buffer = new float[1 << 16];
    int _done;

    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="tensors">What will be appended.</param>
    /// <param name="metadata">The free text of <c>__metadata__</c>; <c>format: pt</c> if not given.</param>
    public SafetensorsWriter(string path, IReadOnlyList<(string Name, Shape Shape)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        _tensors = tensors;
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        byte[] header = Header(tensors, metadata);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        _file.Write(prefix);
        _file.Write(header);
    }

    /// <summary>Writes a whole file.</summary>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var file = new SafetensorsWriter(path, [.. tensors.Select(t => (t.Name, t.Tensor.Shape))], metadata);
        foreach (var (_, tensor) in tensors)
            file.Append(tensor);
        file.Complete();
    }

    /// <summary>The next tensor of the header.</summary>
    public void Append(Tensor tensor)
    {
        if (tensor.DType != DType.F32)
            throw new ArgumentException($"{tensor} is not F32");
        Next(tensor.Length);
        for (long start = 0; start < tensor.Length; start += _buffer.Length)
        {
            var bytes = MemoryMarshal.AsBytes(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, tensor.Length - start)));
            tensor.Device.CopyToHost(bytes, tensor.Address + (nint)(start * sizeof(float)));
            _file.Write(bytes);
        }
    }

    /// <summary>The numbers of the next tensor of the header.</summary>
    public void Append(ReadOnlySpan<float> numbers)
    {
        Next(numbers.Length);
        _file.Write(MemoryMarshal.AsBytes(numbers));
    }

    /// <summary>Everything is on the disk.</summary>
    public void Complete()
    {
        if (_done != _tensors.Count)
            throw new InvalidOperationException($"{_done} of {_tensors.Count} tensors were appended");
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    void Next(long length)
    {
        var (name, shape) = _tensors[_done++];
        if (shape.Length != length)
            throw new ArgumentException($"{name} {shape} is next, and {length} numbers were appended");
    }

    static byte[] Header(IReadOnlyList<(string Name, Shape Shape)> tensors, IReadOnlyDictionary<string, string>? metadata)
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
            foreach (var (name, shape) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (int size in shape.ToArray())
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += shape.Length * sizeof(float));
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
