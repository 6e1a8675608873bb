namespace Cria.Engine.Tensors;

/// <summary>BF16 is the upper half of F32: how the lower half is rounded away.</summary>
public static class Rounding
{
    /// <summary>
    /// To the nearest, ties to even. Infinity stays; what is too large becomes infinity; NaN stays NaN, quiet, with its sign.
    /// </summary>
    public static ushort Nearest(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        if (float.IsNaN(x))
            return (ushort)(bits >> 16 | 0x40); // the carry could run through the exponent and make it a zero
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    /// <summary>Up or down by chance, so that the mean of many roundings is x: for finite x.</summary>
    /// <param name="x">The number.</param>
    /// <param name="noise">Uniform in 0 .. 65535.</param>
    public static ushort Stochastic(float x, uint noise) => (ushort)((BitConverter.SingleToUInt32Bits(x) + noise) >> 16);

    /// <summary>Exact.</summary>
    public static float Widened(ushort x) => BitConverter.UInt32BitsToSingle((uint)x << 16);
}
