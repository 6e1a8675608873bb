namespace Cria.Engine.Tensors;

/// <summary>
/// Philox4x32-10: random numbers as a pure function of (key, counter), so that they are the same on every backend, in any
/// order and on any number of threads. Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
/// </summary>
public readonly struct Philox(ulong key)
{
    const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57, WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;

    /// <summary>A stream of its own for a name: the weights of a parameter, the dropout of an op.</summary>
    public static Philox For(ulong seed, string name)
    {
        ulong hash = 14695981039346656037; // FNV-1a over UTF-16 units, then mixed with the seed
        foreach (char unit in name)
            hash = (hash ^ unit) * 1099511628211;
        return new(Mix(hash ^ Mix(seed)));
    }

    /// <summary>Four independent 32-bit words for a counter.</summary>
    public (uint A, uint B, uint C, uint D) Words(ulong counter, ulong stream = 0)
    {
        uint a = (uint)counter, b = (uint)(counter >> 32), c = (uint)stream, d = (uint)(stream >> 32);
        uint keyA = (uint)key, keyB = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong left = (ulong)MultiplierA * a, right = (ulong)MultiplierB * c;
            (a, b, c, d) = ((uint)(right >> 32) ^ b ^ keyA, (uint)right, (uint)(left >> 32) ^ d ^ keyB, (uint)left);
            keyA += WeylA;
            keyB += WeylB;
        }
        return (a, b, c, d);
    }

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double Uniform(ulong counter)
    {
        var (a, b, _, _) = Words(counter);
        return (((ulong)a << 32 | b) >> 11) * (1.0 / (1ul << 53));
    }

    /// <summary>Standard normal, by Box and Muller.</summary>
    public double Normal(ulong counter)
    {
        var (a, b, c, d) = Words(counter);
        double radius = ((((ulong)a << 32 | b) >> 11) + 1) * (1.0 / (1ul << 53)); // (0, 1]: its logarithm is finite
        double angle = (((ulong)c << 32 | d) >> 11) * (1.0 / (1ul << 53));
        return Math.Sqrt(-2 * Math.Log(radius)) * Math.Cos(2 * Math.PI * angle);
    }

    static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
