using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Training.Optimizers.Matrices;

namespace Cria.Training.Tests.Optimizers;

public sealed class NewtonSchulzTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 1, 9 }, { 9, 1 }, { 5, 5 }, { 7, 33 }, { 33, 7 }, { 24, 17 }, { 33, 33 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void It_is_the_published_iteration_in_float64_and_in_float32(int rows, int columns)
    {
        foreach (var (name, iterations) in ((string, int)[])[("jordan", 5), ("polar_express", 5), ("cubic", 6), ("jordan", 1)])
        {
            var polynomials = Orthogonalization.Of(name, iterations);
            PlainMatrix[] batch = [.. Enumerable.Range(0, 3).Select(i => Spread($"x{i}", rows, columns, 0.02))];
            PlainMatrix[] expected = [.. batch.Select(x => Published(x, PlainOptimizers.Polynomials(name, iterations)))];
            var exact = Run(new ReferenceKernels<double>(), DType.F64, polynomials, batch);
            var single = Run(KernelChoice.Best(2), DType.F32, polynomials, batch);
            for (int i = 0; i < batch.Length; i++)
            {
                Assert.True((exact[i] + -1 * expected[i]).Norm <= 1e-10 * expected[i].Norm, $"{name}, {i}");
                Assert.True((single[i] + -1 * expected[i]).Norm <= 1e-3 * expected[i].Norm, $"{name}, {i}");
            }
        }
    }

    [Theory]
    [InlineData("jordan", 5, 0.003, 0.68, 1.21)]
    [InlineData("polar_express", 5, 0.001, 0.84, 1.13)]
    [InlineData("polar_express", 8, 0.001, 0.99, 1.01)]
    [InlineData("cubic", 5, 0.01, 0.84, 1.16)]
    public void Singular_values_end_near_one(string name, int iterations, double least, double low, double high)
    {
        foreach (var (rows, columns) in ((int, int)[])[(16, 16), (12, 40), (40, 12)])
        {
            var x = Spread("spread", rows, columns, least);
            var result = Run(KernelChoice.Best(2), DType.F32, Orthogonalization.Of(name, iterations), x)[0];
            Assert.All(result.SingularValues(), value => Assert.InRange(value, low, high));
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_matrix_has_the_same_bits_in_any_batch_and_on_any_number_of_threads(int rows, int columns)
    {
        var polynomials = Orthogonalization.Of("jordan", 5);
        PlainMatrix[] batch = [.. Enumerable.Range(0, 5).Select(i => Spread($"y{i}", rows, columns, 0.001))];
        var expected = Run(KernelChoice.Best(1), DType.F32, polynomials, batch);
        for (int threads = 2; threads <= 3; threads++)
            foreach (var (one, other) in expected.Zip(Run(KernelChoice.Best(threads), DType.F32, polynomials, batch)))
                Assert.Equal(one.Values, other.Values);
        Assert.Equal(expected[3].Values, Run(KernelChoice.Best(2), DType.F32, polynomials, batch[3])[0].Values);
    }

    [Fact]
    public void Zeros_stay_zeros()
    {
        foreach (string name in (string[])["jordan", "polar_express", "cubic"])
            Assert.All(Run(KernelChoice.Best(1), DType.F32, Orthogonalization.Of(name, 5), new PlainMatrix(4, 6))[0].Values,
                value => Assert.Equal(0, value));
    }

    static PlainMatrix Published(PlainMatrix x, IEnumerable<(double A, double B, double C)> polynomials)
    {
        bool isTall = x.Rows > x.Columns;
        x = 1 / (x.Norm + 1e-7) * (isTall ? x.Transposed : x);
        foreach (var (a, b, c) in polynomials)
        {
            var gram = x * x.Transposed;
            x = a * x + (b * gram + c * (gram * gram)) * x;
        }
        return isTall ? x.Transposed : x;
    }

    /// <summary>Singular values from 1 down to thrice the least, which are at least that as shares of the norm.</summary>
    static PlainMatrix Spread(string name, int rows, int columns, double least)
    {
        int side = Math.Min(rows, columns);
        var left = PlainMatrix.Random(name, rows, side).Orthonormal();
        var right = PlainMatrix.Random(name + " right", columns, side).Orthonormal();
        for (int i = 0; i < side; i++)
            for (int r = 0; r < rows; r++)
                left[r, i] *= side == 1 ? 1 : Math.Pow(3 * least, i / (side - 1.0));
        return left * right.Transposed;
    }

    static PlainMatrix[] Run(IKernels kernels, DType type, (double A, double B, double C)[] polynomials, params PlainMatrix[] batch)
    {
        int count = batch.Length, rows = batch[0].Rows, columns = batch[0].Columns;
        long length = (long)count * rows * columns, scratch = NewtonSchulz.ScratchFor(count, rows, columns);
        using var memory = CpuDevice.Instance.Allocate((length + scratch) * type.SizeInBytes());
        var x = memory.Tensor(type, new(count, rows, columns));
        double[] values = [.. batch.SelectMany(matrix => matrix.Values)];
        if (type == DType.F64)
            x.Write<double>(values);
        else
            x.Write<float>(Array.ConvertAll(values, value => (float)value));
        kernels.NormalizeMatrices(x, 1e-7);
        var result = new NewtonSchulz(polynomials).Run(kernels, x, memory.Tensor(type, new((int)scratch), length * type.SizeInBytes()));
        values = type == DType.F64 ? result.ToArray<double>() : Array.ConvertAll(result.ToArray<float>(), value => (double)value);
        (kernels as IDisposable)?.Dispose();
        return [.. values.Chunk(rows * columns).Select(matrix => new PlainMatrix(rows, columns) { Values = matrix })];
    }
}
