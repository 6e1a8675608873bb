using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class MatrixProductTests
{
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 }, { 3, 7, 5, 17 }, { 5, 33, 65, 3 }, { 2, 65, 31, 260 }, { 1, 70, 33, 65 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Every_backend_agrees_with_the_reference(int batch, int m, int n, int k)
    {
        foreach (var form in Enum.GetValues<ProductForm>())
            foreach (var product in Variants(form))
                Agreement.Holds(0, Call(batch, m, n, k, product), tolerance: 2e-5);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Any_number_of_threads_gives_the_same_bits(int batch, int m, int n, int k)
    {
        foreach (var form in Enum.GetValues<ProductForm>())
            foreach (var product in Variants(form))
                Agreement.IsTheSameOnAnyNumberOfThreads(0, Call(batch, m, n, k, product));
    }

    [Theory]
    [InlineData(3, 1, 4), InlineData(2, 33, 7), InlineData(5, 130, 300)]
    public void A_symmetric_product_is_its_own_mirror_image_and_the_lower_half_of_the_whole_product(int batch, int n, int k)
    {
        foreach (var form in (ProductForm[])[ProductForm.NT, ProductForm.TN])
            foreach (var kernels in Backends.With(threads: 2))
            {
                using var bench = new Workbench(DType.F32, 0);
                var x = bench.Weight("x", form == ProductForm.NT ? new(batch, n, k) : new(batch, k, n));
                Tensor whole = bench.Weight("whole", new(batch, n, n), double.NaN), half = bench.Weight("half", new(batch, n, n), double.NaN);
                var product = new MatrixProduct(form) { Diagonal = 0.5, Scale = 2 };
                kernels.MatrixProducts(whole, x, x, product);
                kernels.MatrixProducts(half, x, x, product with { IsSymmetric = true });
                float[] w = whole.ToArray<float>(), h = half.ToArray<float>();
                for (int i = 0; i < h.Length; i++)
                {
                    int matrix = i / (n * n), row = i / n % n, column = i % n;
                    Assert.Equal(w[matrix * n * n + Math.Max(row, column) * n + Math.Min(row, column)], h[i]);
                }
            }
    }

    [Theory]
    [InlineData(4, 1, 1), InlineData(3, 7, 33), InlineData(2, 129, 65)]
    public void A_normalized_matrix_has_the_norm_one_and_zeros_stay(int batch, int m, int n)
    {
        KernelCall call = (bench, k) => k.NormalizeMatrices(bench.Weight("x", new(batch, m, n), 3), 1e-7);
        Agreement.Holds(0, call);
        Agreement.IsTheSameOnAnyNumberOfThreads(0, call);
        foreach (var kernels in Backends.With(threads: 2))
        {
            using var bench = new Workbench(DType.F32, 0);
            var x = bench.Weight("x", new(2, m, n));
            x.Span<float>()[..(m * n)].Clear();
            kernels.NormalizeMatrices(x, 1e-7);
            Assert.All(x.Span<float>()[..(m * n)].ToArray(), value => Assert.Equal(0, value));
            Assert.Equal(1, Math.Sqrt(x.Span<float>()[(m * n)..].ToArray().Sum(v => (double)v * v)), tolerance: 1e-5);
        }
    }

    static IEnumerable<MatrixProduct> Variants(ProductForm form) =>
        [new(form), new(form) { Keep = 0.75, Scale = 0.25 }, new(form) { Scale = -2, Diagonal = 3 }];

    static KernelCall Call(int batch, int m, int n, int k, MatrixProduct product) => (bench, kernels) =>
        kernels.MatrixProducts(
            bench.Weight("c", new(batch, m, n), product.Keep == 0 ? double.NaN : 1),
            bench.Weight("a", product.Form == ProductForm.TN ? new(batch, k, m) : new(batch, m, k)),
            bench.Weight("b", product.Form == ProductForm.NT ? new(batch, n, k) : new(batch, k, n)),
            product.Diagonal == 0 ? product : product with { Keep = 0.5, Kept = bench.Weight("kept", new(batch, m, n)) });
}
