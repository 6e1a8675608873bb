namespace Cria.Evaluation.NGram;

/// <summary>Finds the row of a two-token history: the first token by position, the second by binary search.</summary>
sealed class HistoryIndex(int[] firstStarts, int[] seconds)
{
    public long SizeInBytes => 4L * (firstStarts.Length + seconds.Length);

    /// <summary>The row of the history (a, b), or -1 where it was never seen.</summary>
    public int Find(int a, int b)
    {
        int start = firstStarts[a];
        int found = seconds.AsSpan(start..firstStarts[a + 1]).BinarySearch(b);
        return found < 0 ? -1 : start + found;
    }
}
