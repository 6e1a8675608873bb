using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Training.Optimizers;

namespace Cria.Training.Tests.Optimizers;

public sealed class SophiaTests
{
    [Fact]
    public void Without_curvature_a_step_is_the_sign_of_the_momentum()
    {
        using var world = new OptimizerWorld(new SophiaRecipe { LearningRate = 0.01f, WeightDecay = 0 });
        double[] before = world.Numbers(world.Matrix);
        world.Step();
        double[] after = world.Numbers(world.Matrix);
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(-0.01 * Math.Sign(OptimizerWorld.Gradient(i, 1)), after[i] - before[i], 1e-6);
    }

    [Fact]
    public void Under_a_huge_curvature_a_step_is_nearly_nothing()
    {
        using var world = new OptimizerWorld(new SophiaRecipe { LearningRate = 0.01f, WeightDecay = 0 });
        world.AddCurvature((_, _) => 1e4, tokens: 1000);
        double[] before = world.Numbers(world.Matrix);
        world.Step();
        Assert.All(world.Numbers(world.Matrix).Zip(before), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void The_factor_is_the_tokens_of_the_step_or_what_the_recipe_says()
    {
        foreach (var (given, factor) in new[] { (0, 1000.0), (64, 64.0) })
        {
            using var world = new OptimizerWorld(new SophiaRecipe { BatchTokens = given });
            world.AddCurvature((i, _) => 0.1 * (i + 1), tokens: 1000);
            double[] curvature = OptimizerWorld.Numbers(FlatState.Range(world.Optimizer.Slots[1].State, (0, 15)));
            for (int i = 0; i < curvature.Length; i++)
                Assert.Equal((1 - 0.99f) * factor * Math.Pow(0.1 * (i + 1), 2), curvature[i], 1e-4 * factor);
        }
    }

    [Fact]
    public void The_win_rate_is_the_share_of_weights_whose_momentum_goes_unclipped()
    {
        using var world = new OptimizerWorld(new SophiaRecipe { Rho = 1, Beta2 = 0 });
        var optimizer = (Sophia)world.Optimizer;
        Assert.True(float.IsNaN(optimizer.WinRate));
        world.Step((_, _) => 1); // the momentum is 0.035 everywhere
        world.AddCurvature((i, _) => i < 3 ? 1 : 0.1, tokens: 1); // the curvature 1 or 0.01
        Assert.Equal(9.0 / 42, optimizer.WinRate, 1e-6); // three of each of three parameters
    }

    [Fact]
    public void A_curvature_that_is_not_finite_is_not_taken()
    {
        using var world = new OptimizerWorld(new SophiaRecipe());
        world.Step();
        byte[] before = world.Everything();
        world.AddCurvature((i, _) => i == 2 ? double.NaN : 1, tokens: 10);
        Assert.Equal(before, world.Everything());
    }

    // A head alone: its Gauss-Newton matrix is Σ over rows of (diag(p) − p·pᵀ) ⊗ x·xᵀ, over the rows' number.
    [Fact]
    public void The_estimator_is_unbiased_for_the_diagonal_of_the_Gauss_Newton_matrix()
    {
        const int Rows = 3, Width = 2, Vocabulary = 4, Draws = 20_000;
        using var store = new ParameterStore(CpuDevice.Instance, DType.F64);
        var head = new ParameterScope(store).Head("head", Vocabulary, Width, new Initializer.Normal(1));
        var graph = new Graph(DType.F64);
        Value x = graph.Input("x", DType.F64, new(Rows, Width)), targets = graph.Input("targets", DType.I32, new(Rows, 1));
        var weights = graph.Input("weights", DType.F64, new(Rows, 1));
        LossHead loss = graph.CrossEntropyHead(x, head, targets, weights);
        store.Allocate(withGradients: true);
        store.Initialize(seed: 2);
        using var plan = Plan.Training(graph, loss.Output, CpuDevice.Instance, new());
        using var arena = new Arena(CpuDevice.Instance, plan);
        double[] inputs = [0.5, -1, 2, 0.25, -0.75, 1.5];
        using var place = CpuDevice.Instance.Allocate(SampledLabels.PlaceBytes);
        SampledLabels labels = new(11, place.Tensor(DType.I32, new(3)));
        var kernels = new ReferenceKernels<double>();
        double[] sum = new double[Vocabulary * Width], squares = new double[sum.Length];
        for (int draw = 0; draw < Draws; draw++)
        {
            x.Data.Write<double>(inputs);
            targets.Data.Write<int>([0, 0, 0]);
            weights.Data.Write<double>([1.0 / Rows, 1.0 / Rows, 1.0 / Rows]);
            labels.Fill(0, draw + 1);
            loss.Labels = labels;
            plan.Forward(kernels);
            plan.Backward(kernels, accumulate: false);
            double[] gradient = head.Gradient!.Data.ToArray<double>();
            for (int i = 0; i < sum.Length; i++)
            {
                double estimate = Rows * gradient[i] * gradient[i];
                sum[i] += estimate;
                squares[i] += estimate * estimate;
            }
        }
        double[] exact = Diagonal(head.Data.ToArray<double>(), inputs, Rows, Width, Vocabulary);
        for (int i = 0; i < sum.Length; i++)
        {
            double mean = sum[i] / Draws, error = Math.Sqrt((squares[i] / Draws - mean * mean) / Draws);
            Assert.True(Math.Abs(mean - exact[i]) < 4 * error, $"{i}: {mean} for {exact[i]}, standard error {error}");
            Assert.True(error < 0.05 * exact[i], $"{i}: an error of {error} shows nothing of {exact[i]}");
        }
    }

    [Fact]
    public void A_run_tells_the_win_rate_at_every_estimate()
    {
        using var run = new SmallRun(change: recipe => recipe with { Steps = 12, Optimizer = new SophiaRecipe { CurvatureEvery = 5 } });
        run.Trainer.Run();
        Assert.Equal([1, 6, 11], run.Seen.Steps.Where(step => float.IsFinite(step.WinRate)).Select(step => step.Step));
        Assert.All(run.Seen.Steps.Where(step => step.Step is 6 or 11), step => Assert.InRange(step.WinRate, 0.001f, 1));
    }

    static double[] Diagonal(double[] head, double[] inputs, int rows, int width, int vocabulary)
    {
        double[] diagonal = new double[head.Length];
        for (int r = 0; r < rows; r++)
        {
            double[] e = [.. Enumerable.Range(0, vocabulary)
                .Select(v => Math.Exp(Enumerable.Range(0, width).Sum(c => head[v * width + c] * inputs[r * width + c])))];
            double total = e.Sum();
            for (int i = 0; i < diagonal.Length; i++)
            {
                double p = e[i / width] / total, input = inputs[r * width + i % width];
                diagonal[i] += p * (1 - p) * input * input / rows;
            }
        }
        return diagonal;
    }
}
