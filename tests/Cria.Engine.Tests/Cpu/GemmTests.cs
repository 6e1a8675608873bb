using Cria.Engine.Kernels.Cpu;
using Cria.Engine.Kernels.Cpu.MatMul;

namespace Cria.Engine.Tests.Cpu;

public sealed unsafe class GemmTests
{
    static readonly int[] Awkward = [1, 3, 7, 17, 33, 63, 65, 100, 129];

    public static TheoryData<SimdWidth, GemmLayout> Cases
    {
        get
        {
            TheoryData<SimdWidth, GemmLayout> cases = [];
            foreach (SimdWidth width in Enum.GetValues<SimdWidth>().Where(SimdLevel.IsSupported))
            {
                foreach (GemmLayout layout in Enum.GetValues<GemmLayout>())
                    cases.Add(width, layout);
            }
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Products_agree_with_double_sums_at_awkward_sizes(SimdWidth width, GemmLayout layout)
    {
        using IGemm gemm = Gemm.Create(width);
        using WorkerPool pool = new(2);
        foreach (int m in Awkward)
        {
            foreach (int n in Awkward)
            {
                foreach (int k in (int[])[0, 1, 7, 33, 100])
                {
                    GemmProblem problem = new(layout, m, n, k, padding: (m + n) % 3);
                    AssertProduct(problem, gemm, pool, add: (m + k) % 2 == 0);
                }
            }
        }
        AssertProduct(new GemmProblem(layout, 37, 450, 777, padding: 5), gemm, pool, add: true);
        AssertProduct(new GemmProblem(layout, 130, 801, 300, padding: 0), gemm, pool, add: false);
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_row_is_the_same_alone_and_among_many(SimdWidth width, GemmLayout layout)
    {
        using IGemm gemm = Gemm.Create(width);
        using WorkerPool pool = new(2), alone = new(1);
        const int rows = 515;
        GemmProblem whole = new(layout, rows, 203, 530, padding: 3);
        float[] expected = whole.Run(gemm, pool, add: false);
        foreach (int row in (int[])[0, 1, 6, 7, 8, 255, 511, 512, 513, 514])
        {
            foreach (int count in (int[])[1, 2, 5])
            {
                if (row + count > rows)
                    continue;
                float[] actual = whole.Rows(row, count).Run(gemm, alone, add: false);
                for (int i = 0; i < count * 203; i++)
                    AssertSameBits(expected[row * 203 + i], actual[i]);
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_column_is_the_same_alone_and_among_many(SimdWidth width, GemmLayout layout)
    {
        using IGemm gemm = Gemm.Create(width);
        using WorkerPool pool = new(2), alone = new(1);
        GemmProblem whole = new(layout, 61, 411, 530, padding: 3);
        float[] expected = whole.Run(gemm, pool, add: true);
        foreach ((int column, int count) in ((int, int)[])[(0, 1), (15, 18), (100, 50), (409, 2)])
        {
            float[] actual = whole.Columns(column, count).Run(gemm, alone, add: true);
            for (int i = 0; i < 61 * count; i++)
                AssertSameBits(expected[i / count * 411 + column + i % count], actual[i]);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Any_number_of_threads_gives_the_same_bits(SimdWidth width, GemmLayout layout)
    {
        using IGemm gemm = Gemm.Create(width);
        using WorkerPool one = new(1);
        (int, int, int)[] shapes = [(200, 130, 300), (64, 900, 64), (3, 2000, 128), (900, 40, 77)];
        foreach ((int m, int n, int k) in shapes)
        {
            GemmProblem problem = new(layout, m, n, k, padding: 1);
            float[] expected = problem.Run(gemm, one, add: true);
            foreach (int threads in (int[])[2, 3, 5])
            {
                using WorkerPool pool = new(threads);
                float[] actual = problem.Run(gemm, pool, add: true);
                for (int i = 0; i < expected.Length; i++)
                    AssertSameBits(expected[i], actual[i]);
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_product_inside_a_loop_gives_the_same_bits(SimdWidth width, GemmLayout layout)
    {
        using IGemm gemm = Gemm.Create(width);
        using WorkerPool pool = new(2);
        GemmProblem problem = new(layout, 64, 100, 300, padding: 0);
        float[] expected = problem.Run(gemm, pool, add: false);
        gemm.Reserve(3);
        float[] actual = problem.RunAlone(gemm, worker: 2);
        for (int i = 0; i < expected.Length; i++)
            AssertSameBits(expected[i], actual[i]);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Nothing_is_allocated_after_the_first_product(SimdWidth width, GemmLayout layout)
    {
        using IGemm gemm = Gemm.Create(width);
        using WorkerPool pool = new(2);
        GemmProblem problem = new(layout, 130, 100, 300, padding: 0);
        Assert.InRange(problem.AllocatedBytes(gemm, pool, products: 50), 0, 49); // less than a byte a product
    }

    [Fact]
    public void A_grid_uses_every_thread_on_large_products()
    {
        foreach (GemmLayout layout in Enum.GetValues<GemmLayout>())
        {
            foreach (int threads in (int[])[2, 4, 8, 16])
            {
                GemmGrid grid = GemmGrid.Choose(layout, tileRows: 8, width: 16, 2048, 512, threads);
                Assert.InRange(grid.Parts, threads * 3 / 4, threads * 4);
                grid = GemmGrid.Choose(layout, tileRows: 8, width: 16, 1, 8192, threads);
                Assert.Equal(new GemmGrid(1, threads), grid);
            }
        }
    }

    static void AssertProduct(GemmProblem problem, IGemm gemm, WorkerPool pool, bool add)
    {
        float[] actual = problem.Run(gemm, pool, add);
        for (int i = 0; i < problem.M; i++)
        {
            for (int j = 0; j < problem.N; j++)
            {
                (double expected, double magnitude) = problem.Expected(i, j, add);
                double error = Math.Abs(actual[i * problem.N + j] - expected);
                if (!(error <= 1e-6 * magnitude))
                    Assert.Fail($"{problem}: c[{i}, {j}] is {actual[i * problem.N + j]}, expected {expected}.");
            }
        }
    }

    static void AssertSameBits(float expected, float actual)
    {
        if (BitConverter.SingleToInt32Bits(expected) != BitConverter.SingleToInt32Bits(actual))
            Assert.Fail($"{actual:R} is not bit for bit {expected:R}.");
    }
}
