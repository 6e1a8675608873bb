namespace Cria.Training.Guards;

/// <summary>What a resumed run must know to guard itself as if it had never stopped.</summary>
public sealed record GuardState
{
    /// <summary>Steps without an update up to now.</summary>
    public int SkippedInARow { get; init; }

    /// <summary>Steps without an update since the first.</summary>
    public int Skipped { get; init; }

    /// <summary>How often the run went back.</summary>
    public int Rollbacks { get; init; }

    /// <summary>The losses that say what is to be expected, oldest first.</summary>
    public IReadOnlyList<double> Losses { get; init; } = [];
}
