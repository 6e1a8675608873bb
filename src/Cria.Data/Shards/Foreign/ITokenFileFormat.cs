namespace Cria.Data.Shards.Foreign;

/// <summary>How another program lays ids out in a file.</summary>
interface ITokenFileFormat
{
    /// <summary>Its name on the command line and in messages.</summary>
    string Name { get; }

    /// <summary>Whether a file is filled up with EndOfText behind its last document.</summary>
    bool IsFilledUp { get; }

    /// <summary>Whether a file that begins like this is of this format.</summary>
    bool Recognises(ReadOnlySpan<byte> beginning);

    /// <summary>What the header says, checked against the file's length.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="beginning">The first kilobyte, or all of a shorter file.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    /// <param name="bytesPerToken">What an id takes where the file does not say it.</param>
    /// <exception cref="DataException">The header contradicts the file.</exception>
    TokenFileLayout Layout(string path, ReadOnlySpan<byte> beginning, long fileLength, int bytesPerToken);

    /// <summary>The header of a file with so many ids.</summary>
    byte[] Header(long tokens, int bytesPerToken);

    /// <summary>The format of a file.</summary>
    static ITokenFileFormat Of(ReadOnlySpan<byte> beginning)
    {
        foreach (ITokenFileFormat format in (ReadOnlySpan<ITokenFileFormat>)[new LlmcFile(), new LitPackedFile(), new NpyFile()])
        {
            if (format.Recognises(beginning))
                return format;
        }

        return new HeaderlessFile();
    }
}

/// <summary>Where the ids lie in a file.</summary>
/// <param name="Start">Bytes before them.</param>
/// <param name="Tokens">How many there are.</param>
/// <param name="BytesPerToken">What each takes: 2 or 4.</param>
readonly record struct TokenFileLayout(long Start, long Tokens, int BytesPerToken);
