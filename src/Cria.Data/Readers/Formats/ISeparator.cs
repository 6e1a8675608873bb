namespace Cria.Data.Readers.Formats;

/// <summary>What stands between two documents of plain text.</summary>
interface ISeparator
{
    /// <summary>How a person makes one, in words.</summary>
    string Words { get; }

    /// <summary>The end of the last separator whose line begins at <paramref name="from"/> or later and is whole; 0 if
    /// there is none.</summary>
    /// <param name="bytes">Text that begins with a line.</param>
    /// <param name="from">Where a line begins.</param>
    int LastEnd(ReadOnlySpan<byte> bytes, int from);

    /// <summary>Where the document that begins at <paramref name="start"/> ends, its last line end included, and where the
    /// next begins.</summary>
    (int End, int Next) Next(ReadOnlySpan<byte> bytes, int start);

    /// <summary>The separator of that name, else lines of these words.</summary>
    /// <exception cref="DataException">Nothing, or a line end: nobody could find that.</exception>
    static ISeparator Of(string separator) => separator switch
    {
        ReaderOptions.EveryLine => new EveryLine(),
        ReaderOptions.BlankLine => new BlankLines(),
        _ => new SeparatorLine(separator),
    };
}
