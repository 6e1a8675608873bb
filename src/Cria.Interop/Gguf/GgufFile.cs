using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Cria.Engine.Tensors;
using Microsoft.Win32.SafeHandles;

namespace Cria.Interop.Gguf;

/// <summary>A tensor of a file and where its bytes lie.</summary>
/// <param name="Sizes">The fastest first: those of a matrix are its columns and its rows.</param>
/// <param name="Offset">From the beginning of the file.</param>
public sealed record GgufTensor(string Name, GgufTensorType Type, IReadOnlyList<long> Sizes, long Offset, long Bytes)
{
    public long Length => Bytes / Type.BlockBytes * Type.BlockLength;
}

/// <summary>
/// A GGUF file of version 2 or 3: metadata, a directory of tensors, and their bytes. The head is read by memory map and checked
/// to the last offset before anything is allocated; values and tensors stay in the file until they are asked for.
/// </summary>
public sealed class GgufFile : IDisposable
{
    public const string Alignment = "general.alignment";

    readonly MemoryMappedFile _map;
    readonly MemoryMappedViewAccessor _view;
    readonly SafeFileHandle _file;

    /// <exception cref="CheckpointException">The file is not GGUF, cut, or contradicts itself.</exception>
    public GgufFile(string path)
    {
        Path = path;
        _file = File.OpenHandle(path);
        try
        {
            long length = RandomAccess.GetLength(_file);
            if (length < GgufHead.LeastBytes)
                throw new CheckpointException($"{path} has {length} bytes; a GGUF file has {GgufHead.LeastBytes} at least.");
            _map = MemoryMappedFile.CreateFromFile(_file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            var head = new GgufHead(path, _view.SafeMemoryMappedViewHandle, length);
            (Version, Tensors) = (head.Version, head.Tensors);
            Metadata = new(path, _view.SafeMemoryMappedViewHandle, head.Values);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    public int Version { get; }

    public GgufMetadata Metadata { get; }

    /// <summary>By name, in the order of the file.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors { get; }

    /// <summary>Whether a file begins with GGUF's four letters.</summary>
    public static bool Recognizes(string path)
    {
        Span<byte> head = stackalloc byte[4];
        using var file = File.OpenHandle(path);
        return RandomAccess.Read(file, head, 0) == head.Length && head.SequenceEqual("GGUF"u8);
    }

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="CheckpointException">There is none, or none whose numbers can be read.</exception>
    public GgufTensor Find(string name)
    {
        if (!Tensors.TryGetValue(name, out var tensor))
            throw new CheckpointException($"{Path} has no tensor named {name}.");
        return GgufTensorType.Readable.Contains(tensor.Type)
            ? tensor
            : throw new CheckpointException($"{Path}: {name} is of type {tensor.Type}, and {string.Join(", ", GgufTensorType.Readable)} can be read; make a file of one of these from the original, such as with llama.cpp's convert_hf_to_gguf.py --outtype q8_0.");
    }

    /// <summary>Numbers of a tensor, widened or rounded to F32.</summary>
    /// <param name="tensor">One that was found.</param>
    /// <param name="first">The first of them, at the beginning of a block.</param>
    /// <param name="numbers">Whole blocks.</param>
    public void Read(GgufTensor tensor, long first, Span<float> numbers)
    {
        var type = tensor.Type;
        if (first < 0 || first + numbers.Length > tensor.Length || first % type.BlockLength != 0 || numbers.Length % type.BlockLength != 0)
            throw new ArgumentException($"{numbers.Length:N0} numbers from {first:N0} on are not whole blocks within the {tensor.Length:N0} of {tensor.Name}");
        long offset = tensor.Offset + first / type.BlockLength * type.BlockBytes;
        if (type == GgufTensorType.F32)
        {
            ReadBytes(offset, MemoryMarshal.AsBytes(numbers));
            return;
        }
        const int piece = 1 << 14; // whole blocks of every type
        byte[] bytes = new byte[Math.Min(piece, numbers.Length) / type.BlockLength * type.BlockBytes];
        for (; numbers.Length > 0; numbers = numbers[Math.Min(piece, numbers.Length)..])
        {
            var some = numbers[..Math.Min(piece, numbers.Length)];
            var blocks = bytes.AsSpan(0, some.Length / type.BlockLength * type.BlockBytes);
            ReadBytes(offset, blocks);
            GgufBlocks.Decode(type, blocks, some);
            offset += blocks.Length;
        }
    }

    /// <summary>Whether two tensors are the same, bit for bit.</summary>
    public bool AreSame(GgufTensor a, GgufTensor b)
    {
        if (a.Type != b.Type || !a.Sizes.SequenceEqual(b.Sizes))
            return false;
        byte[] some = new byte[1 << 16], others = new byte[some.Length];
        for (long at = 0; at < a.Bytes; at += some.Length)
        {
            int count = (int)Math.Min(some.Length, a.Bytes - at);
            ReadBytes(a.Offset + at, some.AsSpan(0, count));
            ReadBytes(b.Offset + at, others.AsSpan(0, count));
            if (!some.AsSpan(0, count).SequenceEqual(others.AsSpan(0, count)))
                return false;
        }
        return true;
    }

    public void Dispose()
    {
        _view?.Dispose();
        _map?.Dispose();
        _file.Dispose();
    }

    // Weights are read and not mapped: pages of a map would count as this program's memory, beside the weights themselves.
    void ReadBytes(long offset, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int count = RandomAccess.Read(_file, bytes, offset);
            if (count == 0)
                throw new CheckpointException($"{Path} ends at byte {offset:N0}; it was cut while it was read.");
            bytes = bytes[count..];
            offset += count;
        }
    }
}
