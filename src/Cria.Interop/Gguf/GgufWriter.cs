using System.Buffers.Binary;
using System.Text;
using Cria.Engine.Tensors;

namespace Cria.Interop.Gguf;

/// <summary>
/// Writes a GGUF file of version 3, aligned to 32 bytes: metadata and directory first, then the tensors in its order, so that no
/// more than a piece of one need be in memory.
/// </summary>
public sealed class GgufWriter : IDisposable
{
    const int Alignment = 32;

    readonly FileStream _file;
    readonly IReadOnlyList<(string Name, GgufTensorType Type, Shape Shape)> _tensors;
    byte[] _blocks = [];
    int _begun;
    long _missing; // numbers of the tensor that is being appended

    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="metadata">All of it; without general.alignment.</param>
    /// <param name="tensors">What will be appended: F32, F16, BF16 or Q8_0, rows of whole blocks.</param>
    public GgufWriter(string path, GgufMetadataWriter metadata, IReadOnlyList<(string Name, GgufTensorType Type, Shape Shape)> tensors)
    {
        foreach (var (name, type, shape) in tensors)
            if (shape.Columns % type.BlockLength != 0)
                throw new ArgumentException($"{name} has rows of {shape.Columns}, and {type} has blocks of {type.BlockLength}");
        _tensors = tensors;
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        try
        {
            Number(0x46554747u);
            Number(3u);
            Number((ulong)tensors.Count);
            Number((ulong)metadata.Count);
            _file.Write(metadata.Bytes);
            WriteDirectory();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The next tensor of the directory begins; its numbers are appended in pieces.</summary>
    public void Begin()
    {
        CheckWhole();
        Pad();
        _missing = _tensors[_begun++].Shape.Length;
    }

    /// <summary>The next numbers of the tensor that was begun: whole blocks.</summary>
    public void AppendPiece(ReadOnlySpan<float> numbers)
    {
        var (name, type, shape) = _tensors[_begun - 1];
        if (numbers.Length > _missing || numbers.Length % type.BlockLength != 0)
            throw new ArgumentException($"{name} is {type}{shape} and lacks {_missing} numbers, and {numbers.Length} were appended");
        _missing -= numbers.Length;
        int bytes = numbers.Length / type.BlockLength * type.BlockBytes;
        if (_blocks.Length < bytes)
            _blocks = new byte[bytes];
        GgufBlocks.Encode(type, numbers, _blocks.AsSpan(0, bytes));
        _file.Write(_blocks, 0, bytes);
    }

    /// <summary>Everything is on the disk.</summary>
    public void Complete()
    {
        CheckWhole();
        if (_begun != _tensors.Count)
            throw new InvalidOperationException($"{_begun} of {_tensors.Count} tensors were begun");
        Pad();
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    void WriteDirectory()
    {
        long offset = 0;
        foreach (var (name, type, shape) in _tensors)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(name);
            Number((ulong)utf8.Length);
            _file.Write(utf8);
            Number((uint)shape.Rank);
            foreach (int size in shape.ToArray().Reverse()) // the fastest first
                Number((ulong)size);
            Number(type.Id);
            Number((ulong)offset);
            long bytes = shape.Length / type.BlockLength * type.BlockBytes;
            offset += (bytes + Alignment - 1) / Alignment * Alignment;
        }
    }

    void CheckWhole()
    {
        if (_missing != 0)
            throw new InvalidOperationException($"{_missing} numbers of {_tensors[_begun - 1].Name} are missing");
    }

    void Pad()
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        _file.Write(zeros[..(int)((Alignment - _file.Position % Alignment) % Alignment)]);
    }

    void Number(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _file.Write(bytes);
    }

    void Number(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _file.Write(bytes);
    }
}
