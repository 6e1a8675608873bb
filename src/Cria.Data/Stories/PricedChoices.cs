namespace Cria.Data.Stories;

/// <summary>
/// Random decisions with their price. The numbers are SplitMix64 (Steele, Lea, Flood 2014) as a counter: a draw is a
/// pure function of seed, story index and position, so any story can be made without those before it.
/// </summary>
public sealed class PricedChoices : IChoices
{
    const ulong Golden = 0x9E3779B97F4A7C15;
    ulong _state;

    public PricedChoices(ulong seed, long index) => Restart(seed, index);

    /// <summary>−log2 of the probability of all decisions since the restart.</summary>
    public double Bits { get; private set; }

    public void Restart(ulong seed, long index)
    {
        _state = Mix(Mix(seed + Golden) ^ ((ulong)index * 0xD1342543DE82EF95 + Golden));
        Bits = 0;
    }

    public int Pick(ReadOnlySpan<int> weights)
    {
        long total = 0;
        foreach (int weight in weights)
            total += weight;
        if (total <= 0)
            throw new InvalidOperationException("No alternative is left: the held-out rule forbids a whole list.");

        // The high half of a 128-bit product is uniform up to 2^-32 relative, far below what the corpus can show.
        long left = (long)Math.BigMul(Next(), (ulong)total, out _);
        int picked = 0;
        while (left >= weights[picked])
            left -= weights[picked++];
        Bits += Math.Log2((double)total / weights[picked]);
        return picked;
    }

    ulong Next() => Mix(_state += Golden);

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
