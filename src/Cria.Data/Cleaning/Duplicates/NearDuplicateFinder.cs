using System.Collections;
using System.Runtime.InteropServices;
using Cria.Data.Readers;

namespace Cria.Data.Cleaning.Duplicates;

/// <summary>
/// Drops documents that are nearly the same as one kept before them. Two passes over the corpus: <see cref="Sketch"/>
/// learns which pairs may be alike (MinHash signatures cut into bands), <see cref="Judge"/> computes the Jaccard index
/// of every candidate pair from all their shingles and decides.
/// </summary>
/// <remarks>
/// A document is dropped if its Jaccard index with an earlier, kept candidate reaches the threshold. So the first of a
/// cluster stays; every dropped document has a kept one that it resembles; and a chain (B like A, C like B, C unlike A)
/// loses only B, which a union of all pairs would not do. The result depends on the corpus, its order and the options
/// alone, not on threads or memory.
/// </remarks>
/// <typeparam name="T">A document.</typeparam>
public sealed class NearDuplicateFinder<T> : IDisposable
{
    readonly Func<T, string> _text;
    readonly Func<T, int> _size;
    readonly Func<T, string> _place;
    readonly NearDuplicateOptions _options;
    readonly string? _temporaryFolder;
    readonly ShingleHashes _shingles;
    readonly MinHash _minHash;
    readonly PairRuns _pairs;
    readonly int _threads;
    int[] _lastCandidate = []; // of each document, the last later one that it is compared with; 0 for none
    BitArray _isCompared = new(0);

    /// <summary>A finder for one corpus.</summary>
    /// <param name="text">The text of a document; called on several threads.</param>
    /// <param name="size">About how many characters or bytes it has, quickly told: documents are handed out by it.</param>
    /// <param name="place">Where it stands, for the report.</param>
    /// <param name="options">What near-duplicates are; null for the defaults.</param>
    /// <param name="threads">Threads to work on; 0 for one a core.</param>
    /// <param name="seed">Another seed draws other minima.</param>
    /// <param name="temporaryFolder">Where temporary files go; null: the system's folder for them.</param>
    /// <exception cref="DataException">An option is out of its range.</exception>
    public NearDuplicateFinder(
        Func<T, string> text, Func<T, int> size, Func<T, string> place, NearDuplicateOptions? options = null, int threads = 0,
        ulong seed = 0, string? temporaryFolder = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        (_text, _size, _place, _options) = (text, size, place, options ?? new NearDuplicateOptions());
        _temporaryFolder = temporaryFolder;
        _threads = threads > 0 ? threads : Environment.ProcessorCount;
        _minHash = new MinHash(_options.Checked(), _options.Hashes, seed);
        _shingles = new ShingleHashes(_options.ShingleWords);
        _pairs = new PairRuns(_options.MemoryBytes / 4, _temporaryFolder);
    }

    /// <summary>How signatures are cut.</summary>
    public Banding Banding => _minHash.Banding;

    /// <summary>What was met so far.</summary>
    public NearDuplicateCounts Counts { get; } = new();

    /// <summary>The first pass: reads the corpus and finds the candidate pairs. To be called once.</summary>
    /// <exception cref="DataException">Temporary files cannot be written.</exception>
    public void Sketch(IEnumerable<T> documents)
    {
        using var table = new BandTable(Banding.Bands, _options.MemoryBytes / 2, _temporaryFolder);
        var pipeline = new OrderedPipeline<List<T>, ulong[]>(Keys, _threads);
        foreach (ulong[] batch in pipeline.Run(DocumentBatches.Of(documents, _size)))
        {
            for (int first = 0; first < batch.Length; first += Banding.Bands)
            {
                table.Add(batch.AsSpan(first, Banding.Bands));
                Counts.WithoutWords += batch[first] == 0 ? 1 : 0;
            }
        }

        table.Complete();
        Counts.Documents = table.Documents;
        CandidateSearch.Run(table, Banding.Bands, _pairs, _options.MemoryBytes / 4, _threads);
        Counts.SpilledBytes = table.SpilledBytes + _pairs.SpilledBytes;
        NoteCandidates(table.Documents);
    }

    /// <summary>The second pass over the same documents in the same order: each with what is decided about it.</summary>
    /// <exception cref="DataException">There are more or fewer documents than in the first pass.</exception>
    public IEnumerable<Judged<T>> Judge(IEnumerable<T> documents)
    {
        using var waiting = new WaitingDocuments(_options.MemoryBytes / 2, _temporaryFolder);
        using IEnumerator<(int Later, int Earlier)> pairs = _pairs.InOrder().GetEnumerator();
        bool more = pairs.MoveNext();
        var pipeline = new OrderedPipeline<List<Compared>, List<Compared>>(Measured, _threads);
        foreach (List<Compared> batch in pipeline.Run(DocumentBatches.Of(Numbered(documents), item => _size(item.Document))))
        {
            foreach (Compared item in batch)
            {
                NearDuplicate? best = null;
                for (; more && pairs.Current.Later == item.Number; more = pairs.MoveNext())
                {
                    best = Better(best, item, pairs.Current.Earlier, waiting);
                    if (_lastCandidate[pairs.Current.Earlier] == item.Number)
                        waiting.Remove(pairs.Current.Earlier);
                }

                if (best is not null)
                    Counts.Dropped++;
                else if (_lastCandidate[item.Number] > 0)
                    waiting.Add(item.Number, item.Shingles!, _place(item.Document));
                yield return new Judged<T>(item.Document, item.Number, best);
            }
        }

        Counts.SpilledBytes += waiting.SpilledBytes;
    }

    /// <summary>Removes the temporary files.</summary>
    public void Dispose() => _pairs.Dispose();

    NearDuplicate? Better(NearDuplicate? best, Compared item, int earlier, WaitingDocuments waiting)
    {
        if (!waiting.TryGet(earlier, out ReadOnlySpan<ulong> shingles))
            return best; // itself dropped: what it resembles is a candidate of its own
        double jaccard = ShingleHashes.Jaccard(shingles, item.Shingles);
        Counts.Verified++;
        if (jaccard < _options.Threshold)
            return best;
        Counts.Confirmed++;
        return best is null || jaccard > best.Jaccard ? new NearDuplicate(earlier, waiting.PlaceOf(earlier), jaccard) : best;
    }

    IEnumerable<Compared> Numbered(IEnumerable<T> documents)
    {
        int number = 0;
        foreach (T document in documents)
        {
            if (number == Counts.Documents)
                throw Changed($"more than the {Counts.Documents}");
            yield return new Compared(document, number++, null);
        }

        if (number < Counts.Documents)
            throw Changed($"{number} documents instead of the {Counts.Documents}");
    }

    static DataException Changed(string found) =>
        new($"The second reading of the corpus found {found} of the first; leave its files alone and begin again.");

    ulong[] Keys(List<T> batch)
    {
        ulong[] keys = new ulong[batch.Count * Banding.Bands];
        List<ulong> shingles = [];
        Span<uint> minima = stackalloc uint[_options.Hashes];
        for (int i = 0; i < batch.Count; i++)
        {
            _shingles.Of(_text(batch[i]), shingles);
            if (shingles.Count == 0)
                continue;
            _minHash.Signature(CollectionsMarshal.AsSpan(shingles), minima);
            _minHash.BandKeys(minima, keys.AsSpan(i * Banding.Bands, Banding.Bands));
        }

        return keys;
    }

    List<Compared> Measured(List<Compared> batch)
    {
        List<ulong> scratch = [];
        return batch.ConvertAll(item => !_isCompared[item.Number] ? item
            : item with { Shingles = _shingles.SetOf(_text(item.Document), scratch) });
    }

    void NoteCandidates(int documents)
    {
        _lastCandidate = new int[documents];
        _isCompared = new BitArray(documents);
        foreach ((int later, int earlier) in _pairs.InOrder())
        {
            Counts.Candidates++;
            _lastCandidate[earlier] = later; // pairs come in the order of the later one
            _isCompared[later] = _isCompared[earlier] = true;
        }
    }

    readonly record struct Compared(T Document, int Number, ulong[]? Shingles);
}
