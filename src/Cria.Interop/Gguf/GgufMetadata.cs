using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Cria.Engine.Tensors;

namespace Cria.Interop.Gguf;

/// <summary>The metadata of an opened file. A value is read when it is asked for, and of the type that it is asked for as.</summary>
public sealed class GgufMetadata
{
    readonly string _path;
    readonly SafeBuffer _bytes;
    readonly Dictionary<string, GgufValue> _values;

    internal GgufMetadata(string path, SafeBuffer bytes, Dictionary<string, GgufValue> values) =>
        (_path, _bytes, _values) = (path, bytes, values);

    public IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>The elements of an array; 0 where the key is absent.</summary>
    public long CountOf(string key) =>
        _values.TryGetValue(key, out var value) ? value.Type == GgufValueType.Array ? value.Count : throw Wrong(key, value, "an array") : 0;

    /// <summary>A text; null where the key is absent. Bytes that are not UTF-8 become U+FFFD.</summary>
    public string? Text(string key)
    {
        if (!_values.TryGetValue(key, out var value))
            return null;
        if (value.Type != GgufValueType.Text)
            throw Wrong(key, value, "a text");
        return Encoding.UTF8.GetString(Bytes(value.Offset, value.Count, key));
    }

    /// <summary>A whole number of any width; null where the key is absent.</summary>
    public long? Whole(string key)
    {
        if (!_values.TryGetValue(key, out var value))
            return null;
        return WholeAt(value.Type, value.Offset) is { } whole ? whole : throw Wrong(key, value, "a whole number below 2^63");
    }

    /// <summary>A number of any kind; null where the key is absent.</summary>
    public double? Real(string key)
    {
        if (!_values.TryGetValue(key, out var value))
            return null;
        return value.Type switch
        {
            GgufValueType.Float32 => _bytes.Read<float>((ulong)value.Offset),
            GgufValueType.Float64 => _bytes.Read<double>((ulong)value.Offset),
            _ => WholeAt(value.Type, value.Offset) ?? throw Wrong(key, value, "a number"),
        };
    }

    /// <summary>Yes or no; null where the key is absent.</summary>
    public bool? Flag(string key)
    {
        if (!_values.TryGetValue(key, out var value))
            return null;
        return value.Type == GgufValueType.Bool ? _bytes.Read<byte>((ulong)value.Offset) != 0 : throw Wrong(key, value, "yes or no");
    }

    /// <summary>An array of texts, as their bytes.</summary>
    /// <exception cref="CheckpointException">It is absent or of another type.</exception>
    public byte[][] Texts(string key)
    {
        var value = Array(key, GgufValueType.Text);
        byte[][] texts = new byte[value.Count][];
        long at = value.Offset;
        for (int i = 0; i < texts.Length; i++)
        {
            long length = _bytes.Read<long>((ulong)at);
            texts[i] = Bytes(at + 8, length, key);
            at += 8 + length;
        }
        return texts;
    }

    /// <summary>An array of numbers.</summary>
    /// <typeparam name="T">The type that its elements have in the file.</typeparam>
    /// <exception cref="CheckpointException">It is absent or of another type.</exception>
    public T[] Numbers<T>(string key) where T : unmanaged
    {
        var value = Array(key, GgufValueTypes.Of<T>());
        T[] numbers = new T[value.Count];
        _bytes.ReadSpan((ulong)value.Offset, MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }

    GgufValue Array(string key, GgufValueType element)
    {
        if (!_values.TryGetValue(key, out var value))
            throw new CheckpointException($"{_path} has no {key}.");
        if (value.Type != GgufValueType.Array || value.Element != element || value.Count > int.MaxValue)
            throw Wrong(key, value, $"an array of {element}");
        return value;
    }

    long? WholeAt(GgufValueType type, long offset) => type switch
    {
        GgufValueType.UInt8 => _bytes.Read<byte>((ulong)offset),
        GgufValueType.Int8 => _bytes.Read<sbyte>((ulong)offset),
        GgufValueType.UInt16 => _bytes.Read<ushort>((ulong)offset),
        GgufValueType.Int16 => _bytes.Read<short>((ulong)offset),
        GgufValueType.UInt32 => _bytes.Read<uint>((ulong)offset),
        GgufValueType.Int32 => _bytes.Read<int>((ulong)offset),
        GgufValueType.Int64 => _bytes.Read<long>((ulong)offset),
        GgufValueType.UInt64 => _bytes.Read<ulong>((ulong)offset) is <= long.MaxValue and ulong whole ? (long)whole : null,
        _ => null,
    };

    byte[] Bytes(long offset, long count, string key)
    {
        if (count > System.Array.MaxLength)
            throw new CheckpointException($"{_path}: {key} has a text of {count:N0} bytes, which is no text.");
        byte[] bytes = new byte[count];
        _bytes.ReadSpan((ulong)offset, bytes.AsSpan());
        return bytes;
    }

    CheckpointException Wrong(string key, GgufValue value, string expected) => new(value.Type == GgufValueType.Array
        ? $"{_path}: {key} is an array of {value.Count:N0} {value.Element}, and {expected} was expected."
        : $"{_path}: {key} is {value.Type}, and {expected} was expected.");
}
