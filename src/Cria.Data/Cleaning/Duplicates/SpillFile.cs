using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// Numbers that do not fit into memory: written at the end of a temporary file, read anywhere. The file goes with the
/// object, or with the process.
/// </summary>
/// <param name="folder">Where it lies; null: the system's folder for temporary files.</param>
sealed class SpillFile(string? folder) : IDisposable
{
    readonly string _path = Path.Combine(folder ?? Path.GetTempPath(), $"cria-{Guid.NewGuid():N}.spill");
    SafeFileHandle? _file;

    /// <summary>Bytes written so far: where the next block will lie.</summary>
    public long SizeInBytes { get; private set; }

    /// <summary>Appends a block; where it begins. Not for several threads.</summary>
    /// <exception cref="DataException">The disk is full, or the folder cannot be written.</exception>
    public long Append(ReadOnlySpan<ulong> block)
    {
        long offset = SizeInBytes;
        try
        {
            _file ??= File.OpenHandle(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None,
                FileOptions.DeleteOnClose | FileOptions.RandomAccess);
            RandomAccess.Write(_file, MemoryMarshal.AsBytes(block), offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(_path, e);
        }

        SizeInBytes += (long)block.Length * sizeof(ulong);
        return offset;
    }

    /// <summary>Fills a block from an offset that <see cref="Append"/> gave, or from inside its block; for several
    /// threads.</summary>
    public void Read(long offset, Span<ulong> block)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(block);
        try
        {
            while (!bytes.IsEmpty)
            {
                int count = RandomAccess.Read(_file!, bytes, offset);
                if (count == 0)
                    throw new DataException($"{_path} is shorter than it was written; leave temporary files alone and begin again.");
                bytes = bytes[count..];
                offset += count;
            }
        }
        catch (IOException e)
        {
            throw new DataException($"{_path} could not be read: {e.Message.TrimEnd('.')}; begin again on another disk.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
