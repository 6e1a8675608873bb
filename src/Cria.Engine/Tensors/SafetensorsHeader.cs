using System.Buffers.Binary;
using System.Text.Json;

namespace Cria.Engine.Tensors;

/// <summary>
/// The header of a safetensors file, checked claim by claim: its length, its JSON, every tensor's type, sizes and place, and
/// that the tensors fill the data without a hole or an overlap.
/// </summary>
sealed class SafetensorsHeader
{
    const long MaxHeaderBytes = 100_000_000; // the format's own limit
    const int MaxDimensions = 16, MaxDepth = 8, ShownCharacters = 80;
    const string MetadataName = "__metadata__";

    readonly string _path;
    readonly long _data, _dataBytes;
    readonly Dictionary<string, SafetensorsEntry> _entries = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    SafetensorsHeader(string path, long data, long dataBytes) => (_path, _data, _dataBytes) = (path, data, dataBytes);

    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <exception cref="CheckpointException">Something in it is not true.</exception>
    public static SafetensorsHeader Read(MappedFile file)
    {
        long size = file.Length;
        if (size < 8)
            throw new CheckpointException($"{file.Path} has {size} bytes; a safetensors file begins with 8 bytes of header length.");
        Span<byte> prefix = stackalloc byte[8];
        file.Read(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes || (long)length > size - 8)
            throw new CheckpointException($"{file.Path} says its header has {length:N0} bytes, and the file has {size:N0}; it is cut or not safetensors.");
        byte[] json = new byte[length];
        file.Read(8, json);
        var header = new SafetensorsHeader(file.Path, 8 + (long)length, size - 8 - (long)length);
        try
        {
            header.Parse(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a string that is not UTF-8
        {
            throw header.Fault($"its header is not the JSON of safetensors: {e.Message.TrimEnd('.')}");
        }
        header.CheckPlaces();
        return header;
    }

    void Parse(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw Fault("its header is not a JSON object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            if (name == MetadataName)
                ReadMetadata(ref json);
            else if (!_entries.TryAdd(name, ReadEntry(ref json, name)))
                throw Fault($"two tensors are named {Shown(name)}");
        }
        if (json.Read())
            throw Fault("something follows its header's object");
    }

    void ReadMetadata(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject || _metadata.Count > 0)
            throw Fault($"its {MetadataName} is not one object of texts");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            if (!json.Read() || json.TokenType != JsonTokenType.String)
                throw Fault($"{Shown(key)} of its {MetadataName} is not a text");
            if (!_metadata.TryAdd(key, json.GetString()!))
                throw Fault($"its {MetadataName} says {Shown(key)} twice");
        }
    }

    SafetensorsEntry ReadEntry(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw Fault($"{Shown(name)} is not an object of dtype, shape and data_offsets");
        string? type = null;
        long[]? sizes = null, offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            bool isSecond = key switch { "dtype" => type is not null, "shape" => sizes is not null, "data_offsets" => offsets is not null, _ => false };
            if (isSecond)
                throw Fault($"{Shown(name)} says {key} twice");
            if (key == "dtype")
                type = json.TokenType == JsonTokenType.String ? json.GetString()! : throw Fault($"the dtype of {Shown(name)} is not a text");
            else if (key == "shape")
                sizes = Numbers(ref json, name, key);
            else if (key == "data_offsets")
                offsets = Numbers(ref json, name, key);
            else
                json.Skip();
        }
        if (type is null || sizes is null || offsets is null)
            throw Fault($"{Shown(name)} has no {(type is null ? "dtype" : sizes is null ? "shape" : "data_offsets")}");
        return Checked(name, type, sizes, offsets);
    }

    long[] Numbers(ref Utf8JsonReader json, string name, string key)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw Fault($"the {key} of {Shown(name)} is not a list of whole numbers");
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < 0)
                throw Fault($"the {key} of {Shown(name)} holds something that is not a whole number from 0 up");
            if (numbers.Count == MaxDimensions)
                throw Fault($"the {key} of {Shown(name)} has more than {MaxDimensions} numbers");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    SafetensorsEntry Checked(string name, string type, long[] sizes, long[] offsets)
    {
        if (offsets is not [var begin, var end])
            throw Fault($"the data_offsets of {Shown(name)} are {offsets.Length} numbers and not two");
        if (end < begin || end > _dataBytes)
            throw Fault($"{Shown(name)} lies at bytes {begin:N0} to {end:N0} of the data, and there are {_dataBytes:N0}; the file is cut or damaged");
        int bits = BitsOf(type);
        if (bits == 0)
            throw Fault($"{Shown(name)} is of the unknown type '{Shown(type)}'");
        UInt128 numbers = 1;
        foreach (long size in sizes)
        {
            if (size > int.MaxValue)
                throw Fault($"{Shown(name)} has a size of {size:N0}; at most {int.MaxValue:N0} can be");
            numbers = UInt128.Min(numbers * (ulong)size, long.MaxValue); // enough to be more than any file
        }
        if (numbers * (ulong)bits != (UInt128)(end - begin) * 8)
            throw Fault($"{Shown(name)} is {type} of {string.Join(" × ", sizes)}, which is not {end - begin:N0} bytes");
        return new(name, type, [.. sizes.Select(size => (int)size)], _data + begin, end - begin);
    }

    void CheckPlaces()
    {
        long end = _data;
        string before = "the header";
        foreach (var entry in _entries.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Bytes))
        {
            if (entry.Offset < end)
                throw Fault($"{Shown(entry.Name)} overlaps {before}");
            if (entry.Offset > end)
                throw Fault($"{entry.Offset - end:N0} bytes between {before} and {Shown(entry.Name)} belong to no tensor");
            (end, before) = (entry.Offset + entry.Bytes, Shown(entry.Name));
        }
        if (end != _data + _dataBytes)
            throw Fault($"{_data + _dataBytes - end:N0} bytes after {before} belong to no tensor");
    }

    static int BitsOf(string type) => type switch
    {
        "F64" or "I64" or "U64" or "C64" => 64,
        "F32" or "I32" or "U32" => 32,
        "F16" or "BF16" or "I16" or "U16" => 16,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => 8,
        "F6_E2M3" or "F6_E3M2" => 6,
        "F4" => 4,
        _ => 0,
    };

    // A name is the file's: it may be long and hold anything.
    static string Shown(string name)
    {
        string shown = name.Length > ShownCharacters ? name[..ShownCharacters] + "…" : name;
        return string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c));
    }

    CheckpointException Fault(string sentence) => new($"{_path}: {sentence}.");
}
