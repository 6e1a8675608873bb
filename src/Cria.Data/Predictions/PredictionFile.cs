using System.Buffers.Binary;
using Cria.Data.Shards;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Predictions;

/// <summary>What teachers said of the windows of a text, opened for reading. Nothing in the file is believed before it is checked. For one
/// thread at a time.</summary>
public sealed class PredictionFile : IDisposable
{
    readonly SafeFileHandle _handle;
    readonly WindowCodec _codec;
    readonly long[] _starts;
    readonly ulong[] _checks;
    byte[] _bytes = [];

    PredictionFile(string path, SafeFileHandle handle)
    {
        (Path, _handle) = (path, handle);
        SizeInBytes = RandomAccess.GetLength(handle);
        if (SizeInBytes < PredictionLayout.PrefixBytes)
            throw PredictionLayout.Cut(path);
        byte[] prefix = Take(0, PredictionLayout.PrefixBytes);
        int headerBytes = PredictionLayout.HeaderBytes(prefix, path, SizeInBytes);
        byte[] beginning = Take(0, PredictionLayout.PrefixBytes + headerBytes);
        if (SizeInBytes - beginning.Length < PredictionLayout.EndBytes)
            throw PredictionLayout.Cut(path);
        byte[] end = Take(SizeInBytes - PredictionLayout.EndBytes, PredictionLayout.EndBytes);
        if (!end.AsSpan().EndsWith(PredictionLayout.EndMagic))
            throw PredictionLayout.Cut(path);
        Header = HeaderJson.Read(beginning.AsMemory(PredictionLayout.PrefixBytes), path);
        long indexAt = BinaryPrimitives.ReadInt64LittleEndian(end), indexBytes = SizeInBytes - PredictionLayout.EndBytes - indexAt;
        Most = BinaryPrimitives.ReadInt32LittleEndian(end.AsSpan(8));
        if (indexAt < beginning.Length || indexBytes < 0 || indexBytes != Header.Windows * PredictionLayout.EntryBytes
            || indexBytes > int.MaxValue || Most < 1 || Most > Header.Choice.Most)
            throw PredictionLayout.Cut(path);
        byte[] index = Take(indexAt, (int)indexBytes);
        byte[] identity = PredictionLayout.Identity(beginning, index, Most);
        if (!end.AsSpan(12, identity.Length).SequenceEqual(identity))
            throw new DataException($"{path} is damaged: its index is not what was written; copy it again, or make it again with `cria teach`.");
        Sha256 = Convert.ToHexStringLower(identity);
        (_starts, _checks) = (new long[Header.Windows + 1], new ulong[Header.Windows]);
        long at = beginning.Length;
        for (int i = 0; i < _checks.Length; i++)
        {
            var entry = index.AsSpan(i * PredictionLayout.EntryBytes);
            (_starts[i], _checks[i]) = (at, BinaryPrimitives.ReadUInt64LittleEndian(entry[4..]));
            at += PredictionLayout.HeadBytes + (long)BinaryPrimitives.ReadUInt32LittleEndian(entry);
        }
        _starts[^1] = at;
        long longest = 0;
        for (int i = 0; i < _checks.Length; i++)
            longest = Math.Max(longest, _starts[i + 1] - _starts[i]);
        // What it says of its rows, buffers are made for.
        long least = Math.Max(Header.SequenceLength, Most) * (1L + Header.LogBytes);
        if (at != indexAt || least > WindowCodec.MostPlain(longest))
            throw PredictionLayout.Cut(path);
        _codec = new(Header);
    }

    public string Path { get; }

    public PredictionHeader Header { get; }

    /// <summary>The most tokens that are kept of a row.</summary>
    public int Most { get; }

    /// <summary>Stands for all that the file holds: 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    public long SizeInBytes { get; }

    /// <summary>Whether a file begins as one of predictions does.</summary>
    public static bool Is(string path)
    {
        if (!File.Exists(path))
            return false;
        using FileStream file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[PredictionLayout.Magic.Length];
        int count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..count].SequenceEqual(PredictionLayout.Magic);
    }

    /// <exception cref="DataException">There is no such file, it is not whole, or none of predictions.</exception>
    public static PredictionFile Open(string path)
    {
        if (!File.Exists(path))
            throw new DataException(File.Exists(path + ".tmp")
                ? $"{path} is not finished; the command that began it goes on with it."
                : $"{path} does not exist; make it with `cria teach`.");
        var handle = OpenedFile.Open(path);
        try
        {
            return new(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads a window.</summary>
    /// <param name="window">Its number.</param>
    /// <param name="kept">As many rows as a window has, and room for <see cref="Most"/> tokens of each.</param>
    /// <exception cref="DataException">The window is damaged, or cannot be read.</exception>
    public void Read(long window, KeptPredictions kept)
    {
        if (kept.Most != Most || kept.Rests.Length != Header.SequenceLength)
            throw new ArgumentException($"a window has {Header.SequenceLength} rows of at most {Most} tokens");
        int length = (int)Math.Min(_starts[window + 1] - _starts[window], int.MaxValue);
        if (_bytes.Length < length)
            _bytes = new byte[length];
        var bytes = _bytes.AsSpan(0, length);
        OpenedFile.Fill(_handle, Path, _starts[window], bytes);
        var stored = bytes[PredictionLayout.HeadBytes..];
        bool isGood = PredictionLayout.TryReadHead(bytes, Header, out var head) && head.Stored == stored.Length && head.Most <= Most
            && head.Check == _checks[window] && PackedWindow.Check(stored, head.Plain, head.Most, window) == head.Check;
        if (!isGood || !_codec.TryDecode(stored, head.Plain, kept))
            throw new DataException($"{Path} is damaged at window {window:N0}; copy it again, or make it again with `cria teach`.");
    }

    public void Dispose() => _handle.Dispose();

    byte[] Take(long position, int count)
    {
        byte[] bytes = new byte[count];
        OpenedFile.Fill(_handle, Path, position, bytes);
        return bytes;
    }
}
