using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// The steps of a plan in order: forward, then backward with what must be recomputed or restored before its first reader.
/// </summary>
static class Schedule
{
    public static List<PlanStep> Forward(IReadOnlyList<Op> ops) => [.. ops.Select(op => new PlanStep(op, Pass.Forward))];

    public static List<PlanStep> Training(IReadOnlyList<Op> ops, List<Op> backward, PlanOptions options, IReadOnlyList<Value> results)
    {
        var runsBackward = backward.ToHashSet();
        var inputs = ops.SelectMany(op => op.Inputs).ToHashSet();
        var forward = Forward([.. ops.Where(op => !IsLeftToBackward(op))]);
        List<PlanStep> steps = [.. forward, .. backward.Select(op => new PlanStep(op, Pass.Backward))];
        if (options.Recompute)
            steps = Recomputation.Insert(steps, ops);
        return options.Activations == Storage.BF16 ? Compaction.Insert(steps, results) : steps;

        // A head that another op reads (a sum of losses) must have its result in the forward pass.
        bool IsLeftToBackward(Op op) => op.BackwardIncludesForward && runsBackward.Contains(op)
            && !inputs.Contains(op.Output) && !op.SavedValues.Any(inputs.Contains);
    }
}
