using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Cria.Data.Fetching;

/// <summary>
/// One file: into <c>NAME.part</c>, in pieces side by side where the server serves ranges; checked by length and hash; renamed when it
/// is whole. What breaks off goes on from where it was, in this run or the next, if the file there is still the same.
/// </summary>
sealed class FileDownload(Transfer transfer, WantedFile wanted, string folder, SourceRecord record)
{
    const int MostStarts = 3;
    const long SaveEvery = 32 << 20;

    static readonly TimeSpan SaveAfter = TimeSpan.FromSeconds(2);

    readonly string _target = TargetOf(wanted, folder);
    readonly Lock _saving = new(), _reserving = new();
    PartState? _state;
    Answer? _first; // of the request that found out whether there are ranges: its body is not asked for twice
    long _came, _unsaved, _savedAt = Stopwatch.GetTimestamp(), _expected = wanted.Bytes ?? 0;
    long _reserved = ToCome(wanted, folder);
    bool _isResumed;

    string Part => _target + PartState.PartEnding;

    /// <returns>What is now there; its progress has been told.</returns>
    public async Task<FetchedFile> RunAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_target)!);
        for (int starts = 1; ; starts++)
        {
            string fault;
            try
            {
                await FillAsync(cancellation);
                string hash = await HashAsync(Part, cancellation);
                if (wanted.Sha256 is null || hash == wanted.Sha256)
                    return Finish(hash);
                fault = $"{wanted.Name} has the SHA-256 {hash} and should have {wanted.Sha256}";
            }
            catch (ChangedFault e)
            {
                fault = e.Message;
            }
            finally
            {
                _first?.Dispose();
                _first = null;
            }

            PartState.Discard(_target);
            transfer.Progress.Came(-_came);
            (_state, _came, _isResumed) = (null, 0, false);
            if (starts == MostStarts)
                throw new DataException($"{fault}, {starts} times in a row; nothing is kept of it: {WebAddress.Shown(wanted.Address)} is not to be relied on now.");
            transfer.Options.Say($"{fault}; it is fetched anew.");
        }
    }

    /// <summary>The bytes that are known to be missing of a file, before its server is asked; reserved by whoever begins it.</summary>
    public static long ToCome(WantedFile wanted, string folder) =>
        wanted.Bytes is not { } bytes ? 0 : bytes - (PartState.Open(TargetOf(wanted, folder), wanted)?.Done ?? 0);

    /// <summary>The hash of a file on the disk.</summary>
    public static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }

    async Task FillAsync(CancellationToken cancellation)
    {
        _state = PartState.Open(_target, wanted);
        if (_state is not null)
        {
            _isResumed = _state.Done > 0;
            Expect(_state.Length, _state.Done);
            Tell(_state.Done);
        }
        else
        {
            await BeginAsync(cancellation);
        }

        if (_state is null)
            await WholeAsync(cancellation);
        else
            await PiecesAsync(_state, cancellation);
    }

    /// <summary>The first request: whether there are ranges, how long the file is, what tells it from another.</summary>
    async Task BeginAsync(CancellationToken cancellation)
    {
        _first = await transfer.Retries().RunAsync(
            () => _came,
            token => Answer.AskAsync(transfer, wanted, (0, transfer.Options.PieceBytes - 1), null, token),
            cancellation);
        bool canContinue = _first is { IsPart: true } && (_first.Validator is not null || wanted.Sha256 is not null);
        if (canContinue)
        {
            long length = _first.Length!.Value;
            Expect(length, there: 0);
            _state = new PartState
            {
                Length = length,
                // Mirrors of one file may name it differently: where its hash is known, that decides.
                Validator = wanted.Sha256 is null ? _first.Validator : null,
                Pieces = FilePiece.Cut(length, transfer.Options.PieceBytes),
            };
        }
        else if (_first.IsPart || _first.IsBeyond) // nothing to continue by, or an empty file
        {
            _first.Dispose();
            _first = null;
        }
    }

    async Task PiecesAsync(PartState state, CancellationToken cancellation)
    {
        using SafeFileHandle file = OpenPart(FileMode.OpenOrCreate);
        RandomAccess.SetLength(file, state.Length);
        try
        {
            await SideBySide.RunAsync(
                state.Pieces.Where(piece => !piece.IsWhole),
                transfer.Options.Connections,
                (piece, token) => transfer.Retries().RunAsync(() => piece.Next, t => PieceAsync(state, file, piece, t), token),
                cancellation);
        }
        finally
        {
            Save(state, file);
        }
    }

    async Task<bool> PieceAsync(PartState state, SafeFileHandle file, FilePiece piece, CancellationToken cancellation)
    {
        if (piece.IsWhole)
            return true; // an attempt before this one failed behind the last byte
        Answer? first = piece.First == 0 ? Interlocked.Exchange(ref _first, null) : null;
        long from = piece.Next;
        using Answer answer = first
            ?? await Answer.AskAsync(transfer, wanted, (from, piece.End - 1), state.Validator, cancellation);
        bool isOther = state.Validator is not null && answer.Validator is { } now && now != state.Validator;
        if (!answer.IsPart || answer.Length != state.Length || isOther)
            throw new ChangedFault($"{wanted.Name} was changed at {answer.Host} since it was begun");

        long came = await answer.CopyAsync(file, Part, from, piece.End - from, count =>
        {
            piece.Came(count);
            Count(count);
            if (Interlocked.Add(ref _unsaved, count) >= SaveEvery || Stopwatch.GetElapsedTime(Interlocked.Read(ref _savedAt)) > SaveAfter)
                Save(state, file);
        }, cancellation);
        if (came > piece.End - from)
            throw new DataException($"{answer.Host} sends more of {wanted.Name} than the bytes {from}-{piece.End - 1} that were asked for; try again later or elsewhere.");
        return piece.IsWhole ? true : throw new PassingFault($"{answer.Host} ended after {piece.Next - from} of {piece.End - from} bytes");
    }

    /// <summary>All of it over one connection, from its first byte whenever that breaks.</summary>
    async Task WholeAsync(CancellationToken cancellation)
    {
        try
        {
            await transfer.Retries().RunAsync(() => 0, WholeOnceAsync, cancellation);
        }
        catch
        {
            File.Delete(Part); // nothing could go on from it
            throw;
        }
    }

    async Task<bool> WholeOnceAsync(CancellationToken cancellation)
    {
        using Answer answer = Interlocked.Exchange(ref _first, null) ?? await Answer.AskAsync(transfer, wanted, null, null, cancellation);
        using SafeFileHandle file = OpenPart(FileMode.Create);
        Tell(-_came);
        long? length = answer.Length ?? wanted.Bytes;
        if (length is { } known)
            Expect(known, there: 0);
        long most = length ?? transfer.Options.UnknownLengthBytes;
        long copied = await answer.CopyAsync(file, Part, 0, most, Count, cancellation);
        if (copied < length)
            throw new PassingFault($"{answer.Host} ended after {copied} of {length} bytes");
        if (copied > most)
        {
            throw new DataException(length is null
                ? $"{answer.Host} sent {most} bytes of {wanted.Name} without saying how many there are; no more are taken: fetch it by hand."
                : $"{answer.Host} sends more of {wanted.Name} than its {length} bytes; it was changed there: try again later.");
        }

        RandomAccess.FlushToDisk(file);
        return true;
    }

    FetchedFile Finish(string hash)
    {
        if (Path.Exists(_target))
            throw new DataException($"{_target} has come to be while it was fetched; nothing is written over it: remove it or choose another folder.");
        FetchState state = _isResumed ? FetchState.Resumed : FetchState.Fetched;
        FetchedFile file = new(wanted.Name, wanted.Split, new FileInfo(Part).Length, hash, state);
        record.Add(wanted, file, Part, transfer.Options.Clock.GetUtcNow().UtcDateTime);
        File.Move(Part, _target);
        File.Delete(_target + PartState.Ending);
        transfer.Progress.Finished();
        return file;
    }

    SafeFileHandle OpenPart(FileMode mode)
    {
        try
        {
            return File.OpenHandle(Part, mode, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(Part, e);
        }
    }

    /// <summary>On the disk first, then in the state: it never claims bytes that a power cut would take away.</summary>
    void Save(PartState state, SafeFileHandle file)
    {
        lock (_saving)
        {
            Interlocked.Exchange(ref _unsaved, 0);
            Interlocked.Exchange(ref _savedAt, Stopwatch.GetTimestamp());
            long[] positions = state.Positions();
            RandomAccess.FlushToDisk(file);
            state.Save(_target, wanted, positions);
        }
    }

    /// <summary>Bytes have come and are written.</summary>
    void Count(int bytes)
    {
        Tell(bytes);
        transfer.Progress.Received(bytes);
        lock (_reserving)
        {
            long released = Math.Min(bytes, _reserved);
            _reserved -= released;
            transfer.Space.Release(released);
        }
    }

    void Tell(long bytes)
    {
        Interlocked.Add(ref _came, bytes);
        transfer.Progress.Came(bytes);
    }

    /// <summary>The length is known now: what is not there yet must fit on the disk.</summary>
    void Expect(long length, long there)
    {
        transfer.Progress.Expect(length - Interlocked.Exchange(ref _expected, length));
        long more;
        lock (_reserving)
            (more, _reserved) = (length - there - _reserved, length - there);
        transfer.Space.Reserve(more);
    }

    static string TargetOf(WantedFile wanted, string folder) => Path.Combine(folder, wanted.Name.Replace('/', Path.DirectorySeparatorChar));
}
