using System.Buffers;
using System.IO.Compression;
using System.Text;
using Cria.Data.Readers;

namespace Cria.Data.Cleaning;

/// <summary>
/// Writes documents to one file that <see cref="DocumentReader"/> reads back: plain text with a line of
/// <c>&lt;|endoftext|&gt;</c> after each document, or JSON lines with the field <c>text</c> where the name ends in
/// <c>.jsonl</c>, with the field <c>group</c> for a document that has one;
/// packed where it ends in <c>.gz</c>. The file has its name only once it is whole.
/// </summary>
public sealed class CorpusWriter : IDisposable
{
    readonly string _path;
    readonly string _temporary;
    readonly bool _isJson;
    readonly FileStream _file;
    readonly Stream _stream;
    readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);

    /// <summary>Starts a file; nothing must bear its name.</summary>
    /// <exception cref="DataException">The file exists, or cannot be made.</exception>
    public CorpusWriter(string path)
    {
        if (File.Exists(path) || Directory.Exists(path))
            throw new DataException(
                $"{path} exists already; nothing is written over it: remove it or choose another name.");
        if (!InputFiles.IsWritten(path))
            throw new DataException($"{path} would be no file of its name; end it in .txt or .jsonl, and .gz behind that to pack it.");
        _path = path;
        _temporary = path + ".tmp";
        _isJson = InputFiles.IsJsonLines(path);
        _file = DurableFile.Create(_temporary);
        _stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(_file, CompressionLevel.Optimal, leaveOpen: true)
            : _file;
    }

    /// <summary>Documents added so far.</summary>
    public long Documents { get; private set; }

    /// <summary>Appends one document.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="group">Its group, such as its author (<see cref="Document.Group"/>).</param>
    /// <exception cref="DataException">The disk is full, or the file is plain and the document has a group or holds the
    /// separator.</exception>
    public void Add(string text, string? group = null)
    {
        if (_isJson)
            JsonLine.Write(_buffer, Spill, Encoding.UTF8.GetBytes(text), group);
        else if (group is null)
            AppendPlain(text);
        else
            throw new DataException($"{_path} cannot hold the groups of documents, such as \"{group}\"; write to a .jsonl file instead.");
        Documents++;
        if (_buffer.WrittenCount >= 1 << 16)
            Spill();
    }

    /// <summary>Brings everything to the disk and gives the file its name.</summary>
    /// <exception cref="DataException">The disk is full, or no document was added.</exception>
    public void Complete()
    {
        if (Documents == 0)
            throw new DataException($"{_path} would hold no document; give more text or a looser recipe.");
        Spill();
        try
        {
            if (_stream != _file)
                _stream.Dispose();
            _file.Flush(flushToDisk: true);
            _file.Dispose();
            File.Move(_temporary, _path, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failure(_path, e);
        }
    }

    /// <summary>Removes what was written, unless <see cref="Complete"/> has given it its name.</summary>
    public void Dispose()
    {
        try
        {
            if (_stream != _file)
                _stream.Dispose();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The disk is full or the file closed: what the packer still holds is thrown away with the file.
        }

        _file.Dispose();
        File.Delete(_temporary);
    }

    void AppendPlain(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.TrimEnd(' ').SequenceEqual(Document.Separator))
            {
                throw new DataException(
                    $"{_path} cannot hold document {Documents + 1}, which has a line of {Document.Separator}; " +
                    "write to a .jsonl file instead.");
            }
        }

        Encoding.UTF8.GetBytes(text, _buffer);
        _buffer.Write("\n<|endoftext|>\n"u8);
    }

    void Spill()
    {
        try
        {
            _stream.Write(_buffer.WrittenSpan);
        }
        catch (IOException e)
        {
            throw DurableFile.Failure(_path, e);
        }

        _buffer.ResetWrittenCount();
    }
}
