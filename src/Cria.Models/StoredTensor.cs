using Cria.Engine.Graphs;
using Cria.Engine.Tensors;

namespace Cria.Models;

/// <summary>A tensor as an architecture's files have it, and the parameters whose numbers it holds.</summary>
/// <param name="Name">Its published name.</param>
/// <param name="IsTransposed">(inputs, outputs) in the file and (outputs, inputs) here.</param>
/// <param name="Parts">One parameter, or several with the same inputs whose outputs follow each other.</param>
public sealed record StoredTensor(string Name, bool IsTransposed, params IReadOnlyList<Parameter> Parts)
{
    /// <summary>Where rows that are turned by their position lie in pairs side by side, in the file and not here.</summary>
    public InterleavedPairs? Pairs { get; init; }

    /// <summary>Its sizes in the file.</summary>
    public Shape Shape => Parts[0].Shape.Rank == 1 ? new(Outputs)
        : IsTransposed ? new(Inputs, Outputs)
        : new(Outputs, Inputs);

    int Inputs => Parts[0].Shape.Rank == 1 ? 1 : Parts[0].Columns;

    int Outputs => (int)(Parts.Sum(part => part.Shape.Length) / Inputs);

    /// <summary>All its numbers as the file has them.</summary>
    public float[] Gather()
    {
        float[] stored = new float[Shape.Length];
        ReadRows(0, stored);
        return stored;
    }

    /// <summary>Some of the file's rows, from the parameters. A vector is one row.</summary>
    /// <param name="row">The first of them.</param>
    /// <param name="rows">Whole rows of <see cref="Shape"/>.</param>
    public void ReadRows(int row, Span<float> rows)
    {
        if (!IsTransposed)
        {
            foreach (var (part, start, piece) in Pieces(row, rows.Length))
                Run(part, start, piece.Length).Read(rows[piece.Range]);
            return;
        }
        int outputs = Outputs, count = rows.Length / outputs, first = 0;
        float[] run = new float[count]; // one output's weights for the inputs of these rows
        foreach (var part in Parts)
        {
            for (int output = 0; output < part.Shape.Rows; output++)
            {
                Run(part, (long)output * part.Columns + row, count).Read<float>(run);
                for (int i = 0; i < count; i++)
                    rows[i * outputs + first + output] = run[i];
            }
            first += part.Shape.Rows;
        }
    }

    /// <summary>Some of the file's rows, into the parameters. A vector is one row.</summary>
    /// <param name="row">The first of them.</param>
    /// <param name="rows">Whole rows of <see cref="Shape"/>.</param>
    public void WriteRows(int row, ReadOnlySpan<float> rows)
    {
        if (!IsTransposed)
        {
            foreach (var (part, start, piece) in Pieces(row, rows.Length))
                Run(part, start, piece.Length).Write(rows[piece.Range]);
            return;
        }
        int outputs = Outputs, count = rows.Length / outputs, first = 0;
        float[] run = new float[count];
        foreach (var part in Parts)
        {
            for (int output = 0; output < part.Shape.Rows; output++)
            {
                for (int i = 0; i < count; i++)
                    run[i] = rows[i * outputs + first + output];
                Run(part, (long)output * part.Columns + row, count).Write<float>(run);
            }
            first += part.Shape.Rows;
        }
    }

    // Rows that follow each other lie in one part after another.
    IEnumerable<(Parameter Part, long Start, Piece Piece)> Pieces(int row, int length)
    {
        if (Pairs is { } pairs)
        {
            int columns = Shape.Columns;
            for (int start = 0; start < length; start += columns, row++)
                yield return (Parts[0], (long)pairs.Here(row) * columns, new(start, columns));
            yield break;
        }
        long begin = (long)row * Shape.Columns, end = begin + length, partBegin = 0;
        foreach (var part in Parts)
        {
            long partEnd = partBegin + part.Shape.Length, from = Math.Max(begin, partBegin), to = Math.Min(end, partEnd);
            if (from < to)
                yield return (part, from - partBegin, new((int)(from - begin), (int)(to - from)));
            partBegin = partEnd;
        }
    }

    static Tensor Run(Parameter part, long start, int length) =>
        new(part.Master.Device, part.Master.Address + (nint)(start * sizeof(float)), DType.F32, new Shape(length));

    readonly record struct Piece(int Start, int Length)
    {
        public Range Range => Start..(Start + Length);
    }
}
