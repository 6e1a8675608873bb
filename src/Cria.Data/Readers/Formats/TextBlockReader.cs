namespace Cria.Data.Readers.Formats;

/// <summary>Cuts a stream into blocks of whole documents of about <see cref="TargetBytes"/>, a leading BOM left out.</summary>
sealed class TextBlockReader(Stream stream, string file, ITextFormat format, ReaderOptions options)
{
    const int TargetBytes = 1 << 20, PeekBytes = 1 << 16;

    byte[] _buffer = GC.AllocateUninitializedArray<byte>(Math.Min(TargetBytes, options.MaxDocumentBytes));
    int _start;
    int _filled;
    long _line = 1;
    bool _isBegun;
    bool _hasEnded;

    /// <summary>The blocks of the file.</summary>
    /// <exception cref="DataException">The file is no text, is damaged, or a document does not end.</exception>
    public IEnumerable<DocumentBlock> Blocks()
    {
        while (Next() is { } block)
            yield return block;
    }

    DocumentBlock? Next()
    {
        while (true)
        {
            Fill();
            if (_hasEnded && _start == _filled)
                return null;
            ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _filled - _start);
            int whole = format.WholeDocuments(bytes, _line);
            if (_hasEnded && !format.IsLeftOut)
            {
                format.CheckEnd(bytes[whole..], _line + bytes[..whole].Count((byte)'\n'));
                whole = bytes.Length;
            }

            if (format.IsLeftOut)
                return null;
            if (whole > 0)
                return Cut(whole);
            Grow();
        }
    }

    /// <summary>Hands the front of the buffer out and moves the rest to a new one.</summary>
    TextBlock Cut(int length)
    {
        Memory<byte> bytes = _buffer.AsMemory(_start, length);
        var block = new TextBlock(bytes, format, file, _line, options);
        _line += bytes.Span.Count((byte)'\n');

        ReadOnlySpan<byte> rest = _buffer.AsSpan(_start + length, _filled - _start - length);
        int size = (int)Math.Min(Math.Max(TargetBytes, rest.Length + (long)TargetBytes / 2), options.MaxDocumentBytes);
        byte[] next = _hasEnded ? [] : GC.AllocateUninitializedArray<byte>(Math.Max(size, rest.Length + 1));
        rest.CopyTo(next);
        (_buffer, _start, _filled) = (next, 0, rest.Length);
        return block;
    }

    void Grow()
    {
        if (_filled - _start >= options.MaxDocumentBytes)
            throw new DataException($"{file}:{_line} {format.TooLong(_line, DocumentSink.Limit(options))}");
        Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, _start + (long)options.MaxDocumentBytes));
    }

    // Until the buffer is full, whatever a read gives: where blocks end must not depend on that.
    void Fill()
    {
        while (_filled < _buffer.Length && !_hasEnded)
        {
            int count = Read(_buffer.AsSpan(_filled));
            _filled += count;
            _hasEnded = count == 0;
        }

        if (_isBegun)
            return;
        _isBegun = true;
        RefuseBinary(_buffer.AsSpan(0, Math.Min(_filled, PeekBytes)));
        if (_buffer.AsSpan(0, _filled).StartsWith("\uFEFF"u8))
            _start = 3;
    }

    int Read(Span<byte> free)
    {
        try
        {
            return stream.Read(free);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            long line = _line + _buffer.AsSpan(_start, _filled - _start).Count((byte)'\n');
            throw new DataException($"{file} could not be read after line {line - 1}: {e.Message.TrimEnd('.')}; " +
                "the file is damaged or cut: fetch it again.", e);
        }
    }

    void RefuseBinary(ReadOnlySpan<byte> start)
    {
        if (TextBytes.BinarySign(start) is { } sign)
        {
            throw new DataException(
                $"{file} is {sign}; what can be read is UTF-8 text, JSON lines and CSV, also packed: convert it first.");
        }
    }
}
