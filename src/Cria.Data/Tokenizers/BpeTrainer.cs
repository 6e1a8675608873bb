using System.Text;
using Cria.Data.Tokenizers.Training;

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

    /// <summary>The same where all 256 bytes have a token and nothing is normalised.</summary>
    /// <exception cref="ArgumentException">The options ask for more than a <see cref="BpeTokenizer"/> is.</exception>
    /// <inheritdoc cref="Learn"/>
    public static BpeTokenizer Train(
        IEnumerable<ReadOnlyMemory<byte>> documents,
        BpeTrainerOptions options,
        IProgress<BpeTrainerProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Normalizer is not null || options.Alphabet != ByteAlphabet.All)
            throw new ArgumentException("A normalizer or an alphabet of seen bytes needs BpeTrainer.Learn.", nameof(options));
        return new BpeTokenizer(Learn(documents, options, progress, cancellation).Model());
    }

    /// <summary>Trains on documents in UTF-8; bytes that are not UTF-8 are symbols like any others.</summary>
    /// <exception cref="DataException">The options contradict themselves, the documents have no bytes, or a temporary
    /// file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static BpeTraining Learn(
        IEnumerable<ReadOnlyMemory<byte>> documents,
        BpeTrainerOptions options,
        IProgress<BpeTrainerProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(options);
        return new BpeTrainer(options, progress).Run(documents, cancellation);
    }

    BpeTraining Run(IEnumerable<ReadOnlyMemory<byte>> documents, CancellationToken cancellation)
    {
        AddSpecialTokens();
        CheckSizes(_options.Alphabet == ByteAlphabet.All ? 256 : 1);
        using WordCounter counter = new(_options, _progress);
        CountedWords counted = counter.Count(documents, cancellation);
        TrainingWords training = Spelled(counted, out PairCounts pairs);
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
        return new BpeTraining { Tokens = _tokens, Merges = _merges, Options = _options, Words = counted.Statistics };
    }

    /// <summary>The words that are kept, in bytes, and their pairs; of the table that held them nothing stays.</summary>
    TrainingWords Spelled(CountedWords counted, out PairCounts pairs)
    {
        WordCounts words = counted.Within(_options.MaxMemory);
        if (counted.Statistics.Words == 0)
            throw new DataException("The documents are empty, 0 bytes in all; a tokenizer needs text to learn from.");
        if (words.Count == 0)
            throw new DataException($"No word fits into {_options.MaxMemory} bytes of memory; allow more.");
        AddBytes(_options.Alphabet == ByteAlphabet.All ? null : counted.HasByte);
        pairs = new PairCounts(Ties(), _options.MinFrequency);
        TrainingWords training = new(words, _byteIds, pairs);
        pairs.Settle();
        return training;
    }

    void AddSpecialTokens()
    {
        foreach (string name in _options.SpecialTokens)
        {
            if (!_specialNames.Add(name))
                throw new DataException($"The special token '{name}' is listed twice; name each once.");
            _tokens.Add(Encoding.UTF8.GetBytes(name));
            if (_tokens[^1].Length < 2 || (name.Length == 1 && ByteCharacters.TryParse(name, out _)))
                throw new DataException(
                    $"The special token '{name}' is mistaken for text; its name needs at least two bytes that are no byte's character.");
        }
    }

    void CheckSizes(int bytes)
    {
        const long LeastMemory = 1 << 20, MostMemory = 32L << 30;
        int smallest = _specialNames.Count + bytes;
        if (_options.VocabSize < smallest)
            throw new DataException(
                $"A vocabulary of {_options.VocabSize} cannot hold {bytes} bytes and {_specialNames.Count} special tokens; "
                + $"ask for {smallest} or more.");
        if (_options.MaxMemory is < LeastMemory or > MostMemory)
            throw new DataException(
                $"{_options.MaxMemory} bytes of memory for words are outside {LeastMemory} to {MostMemory}; ask for some between.");
    }

    void AddBytes(bool[]? seen)
    {
        _byteIds = new int[256];
        foreach (byte b in ByteCharacters.InOrder)
        {
            if (seen is not null && !seen[b])
                continue;
            _byteIds[b] = _tokens.Count;
            _ids[[b]] = _tokens.Count;
            _tokens.Add([b]);
        }
        CheckSizes(_ids.Count);
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
