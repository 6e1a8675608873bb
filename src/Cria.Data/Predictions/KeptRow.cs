namespace Cria.Data.Predictions;

/// <summary>What is kept of the prediction of one token.</summary>
/// <param name="most">Tokens at most.</param>
sealed class KeptRow(int most)
{
    public int Count { get; private set; }

    /// <summary>Ascending, once they are chosen.</summary>
    public int[] Ids { get; } = new int[most];

    /// <summary>Logarithms of their probabilities; while they are being chosen, the probabilities.</summary>
    public float[] Logs { get; } = new float[most];

    /// <summary>How often each was chosen.</summary>
    public int[] Times { get; } = new int[most];

    /// <summary>The one number that belongs to the whole row: of the most probable tokens, the logarithm of what all others have
    /// together; of drawn ones, that of the sum which norms the proposal.</summary>
    public float Extra { get; set; }

    public void Clear() => Count = 0;

    public void Add(int id, float log, int times = 1)
    {
        if (Count > 0 && Ids[Count - 1] == id)
        {
            Times[Count - 1] += times;
            return;
        }
        (Ids[Count], Logs[Count], Times[Count]) = (id, log, times);
        Count++;
    }

    public void Swap(int a, int b)
    {
        (Ids[a], Ids[b]) = (Ids[b], Ids[a]);
        (Logs[a], Logs[b]) = (Logs[b], Logs[a]);
    }

    /// <summary>By their ids; each was chosen once.</summary>
    public void Sort() => Array.Sort(Ids, Logs, 0, Count);
}
