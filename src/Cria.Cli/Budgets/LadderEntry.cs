using Cria.Training.Budgets;

namespace Cria.Cli.Budgets;

/// <summary>A finished run of a ladder: a line of its runs.jsonl.</summary>
sealed record LadderEntry : LadderRun
{
    public required string Name { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Of all steps.</summary>
    public required double Seconds { get; init; }

    /// <summary>What the plan said they take.</summary>
    public required double PlannedSeconds { get; init; }

    /// <summary>How many it thought there would be.</summary>
    public required long PlannedTokens { get; init; }

    public required double PredictedBitsPerByte { get; init; }
}
