using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Optimizers;
using Cria.Training.Optimizers.Matrices;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Optimizers;

/// <summary>Muon, D-Muon and SOAP held against plain loops in double, and against what holds for every optimizer.</summary>
public sealed class MatrixOptimizerTests
{
    static readonly Dictionary<string, OptimizerRecipe> Recipes = new()
    {
        ["muon"] = new MuonRecipe { LearningRate = 0.02f, AdamwLearningRate = 0.005f, WeightDecay = 0.1f },
        ["muon without nesterov"] = new MuonRecipe { Nesterov = false, Coefficients = "cubic", Iterations = 6 },
        ["d_muon"] = new DMuonRecipe { Groups = [new() { Match = ["1.*"], LearningRateFactor = 0.5f, WeightDecay = 0.3f }] },
        ["polar express"] = new DMuonRecipe { Coefficients = "polar_express" },
        ["soap"] = new SoapRecipe { MaxDimension = 8, Frequency = 2, WeightDecay = 0.2f },
        ["soap, every step"] = new SoapRecipe { MaxDimension = 8, Frequency = 1, Beta2 = 0.9f },
    };

    public static TheoryData<string> Names => [.. Recipes.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Five_steps_are_what_plain_loops_compute(string name)
    {
        using var exact = new MatrixWorld(Recipes[name], new ReferenceKernels<double>());
        using var single = new MatrixWorld(Recipes[name], KernelChoice.Best(2));
        exact.Run(1, 5);
        single.Run(1, 5);
        foreach (var (parameter, kind, rows, columns) in MatrixWorld.Parameters)
        {
            // A side that is longer than the other has eigenvectors for the value 0, and any turn of them is as right: TwoSidedSoapTests.
            if (Recipes[name] is SoapRecipe soap && rows != columns && rows > 1 && Math.Max(rows, columns) <= soap.MaxDimension)
                continue;
            var expected = Expected(Recipes[name], parameter, kind, 5);
            double change = (expected + -1 * MatrixWorld.Start(parameter)).Norm;
            Assert.True((exact.Weights(parameter) + -1 * expected).Norm <= 1e-10 * change, $"{parameter}, float64 {(exact.Weights(parameter) + -1 * expected).Norm / change}");
            Assert.True((single.Weights(parameter) + -1 * expected).Norm <= 1e-3 * change, $"{parameter}, float32 {(single.Weights(parameter) + -1 * expected).Norm / change}");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_bits(string name)
    {
        using var one = new MatrixWorld(Recipes[name], KernelChoice.Best(1));
        one.Run(1, 4);
        for (int threads = 2; threads <= 3; threads++)
        {
            using var several = new MatrixWorld(Recipes[name], KernelChoice.Best(threads));
            several.Run(1, 4);
            Assert.Equal(one.Everything(), several.Everything());
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void State_taken_over_goes_on_bit_for_bit(string name)
    {
        for (int stop = 0; stop <= 3; stop++)
        {
            using var whole = new MatrixWorld(Recipes[name], KernelChoice.Best(2));
            using var rest = new MatrixWorld(Recipes[name], KernelChoice.Best(1));
            whole.Run(1, stop);
            whole.CopyStateTo(rest);
            whole.Run(stop + 1, 6);
            rest.Run(stop + 1, 6);
            Assert.Equal(whole.Everything(), rest.Everything());
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_gradient_that_is_not_finite_leaves_everything_as_it_is(string name)
    {
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity])
            foreach (int after in (int[])[0, 1, 3])
            {
                using var world = new MatrixWorld(Recipes[name], KernelChoice.Best(2));
                world.Run(1, after);
                var before = world.Everything();
                world.Run(after + 1, after + 1, planted: bad);
                Assert.Equal(before, world.Everything());
                world.Run(after + 2, after + 3);
                Assert.All(MatrixWorld.Parameters, parameter =>
                    Assert.All(world.Weights(parameter.Name).Values, weight => Assert.True(double.IsFinite(weight))));
            }
    }

    [Fact]
    public void Soaps_first_step_makes_bases_and_moves_nothing()
    {
        using var world = new MatrixWorld(Recipes["soap"], KernelChoice.Best(1));
        world.Run(1, 1);
        foreach (var (name, _, _, _) in MatrixWorld.Parameters)
            Assert.Equal(MatrixWorld.Start(name).Values, world.Weights(name).Values);
        Assert.NotEqual(0, world.Optimizer.Slots.Single(slot => slot.Name == "left_basis").State.ToArray<float>()[0]);
    }

    [Fact]
    public void Muons_first_step_changes_every_matrix_by_an_orthogonal_one()
    {
        using var world = new MatrixWorld(new DMuonRecipe { WeightDecay = 0 }, KernelChoice.Best(1));
        world.Run(1, 1);
        foreach (var (name, kind, rows, columns) in MatrixWorld.Parameters.Where(parameter => parameter.Kind == ParameterKind.Matrix))
        {
            var change = world.Weights(name) + -1 * MatrixWorld.Start(name);
            double scale = MatrixWorld.LearningRate * 0.2 * Math.Sqrt(Math.Max(rows, columns));
            Assert.All(change.SingularValues(), value => Assert.InRange(value / scale, 0.5, 1.21));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void What_it_allocates_is_what_it_says(string name)
    {
        var device = new CountingDevice();
        using var store = new ParameterStore(device);
        foreach (var (parameter, kind, rows, columns) in MatrixWorld.Parameters)
            store.Add(parameter, rows == 1 ? new(columns) : new(rows, columns), new Initializer.Constant(0), kind);
        var recipe = SmallRun.Base with { Optimizer = Recipes[name] };
        long said = recipe.Optimizer.StateBytes(recipe, store);
        Assert.Equal(0, device.Bytes);
        recipe.Optimizer.Create(recipe, store).Dispose();
        Assert.Equal(said, device.Bytes);
    }

    [Theory]
    [InlineData("iterations", "optimizer.iterations 0"), InlineData("coefficients", "jordan, polar_express or cubic")]
    [InlineData("frequency", "optimizer.frequency 0"), InlineData("max_dimension", "optimizer.max_dimension 0")]
    [InlineData("adamw_learning_rate", "optimizer.adamw_learning_rate 0"), InlineData("momentum", "optimizer.momentum 1")]
    public void What_cannot_be_is_refused_by_name(string what, string message)
    {
        OptimizerRecipe recipe = what switch
        {
            "iterations" => new MuonRecipe { Iterations = 0 },
            "coefficients" => new DMuonRecipe { Coefficients = "septic" },
            "frequency" => new SoapRecipe { Frequency = 0 },
            "max_dimension" => new SoapRecipe { MaxDimension = 0 },
            "momentum" => new DMuonRecipe { Momentum = 1 },
            _ => new MuonRecipe { AdamwLearningRate = 0 },
        };
        Assert.Contains(message, Assert.Throws<ConfigException>(recipe.Validate).Message);
    }

    static PlainMatrix Expected(OptimizerRecipe recipe, string name, ParameterKind kind, int steps)
    {
        bool inBlockOne = recipe.Groups.Length > 0 && name.StartsWith("1.", StringComparison.Ordinal);
        double decay = inBlockOne ? recipe.Groups[0].WeightDecay!.Value
            : kind is ParameterKind.Matrix or ParameterKind.Head ? recipe.WeightDecay : 0;
        double rate = MatrixWorld.LearningRate * (inBlockOne ? recipe.Groups[0].LearningRateFactor!.Value : 1.0);
        var start = MatrixWorld.Start(name);
        return recipe switch
        {
            OrthogonalRecipe muon when kind == ParameterKind.Matrix => PlainOptimizers.Muon(muon, name, rate, decay, steps),
            OrthogonalRecipe muon =>
                PlainOptimizers.AdamW(name, rate * muon.RestFactor(), decay, muon.Beta1, muon.Beta2, muon.Epsilon, steps, 0),
            SoapRecipe soap when start.Rows > 1 =>
                PlainOptimizers.Soap(soap, start, step => MatrixWorld.Clipped(name, step), rate, decay, steps),
            SoapRecipe soap => PlainOptimizers.AdamW(name, rate, decay, soap.Beta1, soap.Beta2, soap.Epsilon, steps, 1),
            _ => throw new NotSupportedException(recipe.Type),
        };
    }
}
