namespace Cria.Engine.Graphs;

public enum Pass : byte
{
    Forward,

    /// <summary>A cheap op's forward, run again because its output was dropped.</summary>
    Recompute,

    Backward,
}

/// <summary>One line of a plan: an op and what it does there.</summary>
public readonly record struct PlanStep(Op Op, Pass Pass);
