namespace Cria.Data.Readers;

/// <summary>Documents by the handful, so that handing one to another thread is worth its price.</summary>
static class DocumentBatches
{
    const int TargetBytes = 1 << 18;

    /// <summary>Runs of items of about a quarter of a megabyte each; a longer item is a run of its
    /// own.</summary>
    public static IEnumerable<List<T>> Of<T>(IEnumerable<T> items, Func<T, int> bytes)
    {
        var batch = new List<T>();
        int size = 0;
        foreach (T item in items)
        {
            batch.Add(item);
            size += bytes(item);
            if (size < TargetBytes)
                continue;
            yield return batch;
            (batch, size) = ([], 0);
        }

        if (batch.Count > 0)
            yield return batch;
    }
}
