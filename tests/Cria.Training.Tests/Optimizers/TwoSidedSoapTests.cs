using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Optimizers;

/// <summary>
/// SOAP on a matrix that is not square, turned on both sides. The first gradient says nothing of a part of the longer side's basis:
/// there any turn is as right, so the plain loops take over what the optimizer chose, after it is seen to be a basis.
/// </summary>
public sealed class TwoSidedSoapTests
{
    const float LearningRate = 0.01f;

    // A refresh is determined where the gradients seen span the longer side; very long ones are not refreshed here.
    [Theory]
    [InlineData(4, 6, 1, 3), InlineData(6, 4, 1, 3), InlineData(6, 9, 1, 3), InlineData(9, 6, 1, 3), InlineData(9, 6, 2, 5)]
    [InlineData(2, 7, 10, 3), InlineData(7, 2, 10, 3), InlineData(1, 5, 10, 3), InlineData(5, 1, 10, 3)]
    public void Steps_are_what_plain_loops_compute(int rows, int columns, int frequency, int steps)
    {
        SoapRecipe recipe = new() { MaxDimension = 16, Frequency = frequency, WeightDecay = 0.2f, Beta2 = 0.9f };
        var start = PlainMatrix.Random("start", rows, columns, 0.5).Map(x => (float)x);
        foreach (var (kernels, tolerance, near) in ((IKernels, double, double)[])
            [(new ReferenceKernels<double>(), 1e-10, 1e-12), (KernelChoice.Best(2), 1e-3, 1e-5)])
        {
            var (found, bases) = Run(recipe, kernels, start, steps);
            AssertBasis(bases.Left, Gradient(start, 1) * Gradient(start, 1).Transposed, near);
            AssertBasis(bases.Right, Gradient(start, 1).Transposed * Gradient(start, 1), near);
            var expected = PlainOptimizers.Soap(
                recipe, start, step => Gradient(start, step), LearningRate, recipe.WeightDecay, steps, bases);
            double change = (expected + -1 * start).Norm, error = (found + -1 * expected).Norm;
            Assert.True(change > 0.1 * LearningRate, $"nothing moved: {change}");
            Assert.True(error <= tolerance * change, $"{kernels.Name}: {error / change} of the change");
        }
    }

    static PlainMatrix Gradient(PlainMatrix like, int step) =>
        PlainMatrix.Random($"gradient {step}", like.Rows, like.Columns, 0.3).Map(x => (float)x);

    /// <summary>The weights after so many steps, and the bases that the first of them made.</summary>
    static (PlainMatrix Weights, (PlainMatrix Left, PlainMatrix Right) Bases) Run(
        SoapRecipe recipe, IKernels kernels, PlainMatrix start, int steps)
    {
        using var store = new ParameterStore(CpuDevice.Instance, kernels is ReferenceKernels<double> ? DType.F64 : DType.F32);
        store.Add("w", new(start.Rows, start.Columns), new Initializer.Constant(0), ParameterKind.Matrix);
        store.Allocate(withGradients: true);
        var parameter = store.Parameters.Single();
        store.Write(parameter, start.Values);
        using var optimizer = recipe.Create(SmallRun.Base with { Optimizer = recipe, Version = Recipe.NewestVersion }, store);
        float[] host = new float[(int)StepScalar.Count];
        using var scalarMemory = CpuDevice.Instance.Allocate(host.Length * sizeof(float));
        var scalars = scalarMemory.Tensor(DType.F32, new(host.Length));
        var bases = (Left: start, Right: start);
        for (int step = 1; step <= steps; step++)
        {
            MatrixWorld.Put(parameter.Gradient!.Data, Gradient(start, step).Values);
            host[(int)StepScalar.LearningRate] = LearningRate;
            optimizer.Prepare(host, step);
            scalars.Write<float>(host);
            kernels.ClipByGlobalNorm(scalars, store.Gradients, maxNorm: 0);
            optimizer.Step(kernels, store, scalars);
            if (step == 1)
                bases = (Basis("left_basis", start.Rows), Basis("right_basis", start.Columns));
        }

        (kernels as IDisposable)?.Dispose();
        return (new(start.Rows, start.Columns) { Values = MatrixWorld.Get(parameter.Data) }, bases);

        PlainMatrix Basis(string name, int size) =>
            new(size, size) { Values = MatrixWorld.Get(optimizer.Slots.Single(slot => slot.Name == name).State) };
    }

    // Orthonormal columns that the matrix only stretches, by no more the further right.
    static void AssertBasis(PlainMatrix basis, PlainMatrix symmetric, double near)
    {
        int n = basis.Rows;
        PlainMatrix square = basis.Transposed * basis, stretched = basis.Transposed * symmetric * basis;
        double size = symmetric.Norm;
        for (int r = 0; r < n; r++)
            for (int c = 0; c < n; c++)
            {
                Assert.Equal(r == c ? 1 : 0, square[r, c], tolerance: near * n);
                if (r != c)
                    Assert.Equal(0, stretched[r, c], tolerance: near * n * size);
                else if (r > 0)
                    Assert.True(stretched[r, r] <= stretched[r - 1, r - 1] + near * n * size, $"value {r} is {stretched[r, r]}");
            }
    }
}
