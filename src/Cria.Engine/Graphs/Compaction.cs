using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// Rounds what waits for backward into BF16 after its last forward reader and widens it again before its first backward
/// reader, so that between the passes it takes half the memory and no kernel but the conversion knows BF16. What is
/// recomputed does not wait; what backward reads soon, and results, stay as they are.
/// </summary>
static class Compaction
{
    public static List<PlanStep> Insert(IReadOnlyList<PlanStep> steps, IReadOnlyList<Value> results)
    {
        var times = WaitingTimes.Of(steps);
        var stores = new Dictionary<int, List<PlanStep>>();
        var restores = new Dictionary<int, List<PlanStep>>();
        var remade = steps.Where(step => step.Pass == Pass.Recompute).Select(step => step.Op).ToHashSet();
        foreach (var op in steps.Where(step => step.Pass == Pass.Forward && !remade.Contains(step.Op)).Select(step => step.Op))
            foreach (var value in op.MayWaitRounded)
            {
                if (value.IsExternal || !times.IsLong(value) || results.Contains(value))
                    continue;
                var copy = new Value($"{value.Name} in bf16", DType.BF16, value.Shape) { FollowsExtent = value.FollowsExtent };
                Add(stores, times.Last(value), new(op, Pass.Store) { Waiting = new(value, copy) });
                Add(restores, times.First(value), new(op, Pass.Restore) { Waiting = new(value, copy) });
            }

        var result = new List<PlanStep>();
        for (int i = 0; i < steps.Count; i++)
        {
            result.AddRange(restores.GetValueOrDefault(i, []));
            result.Add(steps[i]);
            result.AddRange(stores.GetValueOrDefault(i, []));
        }
        return result;
    }

    static void Add(Dictionary<int, List<PlanStep>> at, int index, PlanStep step)
    {
        if (!at.TryGetValue(index, out var list))
            at.Add(index, list = []);
        list.Add(step);
    }
}
