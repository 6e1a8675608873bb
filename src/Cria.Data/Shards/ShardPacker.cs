using System.Buffers;
using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Tokenizers;

namespace Cria.Data.Shards;

/// <summary>
/// Documents to shard sets, tokenized on all cores. The bytes written depend on the documents, their order and the
/// tokenizer, never on the number of threads.
/// </summary>
public sealed class ShardPacker
{
    readonly ITokenizer _tokenizer;
    readonly ShardOptions _options;
    readonly int _threads;

    /// <summary>A packer for one tokenizer.</summary>
    /// <param name="tokenizer">Turns texts into ids; it must have an end of text.</param>
    /// <param name="tokenizerSha256">SHA-256 of its canonical tokenizer.json: 64 lower-case hexadecimal digits.</param>
    /// <param name="threads">Threads to work on; 0 for one a core.</param>
    /// <param name="tokensPerShard">Ids in every file but the last.</param>
    /// <exception cref="DataException">The tokenizer has no end of text.</exception>
    public ShardPacker(ITokenizer tokenizer, string tokenizerSha256, int threads = 0, long tokensPerShard = 1 << 26)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _tokenizer = tokenizer;
        _threads = threads > 0 ? threads : Environment.ProcessorCount;
        _options = new ShardOptions
        {
            TokenizerSha256 = tokenizerSha256,
            VocabSize = tokenizer.VocabSize,
            TokensPerShard = tokensPerShard,
            EndOfText = tokenizer.EndOfText ?? throw new DataException(
                "The tokenizer has no <|endoftext|>, which separates documents; train one: `cria tokenizer train`."),
        };
    }

    /// <summary>Packs documents into one set.</summary>
    /// <exception cref="DataException">The folder has content, the disk is full, or there is no document.</exception>
    public ShardManifest Pack(IEnumerable<Document> documents, string folder)
    {
        using var writer = new ShardWriter(folder, _options);
        foreach (Packed batch in Tokenize(documents, document => document.Utf8, _ => false))
            batch.AddTo(writer, null);
        return writer.Complete();
    }

    /// <summary>Packs cleaned documents into two sets, each document on its side.</summary>
    /// <returns>What the training and the validation set hold.</returns>
    /// <exception cref="DataException">A folder has content, the disk is full, or a side has no document.</exception>
    public (ShardManifest Training, ShardManifest Validation) Pack(
        IEnumerable<CleanDocument> documents, string trainingFolder, string validationFolder)
    {
        using var training = new ShardWriter(trainingFolder, _options);
        using var validation = new ShardWriter(validationFolder, _options);
        foreach (Packed batch in Tokenize(documents, document => document.Utf8, document => document.IsValidation))
            batch.AddTo(training, validation);
        if (training.Documents == 0 || validation.Documents == 0)
        {
            throw new DataException(
                $"{trainingFolder} would get {training.Documents} documents and {validationFolder} " +
                $"{validation.Documents}; both need at least one: give more documents, or choose another validation " +
                "fraction or seed.");
        }

        ShardManifest held = validation.Complete();
        return (training.Complete(), held);
    }

    IEnumerable<Packed> Tokenize<T>(IEnumerable<T> documents, Func<T, ReadOnlyMemory<byte>> text, Func<T, bool> isValidation)
    {
        var pipeline = new OrderedPipeline<List<T>, Packed>(batch =>
        {
            var packed = new Packed();
            foreach (T document in batch)
                Encode(packed, text(document).Span, isValidation(document));
            return packed;
        }, _threads);
        return pipeline.Run(DocumentBatches.Of(documents, document => text(document).Length));
    }

    void Encode(Packed packed, ReadOnlySpan<byte> text, bool isValidation)
    {
        int[] ids = ArrayPool<int>.Shared.Rent(_tokenizer.MaxTokens(text.Length));
        int count = _tokenizer.Encode(text, ids, SpecialTokens.AsText);
        packed.Add(ids.AsSpan(0, count), text.Length, isValidation);
        ArrayPool<int>.Shared.Return(ids);
    }

    /// <summary>The ids of a batch of documents, one after the other.</summary>
    sealed class Packed
    {
        readonly ArrayBufferWriter<int> _ids = new();
        readonly List<(int Tokens, int Bytes, bool IsValidation)> _documents = [];

        public void Add(ReadOnlySpan<int> ids, int bytes, bool isValidation)
        {
            _ids.Write(ids);
            _documents.Add((ids.Length, bytes, isValidation));
        }

        public void AddTo(ShardWriter training, ShardWriter? validation)
        {
            ReadOnlySpan<int> rest = _ids.WrittenSpan;
            foreach ((int tokens, int bytes, bool isValidation) in _documents)
            {
                (isValidation ? validation! : training).Add(rest[..tokens], bytes);
                rest = rest[tokens..];
            }
        }
    }
}
