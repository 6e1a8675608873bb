using Cria.Engine.Graphs;

namespace Cria.Training.Optimizers.Matrices;

/// <summary>Matrices of one shape that an optimizer works on together, and where each lies in the flat blocks.</summary>
/// <param name="First">Which of all matrices' numbers is the batch's first: where its part of the state begins.</param>
sealed record MatrixBatch(int Rows, int Columns, long First, IReadOnlyList<MatrixPlace> Members)
{
    /// <summary>
    /// Numbers worked on together at most, where matrices are not larger themselves: enough for every thread, and little memory beside
    /// the weights.
    /// </summary>
    const long MostNumbers = 1 << 22;

    public int Count => Members.Count;

    public long Length => (long)Count * Rows * Columns;

    /// <summary>All numbers of all batches.</summary>
    public static long TotalLength(IReadOnlyList<MatrixBatch> batches) => batches.Sum(batch => batch.Length);

    /// <summary>The matrices of some groups: shape by shape, in the order in which they were recorded.</summary>
    /// <param name="most">See <see cref="MostNumbers"/>.</param>
    public static MatrixBatch[] Of(IReadOnlyList<ParameterGroup> groups, ParameterStore store, long most = MostNumbers)
    {
        var places = groups
            .SelectMany(group => group.Parameters.Select(parameter => (parameter.Shape,
                Place: new MatrixPlace(store.OffsetOf(parameter), group.WeightDecay, group.LearningRateFactor))))
            .OrderBy(member => member.Place.Offset)
            .GroupBy(member => (member.Shape.Rows, member.Shape.Columns));
        var batches = new List<MatrixBatch>();
        long first = 0;
        foreach (var shape in places)
        {
            var (rows, columns) = shape.Key;
            foreach (var members in shape.Select(member => member.Place).Chunk((int)Math.Max(1, most / Math.Max(1, (long)rows * columns))))
            {
                batches.Add(new(rows, columns, first, members));
                first += batches[^1].Length;
            }
        }
        return [.. batches];
    }
}

/// <summary>One matrix in the flat blocks.</summary>
/// <param name="Offset">Of its first number.</param>
/// <param name="WeightDecay">λ</param>
/// <param name="LearningRateFactor">What the step's learning rate is multiplied by.</param>
readonly record struct MatrixPlace(long Offset, float WeightDecay, float LearningRateFactor);
