using System.Text;

namespace Cria.Data.Tokenizers;

/// <summary>
/// Learns byte-pair merges from text: counts the words, then again and again makes the most frequent pair of
/// neighbours a token. Ids: special tokens, the bytes in the order of <see cref="ByteCharacters.InOrder"/>, merges in
/// the order they are learned. Counts are 64-bit. The result depends on the documents and the options alone, not on
/// threads or the order of the documents.
/// </summary>
public sealed class BpeTrainer
{
    const int CancellationInterval = 64;

    readonly BpeTrainerOptions _options;
    readonly IProgress<BpeTrainerProgress>? _progress;
    readonly List<byte[]> _tokens = [];
    readonly List<BpeMerge> _merges = [];
    readonly Dictionary<byte[], int> _ids = new(ByteSequences.Instance);
    readonly HashSet<string> _specialNames = [];
    int[] _byteIds = [];

    BpeTrainer(BpeTrainerOptions options, IProgress<BpeTrainerProgress>? progress)
    {
        _options = options;
        _progress = progress;
    }

    /// <summary>Trains on documents in UTF-8; bytes that are not UTF-8 are symbols like any others.</summary>
    /// <exception cref="DataException">The options contradict themselves, or the documents have no bytes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static BpeTokenizer Train(
        IEnumerable<ReadOnlyMemory<byte>> documents,
        BpeTrainerOptions options,
        IProgress<BpeTrainerProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(options);
        return new BpeTrainer(options, progress).Train(documents, cancellation);
    }

    BpeTokenizer Train(IEnumerable<ReadOnlyMemory<byte>> documents, CancellationToken cancellation)
    {
        AddSpecialTokens();
        AddBytes();
        WordCounter counter = new(_options, _progress);
        WordCounts words = counter.Count(documents, cancellation);
        if (words.Count == 0)
            throw new DataException("The documents are empty, 0 bytes in all; a tokenizer needs text to learn from.");

        PairCounts pairs = new(Ties(), _options.MinFrequency);
        TrainingWords training = new(words, _byteIds, pairs);
        pairs.Settle();
        while (_tokens.Count < _options.VocabSize && pairs.TryTakeBest(out int left, out int right, out var places))
        {
            if (_merges.Count % CancellationInterval == 0)
                cancellation.ThrowIfCancellationRequested();
            if (!TryAddMerge(left, right, out int result))
                continue;
            training.Merge(left, right, result, places);
            pairs.Settle();
            _progress?.Report(new BpeTrainerProgress(counter.CountedBytes, _tokens.Count, _options.VocabSize));
        }
        return new BpeTokenizer(new BpeModel
        {
            Tokens = _tokens,
            Merges = _merges,
            SpecialIds = [.. Enumerable.Range(0, _specialNames.Count)],
            Splitter = _options.Splitter,
            AddPrefixSpace = _options.AddPrefixSpace,
        });
    }

    void AddSpecialTokens()
    {
        foreach (string name in _options.SpecialTokens)
        {
            if (!_specialNames.Add(name))
                throw new DataException($"The special token '{name}' is listed twice; name each once.");
            _tokens.Add(Encoding.UTF8.GetBytes(name));
        }
        int smallest = _tokens.Count + 256;
        if (_options.VocabSize < smallest)
            throw new DataException(
                $"A vocabulary of {_options.VocabSize} cannot hold 256 bytes and {_tokens.Count} special tokens; "
                + $"ask for {smallest} or more.");
    }

    void AddBytes()
    {
        _byteIds = new int[256];
        foreach (byte b in ByteCharacters.InOrder)
        {
            _byteIds[b] = _tokens.Count;
            _ids[[b]] = _tokens.Count;
            _tokens.Add([b]);
        }
    }

    /// <summary>
    /// Two pairs can spell the same token; the second gets the id of the first, as a vocabulary names each token once.
    /// A pair that spells a special token's name is left alone: text must never become a mark.
    /// </summary>
    bool TryAddMerge(int left, int right, out int result)
    {
        byte[] joined = [.. _tokens[left], .. _tokens[right]];
        if (!_ids.TryGetValue(joined, out result))
        {
            if (_specialNames.Count > 0 && _specialNames.Contains(ByteCharacters.Print(joined)))
                return false;
            result = _tokens.Count;
            _tokens.Add(joined);
            _ids[joined] = result;
        }
        _merges.Add(new BpeMerge(left, right, result));
        return true;
    }

    IComparer<(int Left, int Right)> Ties() => _options.Ties switch
    {
        MergeTies.SmallestIds => Comparer<(int Left, int Right)>.Default,
        _ => Comparer<(int Left, int Right)>.Create((x, y) =>
        {
            int left = _tokens[y.Left].AsSpan().SequenceCompareTo(_tokens[x.Left]);
            return left != 0 ? left : _tokens[y.Right].AsSpan().SequenceCompareTo(_tokens[x.Right]);
        }),
    };
}
