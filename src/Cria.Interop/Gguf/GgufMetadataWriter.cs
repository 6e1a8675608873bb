using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Cria.Interop.Gguf;

/// <summary>The metadata of a file to be written, in the order in which it is added; each key once.</summary>
public sealed class GgufMetadataWriter
{
    readonly ArrayBufferWriter<byte> _bytes = new();
    readonly HashSet<string> _keys = [];

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Count;

    /// <summary>Keys, types and values as they stand in the file.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Add(string key, string text)
    {
        Key(key, GgufValueType.Text);
        Text(Encoding.UTF8.GetBytes(text));
    }

    /// <typeparam name="T">A number or bool; metadata has a type for each.</typeparam>
    public void Add<T>(string key, T value) where T : unmanaged
    {
        Key(key, GgufValueTypes.Of<T>());
        Number(value);
    }

    /// <summary>An array of texts, as their bytes.</summary>
    public void AddArray(string key, IReadOnlyCollection<byte[]> texts)
    {
        Key(key, GgufValueType.Array);
        Number((uint)GgufValueType.Text);
        Number((ulong)texts.Count);
        foreach (byte[] text in texts)
            Text(text);
    }

    /// <typeparam name="T">A number or bool.</typeparam>
    public void AddArray<T>(string key, ReadOnlySpan<T> values) where T : unmanaged
    {
        Key(key, GgufValueType.Array);
        Number((uint)GgufValueTypes.Of<T>());
        Number((ulong)values.Length);
        _bytes.Write(MemoryMarshal.AsBytes(values));
    }

    void Key(string key, GgufValueType type)
    {
        if (!_keys.Add(key))
            throw new ArgumentException($"the key {key} is there already");
        Text(Encoding.UTF8.GetBytes(key));
        Number((uint)type);
    }

    void Text(ReadOnlySpan<byte> utf8)
    {
        Number((ulong)utf8.Length);
        _bytes.Write(utf8);
    }

    void Number<T>(T value) where T : unmanaged => _bytes.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
}
