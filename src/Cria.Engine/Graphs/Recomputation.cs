namespace Cria.Engine.Graphs;

/// <summary>
/// Drops what cheap ops make after its last forward reader and makes it again before its first backward reader. What
/// backward reads soon anyway is kept.
/// </summary>
static class Recomputation
{
    public static List<PlanStep> Insert(IReadOnlyList<PlanStep> steps, IReadOnlyList<Op> ops)
    {
        var dropped = Dropped(ops, WaitingTimes.Of(steps));
        var result = new List<PlanStep>();
        foreach (var step in steps)
        {
            if (step.Pass == Pass.Backward)
                foreach (var read in step.Reads)
                    if (dropped.Remove(read, out var producer))
                    {
                        result.Add(new(producer, Pass.Recompute));
                        dropped.Remove(producer.Output);
                        foreach (var saved in producer.SavedValues)
                            dropped.Remove(saved);
                    }
            result.Add(step);
        }
        return result;
    }

    // Only if nothing the op reads is dropped itself.
    static Dictionary<Value, Op> Dropped(IReadOnlyList<Op> ops, WaitingTimes times)
    {
        var dropped = new Dictionary<Value, Op>();
        foreach (var op in ops)
            if (op.IsCheap && times.IsLong(op.Output) && !op.Inputs.Any(dropped.ContainsKey))
            {
                dropped.Add(op.Output, op);
                foreach (var saved in op.SavedValues)
                    dropped.Add(saved, op);
            }
        return dropped;
    }
}
