using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Cria.Engine.Tensors;

namespace Cria.Interop.Gguf;

/// <summary>Walks through the head of a mapped file; whatever is taken is first seen to lie within it.</summary>
sealed class GgufCursor(SafeBuffer bytes, long length, string path)
{
    public long Position { get; private set; }

    public long Left => length - Position;

    /// <param name="what">What is taken, for the sentence if the file ends before it.</param>
    public T Take<T>(string what) where T : unmanaged
    {
        long at = Position;
        Skip(Unsafe.SizeOf<T>(), what);
        return bytes.Read<T>((ulong)at);
    }

    public void Skip(long count, string what)
    {
        if (count > Left)
            throw new CheckpointException($"{path} ends within {what}, {count:N0} bytes from byte {Position:N0} on, and has {length:N0}; it is cut or damaged, fetch it again.");
        Position += count;
    }

    /// <summary>A count of things, each of which takes at least so many bytes: no more than the rest of the file can hold.</summary>
    public long Count(string what, int leastBytes)
    {
        ulong count = Take<ulong>(what);
        if (count > (ulong)(Left / leastBytes))
            throw new CheckpointException($"{path} says it has {count:N0} {what}, and there are {Left:N0} bytes left for them; it is cut or damaged, fetch it again.");
        return (long)count;
    }

    /// <summary>A name: printable ASCII, so that it can stand in a sentence.</summary>
    public string Name(string what, int longest)
    {
        long count = Count($"bytes of {what}", 1);
        if (count is 0 || count > longest)
            throw new CheckpointException($"{path} has {what} of {count:N0} bytes; there are 1 to {longest:N0}.");
        byte[] name = new byte[count];
        bytes.ReadSpan((ulong)Position, name.AsSpan());
        if (name.AsSpan().ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            throw new CheckpointException($"{path} has {what} with bytes that are not printable ASCII; it is damaged, fetch it again.");
        Position += count;
        return Encoding.ASCII.GetString(name);
    }
}
