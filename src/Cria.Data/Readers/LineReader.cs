namespace Cria.Data.Readers;

/// <summary>Lines of bytes from a stream, without their ends (<c>\n</c> or <c>\r\n</c>) and without a leading
/// BOM.</summary>
sealed class LineReader(Stream stream, string path, int maxLineBytes)
{
    byte[] _buffer = new byte[1 << 16];
    int _start;
    int _filled;
    bool _ended;

    /// <summary>The number, from 1, of the line last returned.</summary>
    public long Line { get; private set; }

    /// <summary>Up to the first 64 KB, before any line is taken.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        while (!_ended && _filled < _buffer.Length)
            Fill();
        return _buffer.AsSpan(0, _filled);
    }

    /// <summary>The next line, valid until the next call.</summary>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        int scanned = _start;
        while (true)
        {
            int length = _buffer.AsSpan(scanned, _filled - scanned).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = Take(scanned + length, skip: 1);
                return true;
            }

            scanned = _filled;
            if (_ended)
                break;
            int before = _start;
            Fill();
            scanned -= before - _start;
        }

        line = default;
        if (_start == _filled)
            return false;
        line = Take(_filled, skip: 0);
        return true;
    }

    ReadOnlySpan<byte> Take(int end, int skip)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, end - _start);
        _start = end + skip;
        if (Line++ == 0 && line.StartsWith("\uFEFF"u8))
            line = line[3..];
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    /// <summary>Reads more, after moving the unread rest to the front or doubling the buffer.</summary>
    void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
            _filled -= _start;
            _start = 0;
        }

        if (_filled == _buffer.Length)
        {
            if (_filled >= maxLineBytes)
            {
                throw new DataException($"{path}:{Line + 1} is a line of more than {maxLineBytes >> 20} MB; " +
                    "such a document is refused: cut it into smaller ones.");
            }

            Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, maxLineBytes));
        }

        try
        {
            int count = stream.Read(_buffer, _filled, _buffer.Length - _filled);
            _filled += count;
            _ended = count == 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} could not be read after line {Line}: {e.Message.TrimEnd('.')}; " +
                "the file is damaged or cut: fetch it again.", e);
        }
    }
}
