namespace Cria.Engine.Graphs;

public enum Pass : byte
{
    Forward,

    /// <summary>A value that forward has read for the last time is rounded into a BF16 copy.</summary>
    Store,

    /// <summary>The copy is widened into the value again, just before backward reads it first.</summary>
    Restore,

    /// <summary>A cheap op's forward, run again because its output was dropped.</summary>
    Recompute,

    Backward,
}

/// <summary>One line of a plan: an op and what it does there.</summary>
public readonly record struct PlanStep(Op Op, Pass Pass)
{
    /// <summary>Where one of the op's values waits, in <see cref="Pass.Store"/> and <see cref="Pass.Restore"/>.</summary>
    public Waiting? Waiting { get; init; }

    /// <summary>It belongs to the plan's first half, which makes the results.</summary>
    public bool IsForward => Pass is Pass.Forward or Pass.Store;

    /// <summary>The forward values that the step reads.</summary>
    internal IEnumerable<Value> Reads => Pass switch
    {
        Pass.Forward or Pass.Recompute => Op.Inputs,
        Pass.Backward when Op.BackwardIncludesForward => Op.Inputs.Concat(Op.BackwardReads),
        Pass.Backward => Op.BackwardReads,
        _ => [],
    };
}

/// <summary>A value and its copy in BF16, which stands for it between the passes.</summary>
public sealed record Waiting(Value Value, Value Copy);
