using System.Buffers;
using System.IO.Compression;

namespace Cria.Data.Compression;

/// <summary>Unpacks Brotli (RFC 7932) and notices when the file was cut, which the runtime's stream does not.</summary>
sealed class BrotliReader(Stream packed) : UnpackingStream
{
    readonly byte[] _buffer = new byte[1 << 16];
    BrotliDecoder _decoder;
    int _start;
    int _filled;
    bool _isDone;

    public override int Read(Span<byte> buffer)
    {
        while (!_isDone && !buffer.IsEmpty)
        {
            OperationStatus status = _decoder.Decompress(
                _buffer.AsSpan(_start, _filled - _start), buffer, out int read, out int written);
            _start += read;
            _isDone = status == OperationStatus.Done;
            if (status == OperationStatus.InvalidData)
                throw new InvalidDataException("the packed data are not Brotli, or damaged");
            if (_isDone && (_start < _filled || Fill()))
                throw new InvalidDataException("more follows behind the end of the packed data");
            if (written > 0)
                return written;
            if (status == OperationStatus.NeedMoreData && !Fill())
                throw new InvalidDataException("the packed data end before their end");
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _decoder.Dispose();
        base.Dispose(disposing);
    }

    bool Fill()
    {
        (_start, _filled) = (0, packed.Read(_buffer));
        return _filled > 0;
    }
}
