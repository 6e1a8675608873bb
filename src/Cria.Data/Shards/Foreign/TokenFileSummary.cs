namespace Cria.Data.Shards.Foreign;

/// <summary>What token files say of themselves, without the tokenizer that made them.</summary>
public sealed record TokenFileSummary
{
    /// <summary><c>bin</c>, <c>llmc</c>, <c>npy</c> or <c>litpkds</c>.</summary>
    public required string Format { get; init; }

    /// <summary>How many files.</summary>
    public required int Files { get; init; }

    /// <summary>Ids in all of them.</summary>
    public required long Tokens { get; init; }

    /// <summary>What an id takes: 2 or 4.</summary>
    public required int BytesPerToken { get; init; }

    /// <summary>Whether the files say what an id takes; where they have no header it was assumed.</summary>
    public required bool HasHeader { get; init; }

    /// <summary>Bytes of the files.</summary>
    public required long Bytes { get; init; }

    /// <summary>Reads the headers of a file, of the token files of a folder or of a pattern's.</summary>
    /// <param name="path">What is named.</param>
    /// <param name="vocabSize">Tells what an id takes where the files do not: two bytes up to 65,536, and four above.</param>
    /// <exception cref="DataException">There is no file, one contradicts itself, or they are of two kinds.</exception>
    public static TokenFileSummary Of(string path, int vocabSize = 1 << 16)
    {
        TokenFileSummary? all = null;
        foreach (string file in TokenFileNames.All(path))
        {
            (ITokenFileFormat format, var handle, TokenFileLayout layout) = TokenFileSet.OpenOne(file, TokenBytes.Width(vocabSize));
            handle.Dispose();
            var one = new TokenFileSummary
            {
                Format = format.Name,
                Files = 1,
                Tokens = layout.Tokens,
                BytesPerToken = layout.BytesPerToken,
                HasHeader = layout.Start > 0,
                Bytes = new FileInfo(file).Length,
            };
            all = all is null ? one : all.With(one, file);
        }

        return all!;
    }

    TokenFileSummary With(TokenFileSummary next, string file) => (Format, BytesPerToken) == (next.Format, next.BytesPerToken)
        ? this with { Files = Files + 1, Tokens = Tokens + next.Tokens, Bytes = Bytes + next.Bytes }
        : throw new DataException($"{file} is {next.Format} with {next.BytesPerToken} bytes an id, and the files before it are " +
            $"{Format} with {BytesPerToken}; name files of one kind.");
}
