using Cria.Engine.Graphs;
using Cria.Engine.Tensors;
using Cria.Training.Observation;

namespace Cria.Training.Tests;

/// <summary>Norms beside the plain loops that define them, and a training that does not notice them.</summary>
public sealed class NormMeterTests
{
    [Fact]
    public void Norms_are_those_of_the_weights_the_gradients_and_what_the_step_changed()
    {
        using var run = new SmallRun(change: r => r with { Metrics = new() { NormsEvery = 2 } });
        var store = run.Model.Parameters;
        Assert.Empty(run.Trainer.TrainStep().Norms);
        float[] before = store.Weights.ToArray<float>();
        var norms = run.Trainer.TrainStep().Norms;
        float[] after = store.Weights.ToArray<float>(), gradients = store.Gradients.ToArray<float>();

        Assert.Equal(NormGroups.In(store).Select(group => group.Name), norms.Select(group => group.Name));
        Assert.Contains(norms, group => group.Name == "model.layers.1.self_attn");
        foreach (var (group, (_, parameters)) in norms.Zip(NormGroups.In(store)))
        {
            AssertClose(Norm(store, parameters, i => after[i]), group.Weight);
            AssertClose(Norm(store, parameters, i => gradients[i]), group.Gradient);
            AssertClose(Norm(store, parameters, i => after[i] - (double)before[i]), group.Update);
            Assert.InRange(group.RelativeUpdate, 1e-7, 1);
        }
    }

    [Fact]
    public void Taking_norms_changes_no_bit_of_the_training_on_any_number_of_threads()
    {
        using var without = Trained(every: 0, threads: 1);
        using var one = Trained(every: 1, threads: 1);
        using var two = Trained(every: 1, threads: 2);
        Assert.Equal(without.Model.Parameters.Weights.ToArray<float>(), one.Model.Parameters.Weights.ToArray<float>());
        Assert.Equal(without.Model.Parameters.Weights.ToArray<float>(), two.Model.Parameters.Weights.ToArray<float>());
        Assert.Equal(one.Seen.Steps.Select(step => step.Loss), without.Seen.Steps.Select(step => step.Loss));
        Assert.Equal(one.Seen.Steps.SelectMany(step => step.Norms), two.Seen.Steps.SelectMany(step => step.Norms));
        Assert.All(without.Seen.Steps, step => Assert.Empty(step.Norms));
    }

    [Fact]
    public void Where_the_arena_is_smaller_than_the_weights_the_copy_has_memory_of_its_own()
    {
        using var model = Cria.Models.ModelCatalog.Create(SmallRun.Base.Model, CpuDevice.Instance);
        long weights = model.Parameters.FlatLength * sizeof(float);
        Assert.Equal(weights, NormMeter.Bytes(model.Parameters, weights - 1) - NormMeter.Bytes(model.Parameters, weights));
    }

    static SmallRun Trained(int every, int threads)
    {
        var run = new SmallRun(threads, change: r => r with { Steps = 12, Metrics = new() { NormsEvery = every } });
        run.Trainer.Run();
        return run;
    }

    static double Norm(ParameterStore store, int[] parameters, Func<long, double> value)
    {
        double sum = 0;
        foreach (int parameter in parameters)
            for (long i = 0, first = store.OffsetOf(store.Parameters[parameter]); i < store.Parameters[parameter].Shape.Length; i++)
                sum += value(first + i) * value(first + i);
        return Math.Sqrt(sum);
    }

    static void AssertClose(double expected, double actual) => Assert.InRange(actual, expected * (1 - 1e-5), expected * (1 + 1e-5));
}
