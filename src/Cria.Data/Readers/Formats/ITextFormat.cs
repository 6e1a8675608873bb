namespace Cria.Data.Readers.Formats;

/// <summary>
/// How one file of lines holds documents. <see cref="WholeDocuments"/> is asked on the reading thread, in order;
/// <see cref="Parse"/> on any, once that has seen the block.
/// </summary>
interface ITextFormat
{
    /// <summary>
    /// Where the last whole document ends, 0 if none does yet. What is handed in begins where the last answer ended;
    /// after an answer of 0 it is the same bytes and more.
    /// </summary>
    /// <param name="bytes">The unread bytes of the file that are at hand.</param>
    /// <param name="line">The number of their first line, from 1.</param>
    int WholeDocuments(ReadOnlySpan<byte> bytes, long line);

    /// <summary>The file ends with these bytes, whole or not.</summary>
    /// <exception cref="DataException">They cannot be the end.</exception>
    void CheckEnd(ReadOnlySpan<byte> bytes, long line)
    {
    }

    /// <summary>Takes a block apart.</summary>
    /// <param name="bytes">Whole documents; may be written over.</param>
    /// <param name="line">The number of the first line, from 1.</param>
    /// <param name="sink">Gets the documents.</param>
    void Parse(Memory<byte> bytes, long line, DocumentSink sink);

    /// <summary>What to say of a document that does not end within the limit.</summary>
    string TooLong(long line, string limit);
}
