using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Budgets;

namespace Cria.Training.Tests.Budgets;

public sealed class StepCostTests
{
    // A machine with rates of its own: not the usual ones, nor in their proportions.
    static readonly double[] Machine = [2e-4, 1.5e-11, 6e-10, 1.2e-11, 2e-9, 4e-11, 3e-9, 1e-9];

    static readonly StepShape[] Known =
    [
        Shape(64, 2, 1024), Shape(128, 3, 2048), Shape(128, 6, 8192), Shape(192, 4, 4096),
        Shape(256, 5, 1024), Shape(256, 8, 8192), Shape(384, 8, 2048), Shape(96, 3, 16384),
    ];

    [Theory]
    [InlineData(64, 1, 512), InlineData(128, 3, 2048), InlineData(320, 7, 4096)]
    public void The_parameters_counted_are_those_of_the_model(int width, int layers, int vocabulary)
    {
        var shape = Shape(width, layers, vocabulary);
        using var model = ModelCatalog.Create(shape.Model, CpuDevice.Instance);
        Assert.Equal(model.Parameters.Count, shape.Parameters);
        Assert.Equal((long)vocabulary * width, shape.EmbeddingParameters);
    }

    [Fact]
    public void Shapes_that_were_not_measured_are_predicted_from_those_that_were()
    {
        var cost = StepCost.Fit([.. Known.Select(shape => new StepTime(shape, Seconds(shape)))]);
        StepTime[] others = [.. new[] { Shape(160, 4, 4096), Shape(256, 6, 2048), Shape(320, 6, 8192) }
            .Select(shape => new StepTime(shape, Seconds(shape)))];
        Assert.All(cost.Errors(others), error => Assert.InRange(error, -0.03, 0.03));
    }

    [Fact]
    public void One_measured_shape_tells_how_fast_the_machine_is()
    {
        var one = new StepTime(Known[1], 0.5);
        var cost = StepCost.Fit([one]);
        Assert.Equal(0.5, cost.Seconds(one.Shape), 3);
        Assert.True(cost.Seconds(Known[6]) > 3 * cost.Seconds(Known[1]));
    }

    [Fact]
    public void No_work_takes_less_than_no_time_however_the_measurements_contradict_each_other()
    {
        var cost = StepCost.Fit([.. Known.Select((shape, i) => new StepTime(shape, Seconds(shape) * (i % 2 == 0 ? 0.5 : 2)))]);
        Assert.All(cost.Rates, rate => Assert.True(rate >= 0));
    }

    static double Seconds(StepShape shape) => shape.Work().Zip(Machine, (work, rate) => work * rate).Sum();

    static StepShape Shape(int width, int layers, int vocabulary) => new(CandidateShapes.Llama(vocabulary, width, layers, 256), 8, 256);
}
