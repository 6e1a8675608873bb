using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Tokenizers.Training;

/// <summary>
/// Words in the order of their bytes with their occurrences, in a temporary file that goes with the object or with the
/// process: length and occurrences as numbers of seven bits a byte, then the word.
/// </summary>
sealed class WordRun(string? folder) : IDisposable
{
    const int BufferBytes = 1 << 18, MostNumberBytes = 10;

    readonly string _path = Path.Combine(folder ?? Path.GetTempPath(), $"cria-{Guid.NewGuid():N}.spill");
    SafeFileHandle? _file;
    byte[] _buffer = new byte[BufferBytes];
    int _filled;

    public long SizeInBytes { get; private set; }

    /// <exception cref="DataException">The disk is full, or the folder cannot be written.</exception>
    public void Append(ReadOnlySpan<byte> word, long occurrences)
    {
        if (_filled + (2 * MostNumberBytes) > _buffer.Length)
            Write();
        AppendNumber(word.Length);
        AppendNumber(occurrences);
        while (word.Length > 0)
        {
            if (_filled == _buffer.Length)
                Write();
            int count = Math.Min(word.Length, _buffer.Length - _filled);
            word[..count].CopyTo(_buffer.AsSpan(_filled));
            _filled += count;
            word = word[count..];
        }
    }

    /// <summary>After the last word, before the first is read.</summary>
    public void Complete()
    {
        Write();
        _buffer = [];
    }

    public Reader Read() => new(this);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    void AppendNumber(long number)
    {
        for (; number >= 0x80; number >>= 7)
            _buffer[_filled++] = (byte)(number | 0x80);
        _buffer[_filled++] = (byte)number;
    }

    void Write()
    {
        try
        {
            _file ??= File.OpenHandle(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            RandomAccess.Write(_file, _buffer.AsSpan(0, _filled), SizeInBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(_path, e);
        }
        SizeInBytes += _filled;
        _filled = 0;
    }

    /// <summary>Walks a run from its beginning.</summary>
    public sealed class Reader(WordRun run)
    {
        readonly byte[] _buffer = new byte[BufferBytes];
        byte[] _word = new byte[64];
        long _place;
        int _start, _filled, _length;

        /// <summary>Holds until the next call of <see cref="Next"/>.</summary>
        public ReadOnlyMemory<byte> Word => _word.AsMemory(0, _length);

        public long Occurrences { get; private set; }

        /// <summary>Goes to the next word; false at the end.</summary>
        /// <exception cref="DataException">The file cannot be read, or somebody changed it.</exception>
        public bool Next()
        {
            if (_start == _filled && _place == run.SizeInBytes)
                return false;
            _length = (int)Number();
            Occurrences = Number();
            if (_word.Length < _length)
                _word = new byte[_length];
            for (int copied = 0; copied < _length;)
            {
                if (_start == _filled)
                    Fill();
                int count = Math.Min(_length - copied, _filled - _start);
                _buffer.AsSpan(_start, count).CopyTo(_word.AsSpan(copied));
                _start += count;
                copied += count;
            }
            return true;
        }

        long Number()
        {
            long number = 0;
            for (int shift = 0; ; shift += 7)
            {
                if (_start == _filled)
                    Fill();
                byte b = _buffer[_start++];
                number |= (long)(b & 0x7F) << shift;
                if (b < 0x80)
                    return number;
            }
        }

        void Fill()
        {
            int count = 0;
            try
            {
                count = RandomAccess.Read(run._file!, _buffer, _place);
            }
            catch (IOException e)
            {
                throw new DataException($"{run._path} could not be read: {e.Message.TrimEnd('.')}; begin again on another disk.", e);
            }
            if (count == 0)
                throw new DataException($"{run._path} is shorter than it was written; leave temporary files alone and begin again.");
            _place += count;
            (_start, _filled) = (0, count);
        }
    }
}
