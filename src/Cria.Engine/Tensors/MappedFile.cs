using System.IO.MemoryMappedFiles;

namespace Cria.Engine.Tensors;

/// <summary>
/// A file read through the machine's page cache: a window of it is mapped at a time, so that a checkpoint of any size takes a
/// few megabytes of address space and its pages are nobody's second copy. For one thread.
/// </summary>
public sealed class MappedFile : IDisposable
{
    const long WindowBytes = 4 << 20, WindowStep = 1 << 16; // views begin at multiples of what the system maps by

    readonly FileStream _file;
    readonly MemoryMappedFile? _map;
    MemoryMappedViewAccessor? _window;
    long _start, _end;

    /// <exception cref="CheckpointException">The file does not exist or cannot be read.</exception>
    public MappedFile(string path)
    {
        Path = path;
        if (!File.Exists(path))
            throw new CheckpointException(Directory.Exists(path) ? $"{path} is a folder where a file was expected." : $"{path} does not exist.");
        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            Length = _file.Length;
            if (Length > 0) // nothing cannot be mapped
                _map = MemoryMappedFile.CreateFromFile(
                    _file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            throw new CheckpointException($"{path} cannot be read: {e.Message.TrimEnd('.')}.");
        }
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Copies bytes of the file.</summary>
    /// <param name="offset">Where they begin.</param>
    /// <param name="destination">Takes as many as it is long.</param>
    /// <exception cref="CheckpointException">The file ends before.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > Length - destination.Length)
            throw new CheckpointException($"{Path} has {Length:N0} bytes, and {destination.Length:N0} at {offset:N0} were expected; the file is cut or damaged.");
        while (destination.Length > 0)
        {
            if (offset < _start || offset >= _end)
                Map(offset);
            int count = (int)Math.Min(destination.Length, _end - offset);
            Copy(offset - _start, destination[..count]);
            destination = destination[count..];
            offset += count;
        }
    }

    public void Dispose()
    {
        _window?.Dispose();
        _map?.Dispose();
        _file.Dispose();
    }

    void Map(long offset)
    {
        _window?.Dispose();
        _window = null;
        _start = offset / WindowStep * WindowStep;
        _end = Math.Min(Length, _start + WindowBytes);
        _window = _map!.CreateViewAccessor(_start, _end - _start, MemoryMappedFileAccess.Read);
    }

    unsafe void Copy(long from, Span<byte> destination)
    {
        byte* address = null;
        var handle = _window!.SafeMemoryMappedViewHandle;
        handle.AcquirePointer(ref address);
        try
        {
            new ReadOnlySpan<byte>(address + _window.PointerOffset + from, destination.Length).CopyTo(destination);
        }
        finally
        {
            handle.ReleasePointer();
        }
    }
}
