using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Training.Averaging;

namespace Cria.Training.Tests.Averaging;

public sealed class SpareWeightsTests
{
    [Fact]
    public void The_model_computes_with_the_other_weights_and_gets_its_own_back_bit_for_bit()
    {
        using var run = new SmallRun();
        using var spare = new SpareWeights(run.Model.Parameters);
        Tensor weights = run.Model.Parameters.Weights;
        float[] before = weights.ToArray<float>();
        float[]? during = null;
        spare.With(run.Kernels, new Sevens(), () => during = weights.ToArray<float>());
        Assert.All(during!, value => Assert.Equal(7, value));
        Assert.Equal(before, weights.ToArray<float>());
    }

    [Fact]
    public void They_come_back_from_an_evaluation_that_fails()
    {
        using var run = new SmallRun();
        using var spare = new SpareWeights(run.Model.Parameters);
        float[] before = run.Model.Parameters.Weights.ToArray<float>();
        Assert.Throws<TrainingException>(() => spare.With(run.Kernels, new Sevens(), () => throw new TrainingException("no")));
        Assert.Equal(before, run.Model.Parameters.Weights.ToArray<float>());
    }

    sealed class Sevens : IEvaluationWeights
    {
        public string Name => "sevens";

        public bool Exists => true;

        public void Write(IKernels kernels, Tensor destination) =>
            destination.Write<float>(Enumerable.Repeat(7f, (int)destination.Length).ToArray());
    }
}
