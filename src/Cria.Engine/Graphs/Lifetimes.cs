namespace Cria.Engine.Graphs;

/// <summary>From which step to which step a value must keep its memory; two spans for what is recomputed or waits elsewhere.</summary>
sealed class Lifetime
{
    public List<(int First, int Last)> Spans { get; } = [];

    public int First => Spans[0].First;

    public int Last => Spans[^1].Last;

    public bool Overlaps(Lifetime other)
    {
        foreach (var (first, last) in Spans)
            foreach (var (otherFirst, otherLast) in other.Spans)
                if (first <= otherLast && otherFirst <= last)
                    return true;
        return false;
    }

    public void Begin(int step) => Spans.Add((step, step));

    public void Extend(int step) => Spans[^1] = (Spans[^1].First, Math.Max(Spans[^1].Last, step));
}

/// <summary>The lifetimes of everything the arena must hold: inputs, results, activations, gradients, scratch.</summary>
static class Lifetimes
{
    public static Dictionary<Value, Lifetime> Of(IReadOnlyList<PlanStep> steps, IEnumerable<Value> inputs, IEnumerable<Value> results)
    {
        var lifetimes = new Dictionary<Value, Lifetime>();
        int end = steps.Count;
        foreach (var input in inputs) // the host fills them before the first step, and may look at them after the last
        {
            Touch(input, 0);
            Touch(input, end);
        }
        for (int step = 0; step < steps.Count; step++)
            Visit(steps[step], step);
        foreach (var result in results)
            Touch(result, end);
        return lifetimes;

        void Visit(PlanStep step, int index)
        {
            var op = step.Op;
            if (step.Waiting is { } waiting)
            {
                if (step.Pass == Pass.Store)
                    Touch(waiting.Value, index);
                else
                    lifetimes[waiting.Value].Begin(index);
                Touch(waiting.Copy, index);
                return;
            }
            bool runsForward = step.Pass != Pass.Backward || op.BackwardIncludesForward;
            if (runsForward)
            {
                foreach (var input in op.Inputs)
                    Touch(input, index);
                Make(op.Output, index, step.Pass);
                foreach (var saved in op.SavedValues)
                    Make(saved, index, step.Pass);
            }
            if (step.Pass == Pass.Backward)
            {
                foreach (var read in op.BackwardReads)
                    Touch(read, index);
                foreach (var saved in op.SavedValues)
                    Touch(saved, index);
                if (!op.BackwardIncludesForward)
                    Touch(op.Output.Gradient!, index);
                foreach (var input in op.Inputs)
                    if (input is not Parameter && input.Gradient is { } gradient)
                        Touch(gradient, index);
            }
            foreach (var scratch in op.ScratchValues) // it holds nothing between the passes
                if (lifetimes.TryGetValue(scratch, out var lifetime))
                    lifetime.Begin(index);
                else
                    Touch(scratch, index);
        }

        void Make(Value value, int step, Pass pass)
        {
            if (pass == Pass.Recompute)
                lifetimes[value].Begin(step);
            else
                Touch(value, step);
        }

        void Touch(Value value, int step)
        {
            if (value.IsExternal || value is Parameter)
                return;
            if (lifetimes.TryGetValue(value, out var lifetime))
                lifetime.Extend(step);
            else
            {
                lifetimes.Add(value, lifetime = new());
                lifetime.Begin(step);
            }
        }
    }
}
