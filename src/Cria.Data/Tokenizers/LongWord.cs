using System.Buffers;

namespace Cria.Data.Tokenizers;

/// <summary>
/// Merges a word of any length in windows that overlap, in time that grows with its length alone. A sequence of tokens
/// is what merging makes of its symbols exactly if that holds for every two neighbours by themselves: the loop picks the
/// lowest rank of all pairs, so its picks inside two neighbours are the picks it would make there alone, until the first
/// merge across a border, which two neighbours alone would show as well. So two divisions that share one token, the old
/// one up to it and the new one from it on, are together the division of the whole.
/// </summary>
sealed class LongWord(WordMerger merger)
{
    const int FirstOverlap = 16;

    int[] _window = new int[WordMerger.Window];
    int[] _symbols = [];
    int[] _starts = [];
    int _count;

    /// <summary>Replaces the symbols by their tokens, whose count it returns.</summary>
    public int Merge(Span<int> ids)
    {
        _symbols = ArrayPool<int>.Shared.Rent(ids.Length);
        _starts = ArrayPool<int>.Shared.Rent(ids.Length);
        ids.CopyTo(_symbols);
        _count = 0;
        int read = 0;
        for (int overlap = FirstOverlap; read < ids.Length;)
        {
            int first = FirstWithin(overlap, read), from = first < _count ? _starts[first] : read;
            // At least three new symbols for one that is merged again: all windows together are little more than the word.
            int end = (int)Math.Min(ids.Length, from + Math.Max(WordMerger.Window, 4L * (read - from)));
            Span<int> window = Window(from, end);
            merger.MergeInPlace(window);
            if (!Join(ids, first, from, window))
                overlap = 2 * Math.Max(overlap, read - from); // larger for good, so that what is done twice stays bounded
            else
                read = end;
        }
        ArrayPool<int>.Shared.Return(_symbols);
        ArrayPool<int>.Shared.Return(_starts);
        (_symbols, _starts) = ([], []);
        if (_window.Length > 1 << 16)
            _window = new int[WordMerger.Window];
        return _count;
    }

    /// <summary>The first of the last tokens, at least one of them, that begin within a distance of a place.</summary>
    int FirstWithin(int distance, int place)
    {
        int first = Math.Max(0, _count - 1);
        while (first > 0 && place - _starts[first - 1] <= distance)
            first--;
        return first;
    }

    Span<int> Window(int from, int end)
    {
        if (_window.Length < end - from)
            _window = new int[end - from];
        Span<int> window = _window.AsSpan(0, end - from);
        _symbols.AsSpan(from, end - from).CopyTo(window);
        return window;
    }

    /// <summary>Goes over from the old tokens to the window's at the first that both have; false if there is none.</summary>
    bool Join(Span<int> ids, int first, int from, ReadOnlySpan<int> window)
    {
        int at = 0;
        for (int old = first; first > 0; old++)
        {
            if (old == _count)
                return false;
            at = _starts[old] - from;
            if (window[at] != ids[old])
                continue;
            first = old;
            break;
        }

        _count = first;
        for (; at < window.Length; at++)
            if (window[at] != WordMerger.Hole)
            {
                ids[_count] = window[at];
                _starts[_count++] = from + at;
            }
        return true;
    }
}
