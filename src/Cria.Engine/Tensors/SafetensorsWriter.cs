using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Cria.Engine.Tensors;

/// <summary>Writes F32 tensors as safetensors, in the order given, the data aligned to 64 bytes in the file.</summary>
public static class SafetensorsWriter
{
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        byte[] header = Header(tensors, metadata);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        file.Write(prefix);
        file.Write(header);
        float[] buffer = new float[1 << 16];
        foreach (var (_, tensor) in tensors)
            Write(file, tensor, buffer);
        file.Flush(flushToDisk: true);
    }

    static void Write(FileStream file, Tensor tensor, float[] buffer)
    {
        if (tensor.DType != DType.F32)
            throw new ArgumentException($"{tensor} is not F32");
        for (long start = 0; start < tensor.Length; start += buffer.Length)
        {
            var bytes = MemoryMarshal.AsBytes(buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.Length - start)));
            tensor.Device.CopyToHost(bytes, tensor.Address + (nint)(start * sizeof(float)));
            file.Write(bytes);
        }
    }

    static byte[] Header(IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
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
            foreach (var (name, tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape.ToArray())
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.SizeInBytes);
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
