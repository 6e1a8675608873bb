namespace Cria.Data.Compression;

/// <summary>Unpacks Zstandard, any number of frames, and notices when the file was cut.</summary>
sealed class ZstandardReader(Stream packed, Zstandard library) : UnpackingStream
{
    readonly Zstandard.Handle _stream = library.CreateStream();
    readonly byte[] _buffer = new byte[1 << 17]; // the most a block of a frame has
    int _start;
    int _filled;
    bool _isInsideFrame;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            bool hasEnded = _start == _filled && !Fill();
            if (hasEnded && !_isInsideFrame)
                return 0;

            // With nothing left to read there may still be something to be written.
            (int read, int written, bool endsFrame) = library.Decompress(_stream, _buffer.AsSpan(_start, _filled - _start), buffer);
            _start += read;
            _isInsideFrame = !endsFrame;
            if (written > 0)
                return written;
            if (hasEnded)
                return _isInsideFrame ? throw new InvalidDataException("the packed data end before their end") : 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream.Dispose();
        base.Dispose(disposing);
    }

    bool Fill()
    {
        (_start, _filled) = (0, packed.Read(_buffer));
        return _filled > 0;
    }
}
