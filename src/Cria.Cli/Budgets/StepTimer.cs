using Cria.Cli.Benchmarks;
using Cria.Engine.Kernels;
using Cria.Evaluation.Statistics;
using Cria.Training.Budgets;
using Cria.Training.Recipes;

namespace Cria.Cli.Budgets;

/// <summary>Times steps as they are trained, on random tokens.</summary>
/// <param name="template">Its optimizer and precision are used.</param>
/// <param name="seconds">About how long to measure a shape.</param>
sealed class StepTimer(Recipe template, IKernels kernels, double seconds, CancellationToken cancellation) : IStepTimer
{
    const int WarmSteps = 2, FewestSteps = 3, MostSteps = 200;

    public double Seconds(StepShape shape)
    {
        using var bench = new StepBench(template with
        {
            Model = shape.Model,
            Data = template.Data with { SequenceLength = shape.Length },
            Batch = new() { MicroBatchSize = shape.Sequences },
        }, kernels);
        for (int i = 0; i < WarmSteps; i++)
            bench.Step();
        List<double> times = [];
        double spent = 0;
        while (times.Count < FewestSteps || (spent < seconds && times.Count < MostSteps))
        {
            cancellation.ThrowIfCancellationRequested();
            times.Add(bench.Step());
            spent += times[^1];
        }
        return Sample.Median(times);
    }
}
