using Cria.Data.Readers;
using Cria.Data.Tokenizers;

namespace Cria.Data.Shards.Packing;

/// <summary>A block of documents as ids, each for the set it goes to. Used again and again.</summary>
/// <param name="tokenizer">Turns texts into ids.</param>
/// <param name="options">Of the sets.</param>
/// <param name="sets">How many there are.</param>
/// <param name="threads">For one long document, which would otherwise leave the other cores idle.</param>
sealed class PackedBlock(ITokenizer tokenizer, ShardOptions options, int sets, int threads)
{
    internal const int LongDocument = 4 << 20; // bytes: blocks of ordinary documents are no larger

    readonly PackedDocuments[] _sets = [.. Enumerable.Range(0, sets).Select(_ => new PackedDocuments(options.BytesPerToken))];

    /// <summary>What the reader met in the block.</summary>
    public ReaderStatistics Met { get; private set; } = new();

    /// <summary>What its ids take in memory.</summary>
    public long Bytes => _sets.Sum(set => (long)set.Bytes);

    public void Add(ReadOnlyMemory<byte> utf8, int set)
    {
        using var scratch = new IdScratch(tokenizer.MaxTokens(utf8.Length));
        int count = utf8.Length < LongDocument || threads == 1
            ? tokenizer.Encode(utf8.Span, scratch.Ids, SpecialTokens.AsText)
            : tokenizer.EncodeParallel(utf8, scratch.Ids, threads, SpecialTokens.AsText);
        ReadOnlySpan<int> ids = scratch.Ids[..count];
        options.CheckIds(ids);
        _sets[set].Add(ids, utf8.Length);
    }

    public void AddTo(ShardFiles[] files)
    {
        for (int set = 0; set < _sets.Length; set++)
            _sets[set].AddTo(files[set]);
    }

    public void Clear()
    {
        Met = new ReaderStatistics();
        foreach (PackedDocuments documents in _sets)
            documents.Clear();
    }
}
