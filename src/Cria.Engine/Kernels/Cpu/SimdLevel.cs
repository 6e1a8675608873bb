using System.Runtime.Intrinsics.X86;
using Cria.Engine.Tensors;

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
    /// <summary>The supported widths, widest first.</summary>
    public static IReadOnlyList<SimdWidth> Supported { get; } =
        [.. new[] { SimdWidth.Bits512, SimdWidth.Bits256, SimdWidth.Bits128 }.Where(IsSupported)];

    /// <summary>The widest supported width, or the one that the variable CRIA_SIMD names.</summary>
    /// <exception cref="DeviceException">As <see cref="Named"/>.</exception>
    public static SimdWidth Best() => Named(Environment.GetEnvironmentVariable("CRIA_SIMD"));

    /// <summary>A width by its name (avx512, avx2 or v128); the widest where there is no name.</summary>
    /// <exception cref="DeviceException">It names no width that this process supports.</exception>
    public static SimdWidth Named(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return Supported[0];
        foreach (var width in Supported)
            if (name == NameOf(width))
                return width;
        throw new DeviceException(
            $"CRIA_SIMD is '{name}', but this process has {string.Join(", ", Supported.Select(NameOf))}; "
            + "name one of them or unset it.");
    }

    public static bool IsSupported(SimdWidth width) => width switch
    {
        SimdWidth.Bits512 => Avx512F.IsSupported && Avx2.IsSupported && Fma.IsSupported,
        SimdWidth.Bits256 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };

    public static string NameOf(SimdWidth width) => width switch
    {
        SimdWidth.Bits512 => "avx512",
        SimdWidth.Bits256 => "avx2",
        _ => "v128",
    };
}
