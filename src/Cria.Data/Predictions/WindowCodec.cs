using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Cria.Data.Predictions;

/// <summary>
/// The bytes of one window. Of every row the number of kept tokens and the row's own number; then all ids, each as its distance from the
/// one before; of drawn tokens how often each was drawn; then all logarithms, first byte by first byte, so that what resembles
/// stands together. All of it is packed with Brotli where that makes it smaller. docs/cached-teachers.md
/// </summary>
/// <remarks>Not for several threads at once: it keeps its buffers.</remarks>
sealed class WindowCodec(PredictionHeader header)
{
    /// <summary>What one packed byte may stand for, and what any window may: a file that says more wants memory for nothing.</summary>
    const int MostExpansion = 64, Granted = 1 << 16;

    const int Quality = 5, WindowBits = 22;

    /// <summary>Bytes of a row that keeps nothing.</summary>
    const long LeastRow = 1 + sizeof(float);

    readonly ArrayBufferWriter<byte> _rows = new(), _gaps = new(), _times = new();
    readonly List<uint> _logs = [];
    KeptRow? _row;
    int[] _counts = [];
    byte[] _plain = [], _packed = [];

    bool HasTimes => header.Choice is DrawnTokens;

    /// <summary>Whether a window's bytes may have been packed from as many.</summary>
    public static bool MayBe(long plain, long stored) => plain <= MostPlain(stored);

    /// <summary>The most bytes that so many may have been packed from.</summary>
    public static long MostPlain(long stored) => Granted + MostExpansion * stored;

    /// <summary>Chooses and packs.</summary>
    /// <param name="probabilities">(T, V)</param>
    /// <param name="window">Its number.</param>
    public PackedWindow Encode(ReadOnlySpan<float> probabilities, long window)
    {
        int most = 0;
        _row ??= new(header.Choice.Most);
        foreach (var buffer in (ArrayBufferWriter<byte>[])[_rows, _gaps, _times])
            buffer.ResetWrittenCount();
        _logs.Clear();
        ulong key = KeyedHash.Combine(header.Choice is DrawnTokens drawn ? drawn.Seed : 0, (ulong)window);
        for (int r = 0; r < header.SequenceLength; r++)
        {
            header.Choice.Choose(probabilities.Slice(r * header.VocabSize, header.VocabSize), KeyedHash.Combine(key, (ulong)r), _row);
            Add(_row);
            most = Math.Max(most, _row.Count);
        }
        var (stored, plain) = Pack();
        return new(stored, plain, most);
    }

    /// <summary>Unpacks.</summary>
    /// <param name="stored">As it lies in the file.</param>
    /// <param name="plainLength">Bytes before they were packed.</param>
    /// <param name="kept">Receives the tokens.</param>
    /// <returns>False where the bytes are none that <see cref="Encode"/> makes.</returns>
    public bool TryDecode(ReadOnlySpan<byte> stored, int plainLength, KeptPredictions kept)
    {
        if (plainLength < LeastRow * header.SequenceLength)
            return false;
        if (_counts.Length == 0)
            _counts = new int[header.SequenceLength];
        var plain = stored;
        if (plainLength != stored.Length)
        {
            if (_plain.Length < plainLength)
                _plain = new byte[plainLength];
            if (!BrotliDecoder.TryDecompress(stored, _plain.AsSpan(0, plainLength), out int written) || written != plainLength)
                return false;
            plain = _plain.AsSpan(0, plainLength);
        }
        Cursor cursor = new(plain);
        int all = Rows(ref cursor, kept);
        if (all < 0 || !Ids(ref cursor, kept))
            return false;
        int times = HasTimes ? TimesBytes(cursor.Left, all) : 0;
        return times >= 0 && cursor.Left.Length == times + (long)all * header.LogBytes && Logs(cursor, all, kept);
    }

    void Add(KeptRow row)
    {
        Put(_rows, (uint)row.Count);
        BinaryPrimitives.WriteSingleLittleEndian(_rows.GetSpan(4), row.Extra);
        _rows.Advance(4);
        for (int i = 0; i < row.Count; i++)
        {
            Put(_gaps, (uint)(i == 0 ? row.Ids[0] : row.Ids[i] - row.Ids[i - 1] - 1));
            if (HasTimes)
                Put(_times, (uint)row.Times[i] - 1);
            _logs.Add(header.IsHalf ? BitConverter.HalfToUInt16Bits((Half)row.Logs[i]) : BitConverter.SingleToUInt32Bits(row.Logs[i]));
        }
    }

    (byte[] Stored, int Plain) Pack()
    {
        int length = _rows.WrittenCount + _gaps.WrittenCount + _times.WrittenCount + _logs.Count * header.LogBytes;
        if (_packed.Length < length)
            (_plain, _packed) = (new byte[length], new byte[length]);
        int at = 0;
        foreach (var buffer in (ArrayBufferWriter<byte>[])[_rows, _gaps, _times])
        {
            buffer.WrittenSpan.CopyTo(_plain.AsSpan(at));
            at += buffer.WrittenCount;
        }
        for (int plane = 0; plane < header.LogBytes; plane++)
            foreach (uint log in _logs)
                _plain[at++] = (byte)(log >> (8 * plane));
        bool isPacked = BrotliEncoder.TryCompress(_plain.AsSpan(0, length), _packed, out int stored, Quality, WindowBits)
            && stored < length && MayBe(length, stored);
        return (isPacked ? _packed[..stored] : _plain[..length], length);
    }

    int Rows(ref Cursor cursor, KeptPredictions kept)
    {
        int all = 0;
        for (int r = 0; r < header.SequenceLength; r++)
        {
            if (!cursor.TryTake(out uint count) || count > (uint)kept.Most || !cursor.TryTake(out float extra) || float.IsNaN(extra))
                return -1;
            double rest = header.Choice.Rest(extra);
            if (rest > 1.001 || (rest > 0 && count == header.VocabSize) || extra > 100)
                return -1;
            (_counts[r], kept.Extras[r], kept.Rests[r]) = ((int)count, extra, (float)rest);
            all += (int)count;
        }
        return all;
    }

    bool Ids(ref Cursor cursor, KeptPredictions kept)
    {
        for (int r = 0; r < header.SequenceLength; r++)
        {
            var ids = kept.Ids.AsSpan(r * kept.Most, kept.Most);
            long id = -1;
            for (int i = 0; i < _counts[r]; i++)
            {
                if (!cursor.TryTake(out uint gap))
                    return false;
                id += gap + 1L;
                if (id >= header.VocabSize)
                    return false;
                ids[i] = (int)id;
            }
            ids[_counts[r]..].Fill(-1);
        }
        return true;
    }

    static int TimesBytes(ReadOnlySpan<byte> left, int all)
    {
        Cursor cursor = new(left);
        for (int i = 0; i < all; i++)
            if (!cursor.TryTake(out uint _))
                return -1;
        return left.Length - cursor.Left.Length;
    }

    bool Logs(Cursor times, int all, KeptPredictions kept)
    {
        var planes = times.Left[^(all * header.LogBytes)..];
        for (int r = 0, n = 0; r < header.SequenceLength; r++)
        {
            long drawn = 0;
            for (int i = 0; i < _counts[r]; i++, n++)
            {
                uint bits = 0, more = 0;
                for (int plane = 0; plane < header.LogBytes; plane++)
                    bits |= (uint)planes[plane * all + n] << (8 * plane);
                if (HasTimes)
                    times.TryTake(out more);
                float log = header.IsHalf ? (float)BitConverter.UInt16BitsToHalf((ushort)bits) : BitConverter.UInt32BitsToSingle(bits);
                if (!(log <= 0.001f && float.IsFinite(log)) || (drawn += more + 1L) > header.Choice.Most)
                    return false;
                double share = header.Choice.Share(log, (int)more + 1, kept.Extras[r]);
                if (!float.IsFinite((float)share))
                    return false;
                (kept.Logs[r * kept.Most + i], kept.Shares[r * kept.Most + i]) = (log, (float)share);
            }
        }
        return true;
    }

    static void Put(ArrayBufferWriter<byte> buffer, uint number)
    {
        var bytes = buffer.GetSpan(5);
        int count = 0;
        for (; number >= 0x80; number >>= 7)
            bytes[count++] = (byte)(number | 0x80);
        bytes[count++] = (byte)number;
        buffer.Advance(count);
    }

    /// <summary>What is left of the bytes.</summary>
    ref struct Cursor(ReadOnlySpan<byte> bytes)
    {
        public ReadOnlySpan<byte> Left = bytes;

        /// <summary>Seven bits a byte, the lowest first.</summary>
        public bool TryTake(out uint number)
        {
            number = 0;
            for (int i = 0; i < 5 && i < Left.Length; i++)
            {
                number |= (uint)(Left[i] & 0x7F) << (7 * i);
                if (Left[i] >= 0x80)
                    continue;
                bool fits = i < 4 || Left[i] < 0x10;
                Left = Left[(i + 1)..];
                return fits;
            }
            return false;
        }

        public bool TryTake(out float number)
        {
            number = 0;
            if (Left.Length < 4)
                return false;
            number = BinaryPrimitives.ReadSingleLittleEndian(Left);
            Left = Left[4..];
            return true;
        }
    }
}

/// <summary>A window as it is stored.</summary>
/// <param name="Stored">Its bytes.</param>
/// <param name="Plain">How many there were before they were packed; as many where they were not.</param>
/// <param name="Most">The most tokens that are kept of a row.</param>
readonly record struct PackedWindow(byte[] Stored, int Plain, int Most)
{
    /// <summary>Notices damage, and a window that stands in another's place.</summary>
    public ulong Check(long window) => Check(Stored, Plain, Most, window);

    /// <inheritdoc cref="Check(long)"/>
    public static ulong Check(ReadOnlySpan<byte> stored, int plain, int most, long window)
    {
        ulong content = KeyedHash.Combine((ulong)KeyedHash.OfBytes(stored), (ulong)window);
        return KeyedHash.Combine(KeyedHash.Combine(content, (ulong)plain), (ulong)most);
    }
}
