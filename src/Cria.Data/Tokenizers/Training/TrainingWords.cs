namespace Cria.Data.Tokenizers.Training;

/// <summary>
/// The distinct words of a corpus as they shrink during training: each is a row of token ids in one array, and every
/// merge tells <see cref="PairCounts"/> only what changed around it.
/// </summary>
sealed class TrainingWords
{
    readonly PairCounts _pairs;
    readonly int[] _ids;
    readonly int[] _starts;
    readonly int[] _lengths;
    readonly long[] _occurrences;

    /// <summary>Spells every word in bytes and counts its pairs.</summary>
    public TrainingWords(WordCounts words, int[] byteIds, PairCounts pairs)
    {
        _pairs = pairs;
        _starts = new int[words.Count];
        _lengths = new int[words.Count];
        _occurrences = new long[words.Count];
        int total = 0;
        for (int w = 0; w < words.Count; w++)
        {
            (_starts[w], _lengths[w], _occurrences[w]) = (total, words.Bytes(w).Length, words.Occurrences(w));
            total += _lengths[w];
        }
        _ids = new int[total];
        for (int w = 0; w < words.Count; w++)
        {
            ReadOnlySpan<byte> bytes = words.Bytes(w);
            Span<int> ids = Ids(w);
            for (int i = 0; i < ids.Length; i++)
                ids[i] = byteIds[bytes[i]];
            for (int i = 0; i + 1 < ids.Length; i++)
                pairs.Add(ids[i], ids[i + 1], _occurrences[w], w);
        }
    }

    /// <summary>Joins a pair in the given words, from left to right; words without it stay as they are.</summary>
    public void Merge(int left, int right, int result, List<int> words)
    {
        foreach (int word in words)
            Merge(left, right, result, word);
    }

    void Merge(int left, int right, int result, int word)
    {
        Span<int> ids = Ids(word);
        long occurrences = _occurrences[word];
        int written = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != left || i + 1 == ids.Length || ids[i + 1] != right)
            {
                ids[written++] = ids[i];
                continue;
            }
            _pairs.Add(left, right, -occurrences, word);
            if (written > 0)
            {
                _pairs.Add(ids[written - 1], left, -occurrences, word);
                _pairs.Add(ids[written - 1], result, occurrences, word);
            }
            if (i + 2 < ids.Length)
            {
                _pairs.Add(right, ids[i + 2], -occurrences, word);
                _pairs.Add(result, ids[i + 2], occurrences, word);
            }
            ids[written++] = result;
            i++;
        }
        _lengths[word] = written;
    }

    Span<int> Ids(int word) => _ids.AsSpan(_starts[word], _lengths[word]);
}
