using System.Text;
using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Shards.Packing;
using Cria.Data.Tokenizers;

namespace Cria.Data.Shards;

/// <summary>
/// Documents to shard sets, tokenized on all cores. The bytes written depend on the documents, their order and the
/// tokenizer, never on the number of threads or on how often a packing was stopped and continued.
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
    /// <param name="tokensPerShard">Ids in a full file.</param>
    /// <exception cref="DataException">The tokenizer has no end of text.</exception>
    public ShardPacker(
        ITokenizer tokenizer, string tokenizerSha256, int threads = 0, long tokensPerShard = ShardOptions.UsualTokensPerShard)
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
        _options.Check();
    }

    /// <summary>Whether the journal of a set made of files stays beside it: then asking for it again is no mistake, but finds
    /// it finished.</summary>
    internal bool KeepsJournal { get; init; }

    internal ShardStorage Storage { get; init; } = ShardStorage.Disk;

    /// <summary>The least time between two journals; null for the usual.</summary>
    internal TimeSpan? JournalPause { get; init; }

    /// <summary>Packs documents into one set. Stopped, it leaves nothing; what a stopped
    /// <see cref="PackFiles(DocumentReader, string, CancellationToken)"/> left for the same folder, its journal included, is
    /// removed.</summary>
    /// <exception cref="DataException">The folder has content, the disk is full, or there is no document.</exception>
    public ShardManifest Pack(IEnumerable<Document> documents, string folder)
    {
        using var target = new NewSet(folder, Storage);
        return PackBatches([target], documents, document => document.Utf8, _ => 0)[0];
    }

    /// <summary>Packs cleaned documents into two sets, each document on its side. Stopped, it leaves nothing, as for one set.</summary>
    /// <returns>What the training and the validation set hold.</returns>
    /// <exception cref="DataException">A folder has content, the disk is full, or a side has no document.</exception>
    public (ShardManifest Training, ShardManifest Validation) Pack(
        IEnumerable<CleanDocument> documents, string trainingFolder, string validationFolder)
    {
        using var training = new NewSet(trainingFolder, Storage);
        using var validation = new NewSet(validationFolder, Storage);
        IReadOnlyList<ShardManifest> sets = PackBatches(
            [training, validation], documents, document => document.Utf8, document => document.IsValidation ? 1 : 0);
        return (sets[0], sets[1]);
    }

    /// <summary>
    /// Packs files into one set. Stopped, however that happens, it goes on where it was when it is asked for the same again:
    /// a journal beside the folder says how far it is.
    /// </summary>
    /// <param name="reader">The files.</param>
    /// <param name="folder">The set's folder; it must not exist yet, or be empty.</param>
    /// <param name="cancellation">Asks it to write the journal and stop.</param>
    /// <exception cref="DataException">The folder has content, the disk is full, there is no document, or what is there was
    /// begun with other files or another tokenizer.</exception>
    public PackReport PackFiles(DocumentReader reader, string folder, CancellationToken cancellation = default)
    {
        using var target = new NewSet(folder, Storage);
        return PackFiles([target], reader, null, cancellation);
    }

    /// <summary>Packs files into a training and a validation set; a document's text decides its side.</summary>
    /// <inheritdoc cref="PackFiles(DocumentReader, string, CancellationToken)"/>
    public PackReport PackFiles(
        DocumentReader reader,
        CorpusSplit split,
        string trainingFolder,
        string validationFolder,
        CancellationToken cancellation = default)
    {
        using var training = new NewSet(trainingFolder, Storage);
        using var validation = new NewSet(validationFolder, Storage);
        return PackFiles([training, validation], reader, split, cancellation);
    }

    /// <summary>
    /// Adds files to a finished set, which stays whole and readable until its new manifest takes the place of the old
    /// one. Stopped, it goes on like <see cref="PackFiles(DocumentReader, string, CancellationToken)"/>.
    /// </summary>
    /// <exception cref="DataException">There is no set of this tokenizer, the disk is full, or there is no
    /// document.</exception>
    public PackReport AppendFiles(DocumentReader reader, string folder, CancellationToken cancellation = default)
    {
        using var target = new AppendedSet(folder, _options, Storage);
        return PackFiles([target], reader, null, cancellation);
    }

    /// <summary>What a packing reported that is finished and whose journal is there, even if its sets no longer are; null where there
    /// is none, or it depended on something else.</summary>
    internal PackReport? FindFinished(DocumentReader reader, CorpusSplit? split, string folder)
    {
        if (PackJournal.Find(folder, split is null ? 1 : 2) is not { Manifests: { } manifests } journal
            || PackCondition.Difference(journal.Conditions, PackCondition.Of(reader, _options, split)) is not null)
        {
            return null;
        }

        return new PackReport
        {
            Sets = [.. manifests.Select(json => ManifestReader.Parse(Encoding.UTF8.GetBytes(json), PackJournal.PathOf(folder)))],
            Read = journal.Read.ToStatistics(),
            DocumentsBefore = journal.Read.Documents,
            TextBytesBefore = journal.Read.TextBytes,
        };
    }

    PackReport PackFiles(
        IPackTarget[] targets, DocumentReader reader, CorpusSplit? split, CancellationToken cancellation)
    {
        using var run = new PackRun(targets, _options, Storage, PackCondition.Of(reader, _options, split), JournalPause);
        (long documents, long bytes) = (run.DocumentsBefore, run.Read.TextBytes);
        if (run.Manifests is null)
        {
            Feed(run, reader, split, targets.Length, cancellation);
            reader.Statistics.Add(run.Read);
            reader.RefuseNothing();
        }

        run.Complete();
        if (!KeepsJournal)
            run.Forget();
        return new PackReport
        {
            Sets = run.Manifests!,
            Read = reader.Statistics.Documents > 0 ? reader.Statistics : run.Read,
            DocumentsBefore = documents,
            TextBytesBefore = bytes,
        };
    }

    void Feed(PackRun run, DocumentReader reader, CorpusSplit? split, int sets, CancellationToken cancellation)
    {
        try
        {
            new PackPipeline(_tokenizer, _options, _threads, sets).Run(Unpacked(run.Blocks), Encode, run.Add);
        }
        catch (OperationCanceledException)
        {
            run.Save();
            throw;
        }

        IEnumerable<DocumentBlock> Unpacked(long packed)
        {
            foreach (DocumentBlock block in reader.Blocks())
            {
                cancellation.ThrowIfCancellationRequested();
                if (packed-- <= 0)
                    yield return block;
            }
        }

        void Encode(DocumentBlock block, PackedBlock packed)
        {
            foreach (Document document in block.Parse(packed.Met))
            {
                ReadOnlySpan<byte> utf8 = document.Utf8.Span;
                packed.Add(document.Utf8, split?.IsValidation(document.Group, KeyedHash.OfBytes(utf8)) == true ? 1 : 0);
            }
        }
    }

    IReadOnlyList<ShardManifest> PackBatches<T>(
        IPackTarget[] targets, IEnumerable<T> documents, Func<T, ReadOnlyMemory<byte>> text, Func<T, int> set)
    {
        using var run = new PackRun(targets, _options, Storage, null, null);
        new PackPipeline(_tokenizer, _options, _threads, targets.Length).Run(
            DocumentBatches.Of(documents, document => text(document).Length),
            (batch, packed) =>
            {
                foreach (T document in batch)
                    packed.Add(text(document), set(document));
            },
            run.Add);
        run.Complete();
        return run.Manifests!;
    }
}
