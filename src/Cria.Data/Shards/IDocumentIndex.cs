namespace Cria.Data.Shards;

/// <summary>Where the documents of a stream begin.</summary>
interface IDocumentIndex : IDisposable
{
    /// <summary>The starts of documents [<paramref name="first"/>, + length), which all exist.</summary>
    void Read(long first, Span<long> starts);
}
