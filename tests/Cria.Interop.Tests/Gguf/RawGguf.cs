using System.Text;

namespace Cria.Interop.Tests.Gguf;

/// <summary>A GGUF file written number by number, so that any of them can lie.</summary>
sealed class RawGguf
{
    readonly List<byte> _bytes = [.. "GGUF"u8];

    public RawGguf(ulong tensors, ulong keys, uint version = 3) => Number(version).Number(tensors).Number(keys);

    public RawGguf Number(uint value) => Bytes(BitConverter.GetBytes(value));

    public RawGguf Number(ulong value) => Bytes(BitConverter.GetBytes(value));

    public RawGguf Text(string text) => Number((ulong)Encoding.UTF8.GetByteCount(text)).Bytes(Encoding.UTF8.GetBytes(text));

    public RawGguf Key(string key, uint type) => Text(key).Number(type);

    public RawGguf Tensor(string name, uint type, ulong offset, params ulong[] sizes)
    {
        Text(name).Number((uint)sizes.Length);
        foreach (ulong size in sizes)
            Number(size);
        return Number(type).Number(offset);
    }

    public RawGguf Aligned(int to = 32) => Bytes(new byte[(to - _bytes.Count % to) % to]);

    public RawGguf Bytes(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
