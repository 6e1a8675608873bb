using System.Runtime.InteropServices;

namespace Cria.Data.Tokenizers.Training;

/// <summary>
/// How often each pair of neighbours occurs, in which words, and which pair is the most frequent. The queue is lazy:
/// a count that falls stays in it as it was and is corrected when it comes to the front; one that rises is added anew.
/// </summary>
sealed class PairCounts(IComparer<(int Left, int Right)> ties, long minFrequency)
{
    readonly PairTable _numbers = new(1 << 12);
    readonly List<Pair> _pairs = [];
    readonly List<int> _risen = [];
    readonly PriorityQueue<int, Priority> _queue = new(new ByFrequency(ties));

    /// <summary>Adds to the count of a pair that stands in a word; negative where a merge took it away.</summary>
    public void Add(int left, int right, long occurrences, int word)
    {
        int number = _numbers.GetOrAdd(left, right, _pairs.Count);
        if (number == _pairs.Count)
            _pairs.Add(new Pair(left, right));
        ref Pair pair = ref CollectionsMarshal.AsSpan(_pairs)[number];
        pair.Count += occurrences;
        if (occurrences < 0)
            return;
        if (!pair.HasRisen)
        {
            pair.HasRisen = true;
            _risen.Add(number);
        }
        if (pair.Words.Count == 0 || pair.Words[^1] != word)
            pair.Words.Add(word);
    }

    /// <summary>Brings the queue up to date after a round of <see cref="Add"/>.</summary>
    public void Settle()
    {
        Span<Pair> pairs = CollectionsMarshal.AsSpan(_pairs);
        foreach (int number in _risen)
        {
            pairs[number].HasRisen = false;
            Enqueue(number, pairs[number]);
        }
        _risen.Clear();
    }

    /// <summary>Takes the most frequent pair, with the words in which it stands or once stood.</summary>
    public bool TryTakeBest(out int left, out int right, out List<int> words)
    {
        while (_queue.TryDequeue(out int number, out Priority priority))
        {
            ref Pair pair = ref CollectionsMarshal.AsSpan(_pairs)[number];
            (left, right, words) = (pair.Left, pair.Right, pair.Words);
            if (pair.Count != priority.Count)
            {
                Enqueue(number, pair);
                continue;
            }
            pair.Words = [];
            return true;
        }
        (left, right, words) = (-1, -1, []);
        return false;
    }

    void Enqueue(int number, in Pair pair)
    {
        if (pair.Count >= minFrequency && pair.Count > 0)
            _queue.Enqueue(number, new Priority(pair.Count, pair.Left, pair.Right));
    }

    struct Pair(int left, int right)
    {
        public readonly int Left = left, Right = right;
        public long Count;
        public bool HasRisen;
        public List<int> Words = [];
    }

    readonly record struct Priority(long Count, int Left, int Right);

    sealed class ByFrequency(IComparer<(int Left, int Right)> ties) : IComparer<Priority>
    {
        public int Compare(Priority x, Priority y) => x.Count != y.Count
            ? y.Count.CompareTo(x.Count)
            : ties.Compare((x.Left, x.Right), (y.Left, y.Right));
    }
}
