using System.Buffers.Binary;
using System.Collections.Concurrent;
using Cria.Data.Shards;

namespace Cria.Data.Predictions;

/// <summary>
/// Writes what teachers say of the windows of a text, window after window. Everything goes to <c>FILE.tmp</c>, which takes its name when
/// it is whole; a writer that finds such a file with the same header goes on after its last good window. The same teachers give the same
/// bytes, however often they were interrupted. Not for several threads at once.
/// </summary>
public sealed class PredictionWriter : IDisposable
{
    readonly string _path, _temporary;
    readonly PredictionHeader _header;
    readonly byte[] _beginning;
    readonly FolderLock _lock;
    readonly FileStream _file;
    readonly MemoryStream _index = new();
    readonly ConcurrentBag<WindowCodec> _codecs = []; // they keep their buffers
    int _most = 1;

    /// <exception cref="DataException">There is such a file, or one with another header is being written, or nothing can be.</exception>
    public PredictionWriter(string path, PredictionHeader header)
    {
        if (header.Fault() is { } fault)
            throw new DataException($"a file of predictions {fault}");
        if (Path.Exists(path))
            throw new DataException($"{path} exists already and is not overwritten; name another file.");
        (_path, _temporary, _header, _beginning) = (path, path + ".tmp", header, PredictionLayout.Beginning(header));
        _lock = new FolderLock(path);
        try
        {
            _file = File.Exists(_temporary) ? GoOn() : DurableFile.Create(_temporary);
            if (_file.Position == 0)
                Write(_beginning);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Windows that are written.</summary>
    public long Windows { get; private set; }

    /// <summary>Bytes so far.</summary>
    public long Bytes => _file.Position;

    /// <summary>Chooses what is kept of the next windows, packs and writes it.</summary>
    /// <param name="probabilities">(windows · T, V): what the teachers say of the tokens after each.</param>
    /// <param name="threads">To choose with.</param>
    public void Add(ReadOnlyMemory<float> probabilities, int threads)
    {
        long size = (long)_header.SequenceLength * _header.VocabSize;
        int count = (int)(probabilities.Length / size);
        if (count * size != probabilities.Length || Windows + count > _header.Windows)
            throw new ArgumentException($"{probabilities.Length} probabilities are not those of at most {_header.Windows - Windows} windows of {size}");
        long first = Windows;
        OrderedPipeline<int, PackedWindow> pipeline = new(Encode, Math.Min(threads, count));
        foreach (var window in pipeline.Run(Enumerable.Range(0, count)))
            Add(window);

        PackedWindow Encode(int i)
        {
            if (!_codecs.TryTake(out var codec))
                codec = new(_header);
            var packed = codec.Encode(probabilities.Span.Slice((int)(i * size), (int)size), first + i);
            _codecs.Add(codec);
            return packed;
        }
    }

    /// <summary>Writes index and end, and gives the file its name.</summary>
    public void Complete()
    {
        if (Windows != _header.Windows)
            throw new InvalidOperationException($"{Windows} of {_header.Windows} windows are written");
        byte[] end = new byte[PredictionLayout.EndBytes], index = _index.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(end, _file.Position);
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(8), _most);
        PredictionLayout.Identity(_beginning, index, _most).CopyTo(end, 12);
        PredictionLayout.EndMagic.CopyTo(end.AsSpan(end.Length - PredictionLayout.EndMagic.Length));
        Write(index);
        Write(end);
        DurableFile.Flush(_file);
        _file.Dispose();
        ShardStorage.Disk.Replace(_temporary, _path);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _lock.Dispose();
        _index.Dispose();
    }

    void Add(PackedWindow window)
    {
        byte[] bytes = new byte[PredictionLayout.HeadBytes + window.Stored.Length];
        ulong check = window.Check(Windows);
        PredictionLayout.WriteHead(bytes, window, check);
        window.Stored.CopyTo(bytes, PredictionLayout.HeadBytes);
        Write(bytes);
        Count(window.Stored.Length, window.Most, check);
    }

    void Count(int stored, int most, ulong check)
    {
        Span<byte> entry = stackalloc byte[PredictionLayout.EntryBytes];
        BinaryPrimitives.WriteInt32LittleEndian(entry, stored);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[4..], check);
        _index.Write(entry);
        _most = Math.Max(_most, most);
        Windows++;
    }

    void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file.Write(bytes);
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(_temporary, e);
        }
    }

    // After the last window that is whole; what follows it goes.
    FileStream GoOn()
    {
        long good = 0;
        using (FileStream file = File.OpenRead(_temporary))
        {
            if (file.Length >= _beginning.Length)
            {
                CheckHeader(file);
                good = _beginning.Length;
                byte[] head = new byte[PredictionLayout.HeadBytes], stored = [];
                while (Windows < _header.Windows && file.Length - good >= head.Length)
                {
                    file.ReadExactly(head);
                    if (!PredictionLayout.TryReadHead(head, _header, out var read) || read.Stored > file.Length - good - head.Length)
                        break;
                    if (stored.Length < read.Stored)
                        stored = new byte[read.Stored];
                    file.ReadExactly(stored, 0, read.Stored);
                    if (PackedWindow.Check(stored.AsSpan(0, read.Stored), read.Plain, read.Most, Windows) != read.Check)
                        break;
                    Count(read.Stored, read.Most, read.Check);
                    good += head.Length + read.Stored;
                }
            }
        }
        return DurableFile.Reopen(_temporary, good);
    }

    void CheckHeader(FileStream file)
    {
        byte[] prefix = new byte[PredictionLayout.PrefixBytes];
        file.ReadExactly(prefix);
        byte[] json = new byte[PredictionLayout.HeaderBytes(prefix, _temporary, file.Length)];
        file.ReadExactly(json);
        var begun = HeaderJson.Read(json, _temporary);
        if (_header.DifferenceFrom(begun) is { } difference)
            throw new DataException($"{_temporary} was begun with {difference}, and is not gone on with; remove it, or name another file.");
        if (file.Position != _beginning.Length) // the same teachers by other names
            throw new DataException($"{_temporary} was begun with teachers of other names; name them as then, remove it, or name another file.");
    }
}
