namespace Cria.Engine.Graphs;

/// <summary>
/// When forward uses each value last, and backward first: in between the value only waits, and its memory can be had
/// for other things.
/// </summary>
sealed class WaitingTimes
{
    /// <summary>Steps. What waits no longer is in the last layers, whose backward begins before memory is at its fullest.</summary>
    const int Soon = 8;

    readonly Dictionary<Value, int> _last = [], _first = [];

    public static WaitingTimes Of(IReadOnlyList<PlanStep> steps)
    {
        var times = new WaitingTimes();
        for (int i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            if (step.IsForward)
            {
                times._last[step.Op.Output] = i;
                foreach (var saved in step.Op.SavedValues)
                    times._last[saved] = i;
            }
            foreach (var read in step.Reads)
                if (step.IsForward)
                    times._last[read] = i;
                else
                    times._first.TryAdd(read, i);
        }
        return times;
    }

    /// <summary>The last step of the forward pass that makes or reads the value.</summary>
    public int Last(Value value) => _last[value];

    /// <summary>The first step of the backward pass that reads it.</summary>
    public int First(Value value) => _first[value];

    /// <summary>Backward reads the value, but not soon after forward did.</summary>
    public bool IsLong(Value value) =>
        _first.TryGetValue(value, out int first) && _last.TryGetValue(value, out int last) && first - last > Soon;
}
