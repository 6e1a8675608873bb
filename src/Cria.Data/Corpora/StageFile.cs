using System.Buffers;
using System.Security.Cryptography;
using Cria.Data.Cleaning;
using Cria.Data.Readers;

namespace Cria.Data.Corpora;

/// <summary>
/// Documents on the way from one stage to the next: JSON lines with the text and where it comes from. The file has its name only once it
/// is whole.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="keepsOrigin">False for a file that is a result: text and group, and nothing that differs between machines.</param>
sealed class StageFile(string path, bool keepsOrigin = true) : IDisposable
{
    const char Between = '\t';

    readonly string _temporary = path + ".tmp";
    readonly FileStream _file = DurableFile.Create(path + ".tmp");
    readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Documents added.</summary>
    public long Documents { get; private set; }

    /// <summary>UTF-8 bytes of their texts.</summary>
    public long Bytes { get; private set; }

    public StageSize Size => new(Documents, Bytes);

    /// <summary>SHA-256 of the whole file, 64 lower-case hexadecimal digits; after <see cref="Complete"/>.</summary>
    public string Sha256 { get; private set; } = "";

    public void Add(Document document)
    {
        string? origin = keepsOrigin
            ? $"{document.Line}{Between}{document.File}{(document.Group is null ? "" : Between + document.Group)}"
            : null;
        JsonLine.Write(_buffer, Spill, document.Utf8.Span, keepsOrigin ? null : document.Group, origin);
        Documents++;
        Bytes += document.Utf8.Length;
        if (_buffer.WrittenCount >= 1 << 20)
            Spill();
    }

    /// <summary>Brings everything to the disk and gives the file its name.</summary>
    /// <param name="key">The part of the recipe that decides what is left; null: that of the file's name.</param>
    /// <exception cref="DataException">The disk is full, or no document was added.</exception>
    public void Complete(string? key = null)
    {
        string stage = Path.GetFileNameWithoutExtension(path);
        if (Documents == 0)
            throw new DataException($"No document is left after {stage}; loosen what the recipe says under {key ?? stage}.");
        Spill();
        Sha256 = Convert.ToHexStringLower(_hash.GetCurrentHash());
        try
        {
            _file.Flush(flushToDisk: true);
            _file.Dispose();
            File.Move(_temporary, path, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(path, e);
        }
    }

    public void Dispose()
    {
        _hash.Dispose();
        _file.Dispose();
        File.Delete(_temporary);
    }

    /// <summary>The documents of a stage's file, with their places and groups.</summary>
    public static IEnumerable<Document> Read(string path, CancellationToken cancellation) =>
        Process(path, _ => 0, threads: 1, cancellation).Select(item => item.Document);

    /// <summary>As <see cref="Read"/>, each with the result of some work that is done on several threads.</summary>
    public static IEnumerable<(Document Document, T Result)> Process<T>(
        string path, Func<Document, T> work, int threads, CancellationToken cancellation)
    {
        var options = new ReaderOptions { GroupField = "origin", MaxDocumentBytes = 1 << 30 };
        IEnumerable<List<(Document, T)>> batches = DocumentReader.Open([path], options).Process(
            documents => documents.Select(Restored).Select(document => (document, work(document))).ToList(), threads);
        foreach (List<(Document, T)> batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach ((Document, T) item in batch)
                yield return item;
        }
    }

    static Document Restored(Document read)
    {
        string[] origin = (read.Group ?? "").Split(Between, 3);
        if (origin.Length < 2 || !long.TryParse(origin[0], out long line))
            throw new DataException($"{read.Place} does not say where its text comes from; the file is damaged: remove the folder and build again.");
        return new Document(read.Utf8, origin[1], line) { Group = origin.Length > 2 ? origin[2] : null };
    }

    void Spill()
    {
        try
        {
            _file.Write(_buffer.WrittenSpan);
            _hash.AppendData(_buffer.WrittenSpan);
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(path, e);
        }

        _buffer.ResetWrittenCount();
    }
}
