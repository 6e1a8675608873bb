namespace Cria.Training.Observation;

/// <summary>
/// What a process knows of a run before its first step: the machine, the model's size, its data. It stands in
/// metrics.jsonl each time a process begins or continues the run, since each may do so on another machine. What nobody
/// knows is 0 or empty.
/// </summary>
public sealed record SessionFacts
{
    /// <summary>The program's version, with the commit it was built from where it is known.</summary>
    public string Version { get; init; } = "";

    /// <summary>Processor, cores, operating system, runtime.</summary>
    public string Machine { get; init; } = "";

    /// <summary>The machine's memory in bytes.</summary>
    public long MachineMemory { get; init; }

    /// <summary>Which kernels compute, at which width.</summary>
    public string Kernels { get; init; } = "";

    public int Threads { get; init; }

    /// <summary>Steps done before this process.</summary>
    public int Step { get; init; }

    /// <summary>The last step, as planned now.</summary>
    public int PlannedSteps { get; init; }

    public int TokensPerStep { get; init; }

    public long Parameters { get; init; }

    /// <summary>Counted by <see cref="FlopsFormula"/>, in training.</summary>
    public double FlopsPerToken { get; init; }

    /// <summary>What is counted, in words and with its numbers.</summary>
    public string FlopsFormula { get; init; } = "";

    /// <summary>What a share of the peak is a share of: FLOP/s / 1e9.</summary>
    public double PeakGflops { get; init; }

    /// <summary>Where the peak comes from.</summary>
    public string PeakSource { get; init; } = "";

    /// <summary>Native memory of the run by its parts, in bytes.</summary>
    public IReadOnlyDictionary<string, long> Memory { get; init; } = new Dictionary<string, long>();

    /// <summary>What the run learns from, in words by their names: training and validation text, vocabulary, reader.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Model FLOP utilisation: tokens a second × FLOPs a token ÷ the peak's FLOP/s. Not a number where one of these is
    /// not known.
    /// </summary>
    public double ShareOfPeak(double tokensPerSecond) =>
        PeakGflops > 0 && FlopsPerToken > 0 ? tokensPerSecond * FlopsPerToken / (PeakGflops * 1e9) : double.NaN;
}
