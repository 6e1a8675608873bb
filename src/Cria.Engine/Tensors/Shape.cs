namespace Cria.Engine.Tensors;

/// <summary>
/// One to four sizes, slowest first. Kernels see a matrix: <see cref="Rows"/> (all sizes but the last) by
/// <see cref="Columns"/> (the last); a vector is one row.
/// </summary>
public readonly record struct Shape
{
    readonly int _a, _b, _c, _d;

    public Shape(int columns) => (Rank, _a, _b, _c, _d) = (1, columns, 1, 1, 1);

    public Shape(int rows, int columns) => (Rank, _a, _b, _c, _d) = (2, rows, columns, 1, 1);

    public Shape(int a, int b, int c) => (Rank, _a, _b, _c, _d) = (3, a, b, c, 1);

    public Shape(int a, int b, int c, int d) => (Rank, _a, _b, _c, _d) = (4, a, b, c, d);

    /// <exception cref="ArgumentException">There are no sizes, more than four, or a negative one.</exception>
    public static Shape Of(ReadOnlySpan<int> sizes)
    {
        foreach (int size in sizes)
            if (size < 0)
                throw new ArgumentException($"a size of {size} is negative");
        return sizes.Length switch
        {
            1 => new(sizes[0]),
            2 => new(sizes[0], sizes[1]),
            3 => new(sizes[0], sizes[1], sizes[2]),
            4 => new(sizes[0], sizes[1], sizes[2], sizes[3]),
            _ => throw new ArgumentException($"{sizes.Length} sizes; a tensor has one to four"),
        };
    }

    public int Rank { get; }

    public int this[int axis] => axis switch
    {
        0 => _a,
        1 when Rank > 1 => _b,
        2 when Rank > 2 => _c,
        3 when Rank > 3 => _d,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, $"the shape has {Rank} axes"),
    };

    public int Columns => this[Rank - 1];

    public int Rows => Rank == 1 ? 1 : checked((int)(Length / Math.Max(1, Columns)));

    /// <summary>How many leading entries there are: what an extent counts.</summary>
    public int Leading => Rank == 1 ? 1 : _a;

    public long Length => (long)_a * _b * _c * _d;

    public int[] ToArray()
    {
        int[] sizes = new int[Rank];
        for (int axis = 0; axis < Rank; axis++)
            sizes[axis] = this[axis];
        return sizes;
    }

    public override string ToString() => $"({string.Join(", ", ToArray())})";
}
