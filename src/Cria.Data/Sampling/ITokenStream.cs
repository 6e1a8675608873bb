namespace Cria.Data.Sampling;

/// <summary>
/// One long stream of token ids, whatever files it lies in and whoever wrote them: all that the readers for training ask
/// of a shard set. All members may be called from many threads.
/// </summary>
public interface ITokenStream
{
    /// <summary>What messages call it: its folder or file.</summary>
    string Name { get; }

    /// <summary>Ids in the stream.</summary>
    long Tokens { get; }

    /// <summary>Every id is below this.</summary>
    int VocabSize { get; }

    /// <summary>The id that separates documents; null where nothing does.</summary>
    int? EndOfText { get; }

    /// <summary>Documents in the stream, each opened by <see cref="EndOfText"/> and the last closed by it; null where
    /// nothing says so.</summary>
    long? Documents { get; }

    /// <summary>What stands for all the data: 64 lower-case hexadecimal digits.</summary>
    string ManifestHash { get; }

    /// <summary>Which tokenizer made the ids: 64 lower-case hexadecimal digits, null where nothing says so.</summary>
    string? TokenizerSha256 { get; }

    /// <summary>Copies the ids at [<paramref name="offset"/>, offset + length) without allocating.</summary>
    /// <param name="offset">Position in the stream, from 0.</param>
    /// <param name="tokens">Receives the ids; all of them must lie inside the stream.</param>
    /// <exception cref="DataException">A file can no longer be read, or holds an id outside the vocabulary.</exception>
    void Read(long offset, Span<int> tokens);

    /// <summary>Where documents begin, where <see cref="Documents"/> says how many there are: the positions one after the
    /// EndOfText that opens each; one start more may be asked for, and is <see cref="Tokens"/>.</summary>
    /// <param name="first">The first document, from 0.</param>
    /// <param name="starts">Receives the starts.</param>
    void ReadDocumentStarts(long first, Span<long> starts) =>
        throw new NotSupportedException($"{Name} does not count its documents");
}
