using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels;

/// <summary>
/// The bits that decide stochastic roundings: a function of (seed, step, element) alone, so that they are the same on
/// every backend, at every vector width and on any number of threads.
/// </summary>
/// <param name="Seed">Of the run.</param>
/// <param name="FirstElement">The place of a range's first element in the flat block, so that ranges do not share bits.</param>
public readonly record struct RoundingNoise(ulong Seed, uint FirstElement)
{
    // The finalizer of MurmurHash3 (A. Appleby, public domain): every input bit flips every output bit half the time.
    public const uint MultiplierA = 0x85EBCA6B, MultiplierB = 0xC2B2AE35;

    /// <summary>Two keys for a step; between them and the two mixings, the words of two steps are not each other's shifted.</summary>
    public (uint Before, uint Between) Keys(int step)
    {
        var (a, b, _, _) = Philox.For(Seed, "rounding noise").Words((ulong)step);
        return (a, b);
    }

    /// <summary>
    /// 32 bits for an element of a step, or for a column of a row in dropout. The lower half rounds the first moment, the upper
    /// half the second.
    /// </summary>
    public static uint Word(uint element, (uint Before, uint Between) keys) =>
        Mixed(Mixed(element ^ keys.Before) ^ keys.Between);

    static uint Mixed(uint x)
    {
        x = (x ^ x >> 16) * MultiplierA;
        x = (x ^ x >> 13) * MultiplierB;
        return x ^ x >> 16;
    }
}
