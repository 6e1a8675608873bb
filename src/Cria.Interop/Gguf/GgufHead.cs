using System.Numerics;
using System.Runtime.InteropServices;
using Cria.Engine.Tensors;

namespace Cria.Interop.Gguf;

/// <summary>Where a value of the metadata lies and what it says of itself.</summary>
/// <param name="Element">The type of an array's elements.</param>
/// <param name="Count">Elements of an array, bytes of a text, otherwise 1.</param>
/// <param name="Offset">Of its first element, byte or number.</param>
readonly record struct GgufValue(GgufValueType Type, GgufValueType Element, long Count, long Offset);

/// <summary>The head of a file, walked through once and believed nowhere: what is kept of it is offsets that lie in the file.</summary>
sealed class GgufHead
{
    /// <summary>Letters, version and two counts.</summary>
    public const int LeastBytes = 24;

    /// <summary>A model of this program's most layers has some 50,000 tensors; metadata has some dozens of keys.</summary>
    const int MostTensors = 100_000, MostKeys = 20_000;

    const int LongestKey = 1024, LongestName = 256, DeepestArray = 4, MostSizes = 4;

    readonly GgufCursor _cursor;
    readonly SafeBuffer _bytes;
    readonly string _path;

    public GgufHead(string path, SafeBuffer bytes, long length)
    {
        (_path, _bytes, _cursor) = (path, bytes, new(bytes, length, path));
        if (_cursor.Take<uint>("its letters") != 0x46554747)
            throw new CheckpointException($"{path} does not begin with the letters GGUF.");
        Version = ReadVersion();
        long tensors = Limited(_cursor.Count("tensors", 25), MostTensors, "tensors");
        long keys = Limited(_cursor.Count("keys", 14), MostKeys, "keys");
        for (long i = 0; i < keys; i++)
            ReadEntry();
        ReadTensors(tensors, length);
    }

    public int Version { get; }

    public Dictionary<string, GgufValue> Values { get; } = [];

    public OrderedDictionary<string, GgufTensor> Tensors { get; } = [];

    int ReadVersion()
    {
        uint version = _cursor.Take<uint>("its version");
        if (version is 2 or 3)
            return (int)version;
        throw new CheckpointException((version & 0xFFFF) == 0
            ? $"{_path} is GGUF in big-endian order, as for s390x; make one for little-endian machines."
            : $"{_path} is GGUF of version {version}; versions 2 and 3 can be read, make it anew with a llama.cpp of today.");
    }

    long Limited(long count, int most, string what) => count <= most
        ? count
        : throw new CheckpointException($"{_path} says it has {count:N0} {what}; {most:N0} at most are read.");

    void ReadEntry()
    {
        string key = _cursor.Name("a key", LongestKey);
        var value = ReadValue(key);
        if (!Values.TryAdd(key, value))
            throw new CheckpointException($"{_path} has the key {key} twice; it is damaged, fetch it again.");
    }

    GgufValue ReadValue(string key)
    {
        var type = ReadType(key);
        if (type == GgufValueType.Text)
        {
            long bytes = _cursor.Count($"bytes of {key}", 1), at = _cursor.Position;
            _cursor.Skip(bytes, key);
            return new(type, default, bytes, at);
        }
        if (type == GgufValueType.Array)
        {
            var (element, count) = (ReadType(key), 0L);
            count = _cursor.Count($"elements of {key}", Math.Max(1, LeastOf(element)));
            long at = _cursor.Position;
            SkipElements(key, element, count, depth: 1);
            return new(type, element, count, at);
        }
        long start = _cursor.Position;
        _cursor.Skip(type.SizeInBytes(), key);
        return new(type, default, 1, start);
    }

    GgufValueType ReadType(string key)
    {
        uint type = _cursor.Take<uint>($"the type of {key}");
        return type <= (uint)GgufValueType.Float64
            ? (GgufValueType)type
            : throw new CheckpointException($"{_path}: {key} has type {type}, which GGUF does not know; it is damaged, fetch it again.");
    }

    static int LeastOf(GgufValueType type) => type switch
    {
        GgufValueType.Text => 8,
        GgufValueType.Array => 12,
        _ => type.SizeInBytes(),
    };

    void SkipElements(string key, GgufValueType element, long count, int depth)
    {
        if (depth > DeepestArray)
            throw new CheckpointException($"{_path}: {key} holds arrays within arrays, more than {DeepestArray} deep; it is damaged, fetch it again.");
        if (element.SizeInBytes() is > 0 and int size)
            _cursor.Skip(count * size, key);
        else if (element == GgufValueType.Text)
            for (long i = 0; i < count; i++)
                _cursor.Skip(_cursor.Count($"bytes of a text of {key}", 1), key);
        else
            for (long i = 0; i < count; i++)
            {
                var inner = ReadType(key);
                SkipElements(key, inner, _cursor.Count($"elements of {key}", Math.Max(1, LeastOf(inner))), depth + 1);
            }
    }

    void ReadTensors(long count, long length)
    {
        long alignment = ReadAlignment(), expected = 0;
        var found = new List<(string Name, GgufTensorType Type, long[] Sizes, long Offset, long Bytes)>();
        for (long i = 0; i < count; i++)
        {
            var tensor = ReadTensor();
            // As ggml does: each tensor begins where the one before it ends, so that none overlap and nothing is hidden between.
            if (tensor.Offset != (ulong)expected)
                throw new CheckpointException($"{_path}: {tensor.Name} lies at byte {tensor.Offset:N0} of the data, and the tensor before it ends at {expected:N0}; it is damaged, fetch it again.");
            found.Add((tensor.Name, tensor.Type, tensor.Sizes, expected, tensor.Bytes));
            expected = Aligned(expected + tensor.Bytes, alignment);
        }
        long data = Aligned(_cursor.Position, alignment);
        foreach (var (name, type, sizes, offset, bytes) in found)
        {
            if (offset + bytes > length - data)
                throw new CheckpointException($"{_path}: {name} lies at bytes {offset:N0} to {offset + bytes:N0} of the data, and there are {Math.Max(0, length - data):N0}; it is cut or damaged, fetch it again.");
            if (!Tensors.TryAdd(name, new(name, type, sizes, data + offset, bytes)))
                throw new CheckpointException($"{_path} has the tensor {name} twice; it is damaged, fetch it again.");
        }
    }

    (string Name, GgufTensorType Type, long[] Sizes, ulong Offset, long Bytes) ReadTensor()
    {
        string name = _cursor.Name("a tensor's name", LongestName);
        uint rank = _cursor.Take<uint>(name);
        if (rank is 0 or > MostSizes)
            throw new CheckpointException($"{_path}: {name} has {rank} sizes; a tensor has 1 to {MostSizes}.");
        long[] sizes = new long[rank];
        BigInteger numbers = 1;
        for (int i = 0; i < rank; i++)
        {
            ulong size = _cursor.Take<ulong>(name);
            if (size is 0 or > long.MaxValue)
                throw new CheckpointException($"{_path}: {name} has a size of {size:N0}; it is damaged, fetch it again.");
            numbers *= sizes[i] = (long)size;
        }
        uint id = _cursor.Take<uint>(name);
        var type = GgufTensorType.Find(id)
            ?? throw new CheckpointException($"{_path}: {name} is of type {id}, which is not known here; {string.Join(", ", GgufTensorType.Readable)} can be read.");
        if (sizes[0] % type.BlockLength != 0)
            throw new CheckpointException($"{_path}: {name} has rows of {sizes[0]:N0} numbers, and {type} has blocks of {type.BlockLength}; it is damaged, fetch it again.");
        var bytes = numbers / type.BlockLength * type.BlockBytes;
        if (bytes > long.MaxValue / 4)
            throw new CheckpointException($"{_path}: {name} is {type} of {string.Join(" × ", sizes)}, more than any file holds; it is damaged, fetch it again.");
        return (name, type, sizes, _cursor.Take<ulong>(name), (long)bytes);
    }

    long ReadAlignment()
    {
        if (!Values.TryGetValue(GgufFile.Alignment, out var value))
            return 32;
        if (value.Type != GgufValueType.UInt32)
            throw new CheckpointException($"{_path}: {GgufFile.Alignment} is {value.Type}, and UInt32 was expected.");
        uint alignment = _bytes.Read<uint>((ulong)value.Offset);
        return BitOperations.IsPow2(alignment)
            ? alignment
            : throw new CheckpointException($"{_path}: {GgufFile.Alignment} {alignment} is not a power of two; it is damaged, fetch it again.");
    }

    // Both stay far below 2^63: sizes are limited above, an alignment has 32 bits.
    static long Aligned(long offset, long alignment) => (offset + alignment - 1) / alignment * alignment;
}
