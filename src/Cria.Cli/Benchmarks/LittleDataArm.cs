using Cria.Cli.Results;

namespace Cria.Cli.Benchmarks;

/// <summary>One way to make the most of little text, and what its models reached on the validation text.</summary>
/// <param name="Name">Its recipe's, or what was done with models of another.</param>
/// <param name="NatsPerToken">Of each seed, in their order.</param>
/// <param name="BitsPerByte">Likewise.</param>
/// <param name="Seconds">Of training, for one model and for all that went into it, means over the seeds.</param>
public sealed record LittleDataArm(string Name, double[] NatsPerToken, double[] BitsPerByte, LittleDataCost Seconds)
{
    public double MeanNats => NatsPerToken.Average();

    internal static LittleDataArm Of(string name, IReadOnlyList<FinishedRun> runs) => new(
        name,
        [.. runs.Select(run => run.Validation.NatsPerToken)],
        [.. runs.Select(run => run.Validation.BitsPerByte)],
        new(runs.Average(run => run.TrainingSeconds), runs.Average(WithTeachers)));

    internal static double WithTeachers(FinishedRun run) => run.TrainingSeconds + run.Consumed.Sum(each => each.Seconds);
}

/// <summary>Seconds of training.</summary>
/// <param name="Own">Of the model itself.</param>
/// <param name="All">With the models that went into it.</param>
public sealed record LittleDataCost(double Own, double All);
