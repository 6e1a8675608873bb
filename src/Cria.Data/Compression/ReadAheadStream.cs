using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Cria.Data.Compression;

/// <summary>
/// Reads another stream on a thread of its own, a few pieces ahead of the reader: unpacking goes on while what was
/// unpacked is worked on.
/// </summary>
sealed class ReadAheadStream : UnpackingStream
{
    const int PieceBytes = 1 << 19, PiecesAhead = 4;

    readonly Stream _source;
    readonly Thread _thread;
    readonly CancellationTokenSource _stop = new();
    readonly BlockingCollection<Piece> _ready = new(PiecesAhead);
    readonly ConcurrentQueue<byte[]> _used = new();
    Piece _current;
    int _taken;
    bool _hasEnded; // of the reading thread

    public ReadAheadStream(Stream source)
    {
        _source = source;
        _thread = new Thread(ReadAhead) { IsBackground = true, Name = "unpacking" };
        _thread.Start();
    }

    public override int Read(Span<byte> buffer)
    {
        while (_taken == _current.Length && !buffer.IsEmpty)
        {
            _current.Fault?.Throw();
            if (!Next())
                return 0;
        }

        int count = Math.Min(buffer.Length, _current.Length - _taken);
        _current.Bytes.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Cancel();
            _thread.Join();
            _stop.Dispose();
            _ready.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    bool Next()
    {
        if (_current.Bytes is { } used)
            _used.Enqueue(used);
        (_current, _taken) = (default, 0);
        return _ready.TryTake(out _current, Timeout.Infinite);
    }

    void ReadAhead()
    {
        try
        {
            while (!_hasEnded)
                _ready.Add(NextPiece(), _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The reader has seen enough.
        }

        _ready.CompleteAdding();
    }

    /// <summary>A full piece, or the last: what was read before a fault comes before it.</summary>
    Piece NextPiece()
    {
        var piece = new Piece { Bytes = _used.TryDequeue(out byte[]? used) ? used : new byte[PieceBytes] };
        try
        {
            for (int count; !_hasEnded && piece.Length < PieceBytes; piece.Length += count)
            {
                count = _source.Read(piece.Bytes, piece.Length, PieceBytes - piece.Length);
                _hasEnded = count == 0;
            }
        }
        catch (Exception e) // carried to the reader
        {
            piece.Fault = ExceptionDispatchInfo.Capture(e);
            _hasEnded = true;
        }

        return piece;
    }

    struct Piece
    {
        public byte[]? Bytes;
        public int Length;
        public ExceptionDispatchInfo? Fault;
    }
}
