using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels.Cpu;

/// <summary>
/// Vectors of F32 from and to BF16, and the random words that round them or drop others. The width is known to the compiler, so of
/// each method only one branch is left. Same bits as <see cref="Rounding"/> and <see cref="RoundingNoise"/>.
/// </summary>
static unsafe class Compact<V, S> where V : struct where S : struct, ISimd<V>
{
    /// <summary>S.Width numbers, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(ushort* p)
    {
        if (S.Width == 16)
            return As((Avx512F.ConvertToVector512UInt32(Vector256.Load(p)) << 16).AsSingle());
        if (S.Width == 8)
            return As((Avx2.ConvertToVector256Int32(Vector128.Load(p)) << 16).AsSingle());
        var four = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(p)).AsUInt16();
        return As((Vector128.WidenLower(four) << 16).AsSingle());
    }

    /// <summary>As <see cref="Rounding.Nearest"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNearest(ushort* p, V x)
    {
        if (S.Width == 16)
        {
            var bits = To512(x);
            var rounded = bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512.Create(1u));
            var isNumber = Avx512F.CompareOrdered(bits.AsSingle(), bits.AsSingle()).AsUInt32();
            Store(p, Vector512.ConditionalSelect(isNumber, rounded, bits | Vector512.Create(0x400000u)));
        }
        else if (S.Width == 8)
        {
            var bits = To256(x);
            var rounded = bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256.Create(1u));
            var isNumber = Vector256.Equals(bits.AsSingle(), bits.AsSingle()).AsUInt32();
            Store(p, Vector256.ConditionalSelect(isNumber, rounded, bits | Vector256.Create(0x400000u)));
        }
        else
        {
            var bits = To128(x);
            var rounded = bits + Vector128.Create(0x7FFFu) + ((bits >> 16) & Vector128.Create(1u));
            var isNumber = Vector128.Equals(bits.AsSingle(), bits.AsSingle()).AsUInt32();
            Store(p, Vector128.ConditionalSelect(isNumber, rounded, bits | Vector128.Create(0x400000u)));
        }
    }

    /// <summary>As <see cref="Rounding.Stochastic"/>, with the lower halves of two vectors of words' lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreByLowerHalf(ushort* p, V x, V words)
    {
        if (S.Width == 16)
            Store(p, To512(x) + (To512(words) & Vector512.Create(0xFFFFu)));
        else if (S.Width == 8)
            Store(p, To256(x) + (To256(words) & Vector256.Create(0xFFFFu)));
        else
            Store(p, To128(x) + (To128(words) & Vector128.Create(0xFFFFu)));
    }

    /// <summary>As <see cref="Rounding.Stochastic"/>, with the upper halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreByUpperHalf(ushort* p, V x, V words)
    {
        if (S.Width == 16)
            Store(p, To512(x) + (To512(words) >> 16));
        else if (S.Width == 8)
            Store(p, To256(x) + (To256(words) >> 16));
        else
            Store(p, To128(x) + (To128(words) >> 16));
    }

    /// <summary><see cref="RoundingNoise.Word"/> of S.Width elements that follow each other; a vector of bits, not of numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Words(uint element, uint before, uint between)
    {
        if (S.Width == 16)
        {
            var x = (Vector512.Create(element) + Vector512<uint>.Indices) ^ Vector512.Create(before);
            return As(Mixed(Mixed(x) ^ Vector512.Create(between)).AsSingle());
        }
        if (S.Width == 8)
        {
            var x = (Vector256.Create(element) + Vector256<uint>.Indices) ^ Vector256.Create(before);
            return As(Mixed(Mixed(x) ^ Vector256.Create(between)).AsSingle());
        }
        var four = (Vector128.Create(element) + Vector128<uint>.Indices) ^ Vector128.Create(before);
        return As(Mixed(Mixed(four) ^ Vector128.Create(between)).AsSingle());
    }

    /// <summary>The word of one element in each of S.Width rows, every lane with its row's keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Words(uint element, V before, V between)
    {
        if (S.Width == 16)
            return As(Mixed(Mixed(Vector512.Create(element) ^ To512(before)) ^ To512(between)).AsSingle());
        if (S.Width == 8)
            return As(Mixed(Mixed(Vector256.Create(element) ^ To256(before)) ^ To256(between)).AsSingle());
        return As(Mixed(Mixed(Vector128.Create(element) ^ To128(before)) ^ To128(between)).AsSingle());
    }

    /// <summary>x where the word is not below the threshold, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V KeepFrom(uint threshold, V words, V x)
    {
        if (S.Width == 16)
            return As((Vector512.GreaterThanOrEqual(To512(words), Vector512.Create(threshold)) & To512(x)).AsSingle());
        if (S.Width == 8)
            return As((Vector256.GreaterThanOrEqual(To256(words), Vector256.Create(threshold)) & To256(x)).AsSingle());
        return As((Vector128.GreaterThanOrEqual(To128(words), Vector128.Create(threshold)) & To128(x)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<uint> Mixed(Vector512<uint> x)
    {
        x = Avx512F.MultiplyLow((x ^ (x >> 16)).AsInt32(), Vector512.Create(RoundingNoise.MultiplierA).AsInt32()).AsUInt32();
        x = Avx512F.MultiplyLow((x ^ (x >> 13)).AsInt32(), Vector512.Create(RoundingNoise.MultiplierB).AsInt32()).AsUInt32();
        return x ^ (x >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Mixed(Vector256<uint> x)
    {
        x = (x ^ (x >> 16)) * Vector256.Create(RoundingNoise.MultiplierA);
        x = (x ^ (x >> 13)) * Vector256.Create(RoundingNoise.MultiplierB);
        return x ^ (x >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> Mixed(Vector128<uint> x)
    {
        x = (x ^ (x >> 16)) * Vector128.Create(RoundingNoise.MultiplierA);
        x = (x ^ (x >> 13)) * Vector128.Create(RoundingNoise.MultiplierB);
        return x ^ (x >> 16);
    }

    // The upper halves of the lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(ushort* p, Vector512<uint> bits) => Avx512F.ConvertToVector256UInt16(bits >> 16).Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(ushort* p, Vector256<uint> bits)
    {
        var upper = (bits >> 16).AsInt32();
        Vector128.Store(Sse41.PackUnsignedSaturate(upper.GetLower(), upper.GetUpper()), p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(ushort* p, Vector128<uint> bits)
    {
        var upper = bits >> 16;
        Unsafe.WriteUnaligned(p, Vector128.Narrow(upper, upper).AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V As(Vector512<float> x) => Unsafe.BitCast<Vector512<float>, V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V As(Vector256<float> x) => Unsafe.BitCast<Vector256<float>, V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V As(Vector128<float> x) => Unsafe.BitCast<Vector128<float>, V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<uint> To512(V x) => Unsafe.BitCast<V, Vector512<uint>>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> To256(V x) => Unsafe.BitCast<V, Vector256<uint>>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> To128(V x) => Unsafe.BitCast<V, Vector128<uint>>(x);
}
