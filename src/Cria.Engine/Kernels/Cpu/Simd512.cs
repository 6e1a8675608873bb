using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Cria.Engine.Kernels.Cpu;

/// <summary>
/// Sixteen lanes: AVX-512. Gated by Avx512F alone: Vector512.IsHardwareAccelerated is false on many Xeons that have it.
/// </summary>
public readonly unsafe struct Simd512 : ISimd<V>
{
    public static int Width => 16;
    public static int Registers => 32;
    public static V Zero => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Splat(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(float* p) => Vector512.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* p, V v) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadPartial(float* p, int count) => Avx512F.MaskLoad(p, First(count), V.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* p, V v, int count) => Avx512F.MaskStore(p, First(count), v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadFours(float* p, nint stride) =>
        Avx512F.InsertVector256( // Vector512.Create would keep the other half of an old vector alive
            Simd256.LoadFours(p, stride).ToVector512Unsafe(), Simd256.LoadFours(p + 2 * stride, stride), 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V InterleaveLow(V a, V b) => Avx512F.UnpackLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V InterleaveHigh(V a, V b) => Avx512F.UnpackHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add(V a, V b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Subtract(V a, V b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Multiply(V a, V b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Divide(V a, V b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V MulAdd(V a, V b, V c) => Avx512F.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Max(V a, V b) => Avx512F.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Min(V a, V b) => Avx512F.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sqrt(V x) => Avx512F.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Abs(V x) => Vector512.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Negate(V x) => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Round(V x) => Avx512F.RoundScale(x, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GreaterThan(V a, V b) => Avx512F.CompareGreaterThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Select(V mask, V a, V b) => Vector512.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V v) => Simd256.Sum(v.GetLower() + v.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxAcross(V v) => Simd256.MaxAcross(Simd256.Max(v.GetLower(), v.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ScaleByPowerOfTwo(V x, V n) => Avx512F.Scale(x, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exponent(V x) => Avx512F.GetExponent(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mantissa(V x) => Avx512F.GetMantissa(x, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x) => SimdMath.Exp<V, Simd512>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log(V x) => SimdMath.Log<V, Simd512>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid(V x) => SimdMath.Sigmoid<V, Simd512>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x) => SimdMath.Tanh<V, Simd512>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf(V x) => SimdMath.Erf<V, Simd512>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V First(int count) =>
        Vector512.GreaterThan(Vector512.Create(count), Vector512<int>.Indices).AsSingle();
}
