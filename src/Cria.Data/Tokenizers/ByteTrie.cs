namespace Cria.Data.Tokenizers;

/// <summary>
/// Byte strings by their common prefixes, made once from sorted keys. The children of a node lie side by side, so that
/// one step down is a search among neighbouring labels. Nine bytes a node.
/// </summary>
sealed class ByteTrie
{
    /// <summary>The root, where every walk starts.</summary>
    public const int Root = 0;

    /// <summary>No real token is longer; the work at every place of a text grows with the longest.</summary>
    const int LongestKey = 1024;

    readonly byte[] _labels;
    readonly int[] _firstChild;
    readonly int[] _values;

    /// <param name="entries">Keys with values ≥ 0; of equal keys the first counts, empty ones do not.</param>
    /// <exception cref="DataException">A key is longer than any token's.</exception>
    public ByteTrie(IEnumerable<(byte[] Key, int Value)> entries)
    {
        (byte[] Key, int Value)[] sorted = [.. entries
            .Where(entry => entry.Key.Length > 0)
            .Order(Comparer<(byte[] Key, int Value)>.Create((a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key)))];
        foreach ((byte[] key, _) in sorted)
            if (key.Length > LongestKey)
                throw new DataException($"A token has {key.Length} bytes, more than the {LongestKey} that a token may have.");
        List<byte> labels = [0];
        List<int> values = [-1], firstChild = [];
        Queue<(int Start, int End, int Depth)> ranges = new([(0, sorted.Length, 0)]);
        while (ranges.TryDequeue(out (int Start, int End, int Depth) range)) // breadth first: a node's place is its turn
        {
            firstChild.Add(labels.Count);
            (int start, int depth) = (range.Start, range.Depth);
            while (start < range.End && sorted[start].Key.Length == depth)
                start++;
            while (start < range.End)
            {
                byte label = sorted[start].Key[depth];
                int end = start;
                while (end < range.End && sorted[end].Key[depth] == label)
                    end++;
                labels.Add(label);
                values.Add(sorted[start].Key.Length == depth + 1 ? sorted[start].Value : -1);
                ranges.Enqueue((start, end, depth + 1));
                start = end;
            }
        }
        firstChild.Add(labels.Count);
        (_labels, _firstChild, _values) = ([.. labels], [.. firstChild], [.. values]);
    }

    /// <summary>Whether nothing can be found.</summary>
    public bool IsEmpty => _labels.Length == 1;

    /// <summary>The node one byte further down, or −1.</summary>
    public int Step(int node, byte label)
    {
        int first = _firstChild[node];
        int at = _labels.AsSpan(first, _firstChild[node + 1] - first).IndexOf(label);
        return at < 0 ? -1 : first + at;
    }

    /// <summary>The value of the key that ends at a node, or −1.</summary>
    public int Value(int node) => _values[node];

    /// <summary>The longest key with which the text begins: its length and value; (0, −1) if there is none.</summary>
    public (int Length, int Value) LongestPrefix(ReadOnlySpan<byte> text)
    {
        (int Length, int Value) longest = (0, -1);
        int node = Root;
        for (int i = 0; i < text.Length && (node = Step(node, text[i])) >= 0; i++)
            if (_values[node] >= 0)
                longest = (i + 1, _values[node]);
        return longest;
    }

    /// <summary>The leftmost key in the text, and of those that start there the longest; (text length, 0, −1) if none.</summary>
    public (int Start, int Length, int Value) First(ReadOnlySpan<byte> text)
    {
        if (!IsEmpty)
            for (int i = 0; i < text.Length; i++)
                if (LongestPrefix(text[i..]) is { Length: > 0 } found)
                    return (i, found.Length, found.Value);
        return (text.Length, 0, -1);
    }
}
