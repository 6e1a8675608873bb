using Cria.Data.Compression;

namespace Cria.Data.Readers.Formats;

/// <summary>
/// How one file of lines holds documents. <see cref="WholeDocuments"/> is asked on the reading thread, in order;
/// <see cref="Parse"/> on any, once that has seen the block.
/// </summary>
interface ITextFormat
{
    /// <summary>Whether its beginning showed that the file is none of this format, so that nothing more of it is read.</summary>
    bool IsLeftOut => false;

    /// <summary>
    /// Where the last whole document ends, 0 if none does yet. What is handed in begins where the last answer ended;
    /// after an answer of 0 it is the same bytes and more.
    /// </summary>
    /// <param name="bytes">The unread bytes of the file that are at hand.</param>
    /// <param name="line">The number of their first line, from 1.</param>
    int WholeDocuments(ReadOnlySpan<byte> bytes, long line);

    /// <summary>The file ends with these bytes behind the last whole document.</summary>
    /// <exception cref="DataException">They cannot be the end.</exception>
    void CheckEnd(ReadOnlySpan<byte> bytes, long line)
    {
    }

    /// <summary>Takes a block apart.</summary>
    /// <param name="bytes">Whole documents; may be written over.</param>
    /// <param name="line">The number of the first line, from 1.</param>
    /// <param name="sink">Gets the documents.</param>
    void Parse(Memory<byte> bytes, long line, DocumentSink sink);

    /// <summary>The format of a file, which its name tells.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it becomes documents.</param>
    /// <param name="complain">Told in a sentence that the file is not meant to be read so; throws where a person named
    /// it, else it is left out.</param>
    static ITextFormat Of(string path, ReaderOptions options, Action<string> complain) =>
        Path.GetExtension(PackedFile.UnpackedName(path)).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => new JsonLines(options),
            ".csv" => new SeparatedValues(',', path, options, complain),
            ".tsv" => new SeparatedValues('\t', path, options, complain),
            _ => new PlainText(options),
        };

    /// <summary>What to say of a document that does not end within the limit.</summary>
    string TooLong(long line, string limit);
}
