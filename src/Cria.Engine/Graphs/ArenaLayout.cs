namespace Cria.Engine.Graphs;

/// <summary>Offsets in one arena: largest first, each at the lowest place where nothing alive at the same time lies.</summary>
sealed class ArenaLayout
{
    readonly Dictionary<Value, long> _offsets = [];

    ArenaLayout()
    {
    }

    public long SizeInBytes { get; private set; }

    public IReadOnlyDictionary<Value, long> Offsets => _offsets;

    public static ArenaLayout FirstFit(Dictionary<Value, Lifetime> lifetimes)
    {
        var layout = new ArenaLayout();
        var placed = new List<(long Offset, Value Value, Lifetime Lifetime)>();
        foreach (var (value, lifetime) in lifetimes.OrderByDescending(p => p.Key.SizeInBytes).ThenBy(p => p.Value.First))
        {
            long offset = 0;
            foreach (var other in placed.Where(o => o.Lifetime.Overlaps(lifetime)).OrderBy(o => o.Offset))
            {
                if (offset + value.SizeInBytes <= other.Offset)
                    break;
                offset = Math.Max(offset, other.Offset + other.Value.SizeInBytes);
            }
            placed.Add((offset, value, lifetime));
            layout.Place(value, offset);
        }
        return layout;
    }

    /// <summary>A place of its own for every value: the witness against the planner.</summary>
    public static ArenaLayout Unshared(Dictionary<Value, Lifetime> lifetimes)
    {
        var layout = new ArenaLayout();
        foreach (var value in lifetimes.Keys)
            layout.Place(value, layout.SizeInBytes);
        return layout;
    }

    void Place(Value value, long offset)
    {
        _offsets.Add(value, offset);
        SizeInBytes = Math.Max(SizeInBytes, offset + value.SizeInBytes);
    }
}
