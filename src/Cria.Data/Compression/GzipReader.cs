using System.Buffers.Binary;
using System.IO.Compression;

namespace Cria.Data.Compression;

/// <summary>
/// Unpacks gzip, also several members in one file, and notices when the file was cut: the runtime's stream ends without
/// a word then. A member ends with the length of its content (RFC 1952, ISIZE), which is compared with what came out
/// since the member began.
/// </summary>
sealed class GzipReader : UnpackingStream
{
    readonly MemberStream _members;
    readonly GZipStream _gzip;
    long _unpacked;
    bool _isChecked;

    public GzipReader(Stream packed)
    {
        _members = new MemberStream(packed, () => _unpacked);
        _gzip = new GZipStream(_members, CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        int count = _gzip.Read(buffer);
        _unpacked += count;
        if (count == 0 && !buffer.IsEmpty && !_isChecked)
        {
            _isChecked = true;
            if (!_members.EndsWithLengthOf(_unpacked))
                throw new InvalidDataException("the packed data end before their end");
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>
    /// The packed bytes, handed out in pieces that end where a member may begin: the unpacker asks for such a place only
    /// once all before it is unpacked, so that tells where the member's content begins.
    /// </summary>
    sealed class MemberStream(Stream packed, Func<long> unpacked) : UnpackingStream
    {
        const int HeaderBytes = 10, TrailerBytes = 8;

        readonly byte[] _buffer = new byte[1 << 16];
        readonly byte[] _trailer = new byte[TrailerBytes];
        int _start;
        int _filled;
        long _total;
        bool _hasEnded;
        readonly long[] _starts = [0, -1, -1, -1]; // of the last members' content; a header may be one by chance
        int _members;

        public override int Read(Span<byte> buffer)
        {
            Fill();
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _filled - _start);
            if (IsMember(rest))
                _starts[_members++ % _starts.Length] = unpacked();
            ReadOnlySpan<byte> piece = rest[..Math.Min(buffer.Length, NextMember(rest))];
            piece.CopyTo(buffer);
            _start += piece.Length;
            _total += piece.Length;
            Remember(piece);
            return piece.Length;
        }

        /// <summary>Whether the file ends like a member whose content ends at this place.</summary>
        public bool EndsWithLengthOf(long end)
        {
            Fill();
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(_trailer.AsSpan(4));
            return _start == _filled && _total >= HeaderBytes + TrailerBytes
                && Array.Exists(_starts, start => start >= 0 && (uint)(end - start) == length);
        }

        // A header is seen whole wherever the reads of the file end.
        void Fill()
        {
            if (_hasEnded || _filled - _start >= HeaderBytes)
                return;
            _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
            (_start, _filled) = (0, _filled - _start);
            while (!_hasEnded && _filled < HeaderBytes)
            {
                int count = packed.Read(_buffer.AsSpan(_filled));
                _filled += count;
                _hasEnded = count == 0;
            }
        }

        /// <summary>How many bytes there are before another member may begin.</summary>
        int NextMember(ReadOnlySpan<byte> bytes)
        {
            for (int at = 1; ; at++)
            {
                int found = at < bytes.Length ? bytes[at..].IndexOf((byte)0x1F) : -1;
                if (found < 0)
                    return bytes.Length;
                at += found;
                bool isCut = bytes.Length - at < HeaderBytes && !_hasEnded;
                if (IsMember(bytes[at..]) || isCut)
                    return at;
            }
        }

        // Magic, deflate, flags below 32, a known compression hint, a known system: by chance once in 2^37 places.
        static bool IsMember(ReadOnlySpan<byte> h) => h.Length >= HeaderBytes
            && h[0] == 0x1F && h[1] == 0x8B && h[2] == 8 && h[3] < 32 && (h[8] is 0 or 2 or 4) && (h[9] is < 14 or 255);

        void Remember(ReadOnlySpan<byte> piece)
        {
            if (piece.Length >= TrailerBytes)
            {
                piece[^TrailerBytes..].CopyTo(_trailer);
                return;
            }

            _trailer.AsSpan(piece.Length).CopyTo(_trailer);
            piece.CopyTo(_trailer.AsSpan(TrailerBytes - piece.Length));
        }
    }
}
