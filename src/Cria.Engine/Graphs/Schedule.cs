namespace Cria.Engine.Graphs;

/// <summary>The steps of a plan in order: forward, then backward with what must be recomputed before its first reader.</summary>
static class Schedule
{
    public static List<PlanStep> Forward(IReadOnlyList<Op> ops) => [.. ops.Select(op => new PlanStep(op, Pass.Forward))];

    public static List<PlanStep> Training(IReadOnlyList<Op> ops, List<Op> backward, bool recompute)
    {
        var steps = new List<PlanStep>();
        var runsBackward = backward.ToHashSet();
        var inputs = ops.SelectMany(op => op.Inputs).ToHashSet();
        foreach (var op in ops)
            if (!IsLeftToBackward(op))
                steps.Add(new(op, Pass.Forward));

        var dropped = recompute ? Dropped(ops, backward) : [];
        foreach (var op in backward)
        {
            foreach (var read in op.BackwardReads)
                if (dropped.Remove(read, out var producer))
                {
                    steps.Add(new(producer, Pass.Recompute));
                    foreach (var saved in producer.SavedValues)
                        dropped.Remove(saved);
                }
            steps.Add(new(op, Pass.Backward));
        }
        return steps;

        // A head that another op reads (a sum of losses) must have its result in the forward pass.
        bool IsLeftToBackward(Op op) => op.BackwardIncludesForward && runsBackward.Contains(op)
            && !inputs.Contains(op.Output) && !op.SavedValues.Any(inputs.Contains);
    }

    // What a cheap op makes is dropped after forward if nothing it reads is dropped itself.
    static Dictionary<Value, Op> Dropped(IReadOnlyList<Op> ops, List<Op> backward)
    {
        var read = backward.SelectMany(op => op.BackwardReads).ToHashSet();
        var dropped = new Dictionary<Value, Op>();
        foreach (var op in ops)
            if (op.IsCheap && read.Contains(op.Output) && !op.Inputs.Any(dropped.ContainsKey))
            {
                dropped.Add(op.Output, op);
                foreach (var saved in op.SavedValues)
                    dropped.Add(saved, op);
            }
        return dropped;
    }
}
