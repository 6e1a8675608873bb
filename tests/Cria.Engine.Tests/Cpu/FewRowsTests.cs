using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Kernels.Cpu.MatMul;

namespace Cria.Engine.Tests.Cpu;

/// <summary>The products of decoding have loops of their own, which must not show.</summary>
public sealed class FewRowsTests
{
    const int Rows = 40;

    public static TheoryData<SimdWidth> Widths => [.. Enum.GetValues<SimdWidth>().Where(SimdLevel.IsSupported)];

    [Theory, MemberData(nameof(Widths))]
    public void Every_small_number_of_rows_gives_the_bits_of_many(SimdWidth width)
    {
        using IGemm gemm = Gemm.Create(width);
        using WorkerPool pool = new(2);
        foreach ((int n, int k) in ((int, int)[])[(4, 5), (16, 16), (17, 3), (31, 64), (203, 530), (48, 777), (600, 517)])
            foreach (bool add in (bool[])[false, true])
            {
                GemmProblem whole = new(GemmLayout.NT, Rows, n, k, padding: n % 3);
                float[] expected = whole.Run(gemm, pool, add);
                for (int count = 1; count <= 10; count++)
                {
                    int first = Rows - count - count % 2;
                    float[] actual = whole.Rows(first, count).Run(gemm, pool, add);
                    Assert.True(
                        Case.SameBits(expected.AsSpan(first * n, count * n), actual), $"{count} rows, {n} x {k}, add {add}");
                }
            }
    }

    [Fact]
    public void Four_numbers_of_every_row_are_read_and_turned()
    {
        Assert.Equal(Turned<System.Runtime.Intrinsics.Vector128<float>, Simd128>(), Expected(4));
        if (SimdLevel.IsSupported(SimdWidth.Bits256))
            Assert.Equal(Turned<System.Runtime.Intrinsics.Vector256<float>, Simd256>(), Expected(8));
        if (SimdLevel.IsSupported(SimdWidth.Bits512))
            Assert.Equal(Turned<System.Runtime.Intrinsics.Vector512<float>, Simd512>(), Expected(16));
    }

    static float[] Expected(int width)
    {
        float[] lanes = new float[3 * width];
        for (int i = 0; i < width; i += 4)
        {
            int first = i / 4 * 10;
            float[] a = [first, first + 1, first + 2, first + 3];
            for (int j = 0; j < 4; j++)
                lanes[i + j] = a[j];
            new float[] { a[0], -a[0], a[1], -a[1] }.CopyTo(lanes, width + i);
            new float[] { a[2], -a[2], a[3], -a[3] }.CopyTo(lanes, 2 * width + i);
        }
        return lanes;
    }

    /// <summary>What lies ten floats apart, then it and its opposite interleaved.</summary>
    static unsafe float[] Turned<V, S>() where V : struct where S : struct, ISimd<V>
    {
        float[] source = [.. Enumerable.Range(0, 40).Select(i => (float)i)], lanes = new float[3 * S.Width];
        fixed (float* from = source, to = lanes)
        {
            V a = S.LoadFours(from, 10), b = S.Negate(a);
            S.Store(to, a);
            S.Store(to + S.Width, S.InterleaveLow(a, b));
            S.Store(to + 2 * S.Width, S.InterleaveHigh(a, b));
        }
        return lanes;
    }
}
