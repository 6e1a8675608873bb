using System.Runtime.Intrinsics.X86;

namespace Cria.Engine.Kernels.Cpu;

/// <summary>A vector width by its number of bits.</summary>
public enum SimdWidth
{
    Bits128 = 128,
    Bits256 = 256,
    Bits512 = 512,
}

/// <summary>Which vector widths this process can use.</summary>
public static class SimdLevel
{
    /// <summary>
    /// The widest supported width; the environment variable CRIA_SIMD (128, 256, 512) can ask for less.
    /// </summary>
    /// <exception cref="InvalidOperationException">CRIA_SIMD names no width, or one this machine lacks.</exception>
    public static SimdWidth Best()
    {
        string? asked = Environment.GetEnvironmentVariable("CRIA_SIMD");
        if (string.IsNullOrEmpty(asked))
            return Widest();
        foreach (SimdWidth width in Enum.GetValues<SimdWidth>())
        {
            if (asked == ((int)width).ToString() && IsSupported(width))
                return width;
        }
        throw new InvalidOperationException(
            $"CRIA_SIMD is '{asked}', but this machine offers widths of 128 to {(int)Widest()} bits; "
            + "unset it or name one.");
    }

    public static bool IsSupported(SimdWidth width) => width switch
    {
        SimdWidth.Bits512 => Avx512F.IsSupported && Avx2.IsSupported && Fma.IsSupported,
        SimdWidth.Bits256 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };

    static SimdWidth Widest() =>
        IsSupported(SimdWidth.Bits512) ? SimdWidth.Bits512
        : IsSupported(SimdWidth.Bits256) ? SimdWidth.Bits256
        : SimdWidth.Bits128;
}
