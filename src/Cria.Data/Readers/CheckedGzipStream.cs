using System.Buffers.Binary;
using System.IO.Compression;

namespace Cria.Data.Readers;

/// <summary>
/// Unpacks gzip and notices when the file was cut: the runtime's stream ends without a word then. A gzip file ends with
/// the length of its content (RFC 1952, ISIZE), which is compared with what came out.
/// </summary>
sealed class CheckedGzipStream(FileStream raw) : Stream
{
    readonly GZipStream _gzip = new(raw, CompressionMode.Decompress, leaveOpen: true);
    long _unpacked;
    bool _isChecked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _unpacked;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = _gzip.Read(buffer);
        _unpacked += count;
        if (count == 0 && !buffer.IsEmpty && !_isChecked)
            CheckEnd();
        return count;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();
        base.Dispose(disposing);
    }

    void CheckEnd()
    {
        _isChecked = true;
        Span<byte> size = stackalloc byte[4];
        if (raw.Length >= size.Length)
        {
            raw.Position = raw.Length - size.Length;
            raw.ReadExactly(size);
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(size) != (uint)_unpacked && !HasSecondMember())
            throw new InvalidDataException("the packed data end before their end");
        raw.Position = raw.Length;
    }

    /// <summary>Whether files packed one by one were joined: then ISIZE is the length of the last alone.</summary>
    bool HasSecondMember()
    {
        var window = new byte[1 << 16];
        raw.Position = 1;
        int filled = 0;
        for (int count; (count = raw.Read(window, filled, window.Length - filled)) > 0;)
        {
            filled += count;
            for (int i = 0; i <= filled - 10; i++)
            {
                if (IsMemberHeader(window.AsSpan(i, 10)))
                    return true;
            }

            int rest = Math.Min(9, filled);
            window.AsSpan(filled - rest, rest).CopyTo(window);
            filled = rest;
        }

        return false;
    }

    // Magic, deflate, flags below 32, a known compression hint, a known system: by chance once in 2^37 places.
    static bool IsMemberHeader(ReadOnlySpan<byte> h) =>
        h[0] == 0x1F && h[1] == 0x8B && h[2] == 8 && h[3] < 32 && (h[8] is 0 or 2 or 4) && (h[9] is < 14 or 255);
}
