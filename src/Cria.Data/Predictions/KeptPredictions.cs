namespace Cria.Data.Predictions;

/// <summary>Room for what is kept of one window's predictions: T rows of at most K tokens.</summary>
/// <param name="rows">T</param>
/// <param name="most">K</param>
public sealed class KeptPredictions(int rows, int most)
{
    /// <summary>K</summary>
    public int Most => most;

    /// <summary>(T, K): the kept tokens of a row, ascending; −1 where there are no more.</summary>
    public int[] Ids { get; } = new int[rows * most];

    /// <summary>(T, K): what each counts.</summary>
    public float[] Shares { get; } = new float[rows * most];

    /// <summary>(T, K): the logarithm of each one's probability.</summary>
    public float[] Logs { get; } = new float[rows * most];

    /// <summary>(T): what all others count together; 0 where they are not told of.</summary>
    public float[] Rests { get; } = new float[rows];

    internal float[] Extras { get; } = new float[rows];
}
