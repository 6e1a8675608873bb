using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Optimizers;

/// <summary>Three steps of each elementwise optimizer against its paper's algorithm, written out here for one number in double.</summary>
public sealed class PublishedUpdateTests
{
    const float Rate = 1e-4f, Decay = 0.5f;

    // Constants are floats in recipes, so these are the numbers that a float can be.
    const double B1 = 0.9f, B2 = 0.95f, B3 = 0.99f, Eps = 1e-8f, Eta = Rate;

    /// <summary>The next weight from all that a step is given, and from whatever the rule remembers.</summary>
    delegate double Rule(double w, double g, double decay, int t, double second);

    static readonly Dictionary<string, (OptimizerRecipe Recipe, Func<Rule> Rule)> Published = new()
    {
        ["adamw"] = (new AdamWRecipe(), AdamW),
        ["ademamix"] = (new AdEmaMixRecipe { Beta2 = 0.95f, Beta3 = 0.99f, Beta3WarmupSteps = 2 }, AdEmaMix),
        ["lion"] = (new LionRecipe { Beta2 = 0.99f }, Lion),
        ["sgd"] = (new SgdRecipe(), () => Sgd(nesterov: false, coupled: false)),
        ["sgd nesterov"] = (new SgdRecipe { Nesterov = true }, () => Sgd(nesterov: true, coupled: false)),
        ["sgd coupled"] = (new SgdRecipe { CoupledDecay = true }, () => Sgd(nesterov: false, coupled: true)),
        ["sgd both"] = (new SgdRecipe { Nesterov = true, CoupledDecay = true }, () => Sgd(nesterov: true, coupled: true)),
        ["sophia"] = (new SophiaRecipe { Beta1 = 0.9f, Beta2 = 0.95f, Rho = 0.01f, CurvatureEvery = 2 }, Sophia),
        ["schedule_free"] = (new ScheduleFreeRecipe { Beta2 = 0.95f }, ScheduleFree),
    };

    public static TheoryData<string> Names => [.. Published.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Three_steps_in_double_are_the_published_ones(string name) => Agree(name, DType.F64, 1e-10);

    [Theory, MemberData(nameof(Names))]
    public void Three_steps_in_single_precision_are_the_published_ones(string name) => Agree(name, DType.F32, 1e-6);

    [Fact]
    public void AdamW_as_an_update_gives_the_bits_of_its_own_kernel()
    {
        foreach (var kernels in KernelChoice.All(threads: 1))
        {
            var recipe = new AdamWRecipe { Groups = [new() { Match = ["*"], LearningRateFactor = 0.3f }] };
            using var world = new OptimizerWorld(recipe, kernels: kernels);
            using var memory = CpuDevice.Instance.Allocate(4 * world.Store.Weights.SizeInBytes);
            Tensor[] copies = [.. Enumerable.Range(0, 4).Select(i =>
                memory.Tensor(DType.F32, world.Store.Weights.Shape, i * world.Store.Weights.SizeInBytes))];
            for (int t = 1; t <= 3; t++)
            {
                world.Store.Weights.CopyTo(copies[0]);
                world.Optimizer.Slots[0].State.CopyTo(copies[1]);
                world.Optimizer.Slots[1].State.CopyTo(copies[2]);
                world.Step();
                float[] scalars = world.Scalars.ToArray<float>();
                scalars[(int)StepScalar.Factor1] = 1 / scalars[(int)StepScalar.BiasCorrection1];
                scalars[(int)StepScalar.Factor2] = 1 / scalars[(int)StepScalar.BiasCorrection2];
                world.Scalars.Write<float>(scalars);
                foreach (var (parameter, decay) in new[] { (world.Matrix, 0.1f), (world.Norm, 0f) })
                {
                    var range = (world.Store.OffsetOf(parameter), parameter.Shape.Length);
                    kernels.Update(FlatState.Range(copies[0], range), FlatState.Range(copies[1], range),
                        FlatState.Range(copies[2], range), default, FlatState.Range(world.Store.Gradients, range), world.Scalars,
                        new AdamWUpdate(0.9f, 0.95f, 1e-8f, decay, 0.3f));
                    Assert.Equal(parameter.Data.ToArray<float>(), FlatState.Range(copies[0], range).ToArray<float>());
                }
            }
        }
    }

    static void Agree(string name, DType type, double tolerance)
    {
        var (recipe, rule) = Published[name];
        int warmupSteps = recipe is ScheduleFreeRecipe ? 2 : 0;
        using var world = new OptimizerWorld(recipe with { LearningRate = Rate, WeightDecay = Decay }, type, warmupSteps: warmupSteps);
        var parameters = new[] { (world.Matrix, Decay), (world.Norm, 0f), (world.Embedding, 0f) };
        double[][] expected = [.. parameters.Select(p => world.Numbers(p.Item1))];
        Rule[][] rules = [.. expected.Select(weights => weights.Select(_ => rule()).ToArray())];
        for (int t = 1; t <= 3; t++)
        {
            if (world.Optimizer is ICurvatureOptimizer curvature && curvature.IsDue(t))
                world.AddCurvature(CurvatureGradient, tokens: 8);
            world.Step();
            for (int p = 0; p < parameters.Length; p++)
            {
                double[] actual = world.Numbers(parameters[p].Item1);
                for (int i = 0; i < actual.Length; i++)
                {
                    double before = expected[p][i];
                    expected[p][i] = rules[p][i](before, OptimizerWorld.Gradient(i, t), parameters[p].Item2, t, CurvatureGradient(i, t));
                    Assert.NotEqual(before, expected[p][i]);
                    Assert.True(Math.Abs(expected[p][i] - actual[i]) <= tolerance,
                        $"{name}, step {t}, element {i}: {actual[i]:G17} for {expected[p][i]:G17}");
                }
            }
        }
    }

    static Rule AdamW()
    {
        double m = 0, v = 0;
        return (w, g, decay, t, _) =>
        {
            m = B1 * m + (1 - B1) * g;
            v = B2 * v + (1 - B2) * g * g;
            return w - Eta * (m / (1 - Math.Pow(B1, t)) / (Math.Sqrt(v / (1 - Math.Pow(B2, t))) + Eps) + decay * w);
        };
    }

    // alpha over the run's ten steps, beta3 over two: at step 1 halfway between the half-lives, from then on at its end.
    static Rule AdEmaMix()
    {
        double fast = 0, slow = 0, v = 0;
        return (w, g, decay, t, _) =>
        {
            double halfLife = t >= 2 ? HalfLife(B3) : 0.5 * HalfLife(B1) + 0.5 * HalfLife(B3);
            double beta3 = Math.Pow(0.5, 1 / halfLife), alpha = 5 * t / 10.0;
            fast = B1 * fast + (1 - B1) * g;
            slow = beta3 * slow + (1 - beta3) * g;
            v = B2 * v + (1 - B2) * g * g;
            double direction = (fast / (1 - Math.Pow(B1, t)) + alpha * slow) / (Math.Sqrt(v / (1 - Math.Pow(B2, t))) + Eps);
            return w - Eta * (direction + decay * w);
        };

        static double HalfLife(double beta) => Math.Log(0.5) / Math.Log(beta);
    }

    static Rule Lion()
    {
        double m = 0;
        return (w, g, decay, _, _) =>
        {
            double update = Math.Sign(B1 * m + (1 - B1) * g);
            m = B3 * m + (1 - B3) * g;
            return w * (1 - Eta * decay) - Eta * update;
        };
    }

    static Rule Sgd(bool nesterov, bool coupled)
    {
        double m = 0;
        return (w, g, decay, _, _) =>
        {
            double pull = coupled ? g + decay * w : g;
            m = B1 * m + pull;
            double step = nesterov ? pull + B1 * m : m;
            return (coupled ? w : w - Eta * decay * w) - Eta * step;
        };
    }

    static double CurvatureGradient(int element, int step) => (float)Math.Cos(element + step);

    // An estimate in steps 1 and 3, of eight tokens.
    static Rule Sophia()
    {
        double m = 0, h = 0;
        return (w, g, decay, t, second) =>
        {
            if (t % 2 == 1)
                h = B2 * h + (1 - B2) * 8 * second * second;
            m = B1 * m + (1 - B1) * g;
            double rho = 0.01f;
            return w - Eta * decay * w - Eta * Math.Clamp(m / Math.Max(rho * h, 1e-12), -1, 1);
        };
    }

    // With z, x and y as the paper has them; what trains is y.
    static Rule ScheduleFree()
    {
        double z = double.NaN, x = 0, v = 0, sum = 0;
        return (y, g, decay, t, _) =>
        {
            if (double.IsNaN(z))
                z = x = y;
            double rate = Eta * Math.Min(1, t / 2.0);
            v = B2 * v + (1 - B2) * g * g;
            double d = g / (Math.Sqrt(v / (1 - Math.Pow(B2, t))) + Eps) + decay * y;
            z -= rate * d;
            sum += rate * rate;
            double c = rate * rate / sum;
            x = (1 - c) * x + c * z;
            return (1 - B1) * z + B1 * x;
        };
    }
}
