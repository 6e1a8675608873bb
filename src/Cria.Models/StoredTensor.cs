using Cria.Engine.Graphs;
using Cria.Engine.Tensors;

namespace Cria.Models;

/// <summary>A tensor as an architecture's files have it, and the parameters whose numbers it holds.</summary>
/// <param name="Name">Its published name.</param>
/// <param name="IsTransposed">(inputs, outputs) in the file and (outputs, inputs) here.</param>
/// <param name="Parts">One parameter, or several with the same inputs whose outputs follow each other.</param>
public sealed record StoredTensor(string Name, bool IsTransposed, params IReadOnlyList<Parameter> Parts)
{
    /// <summary>It lies in the file as its one parameter lies in memory.</summary>
    public bool IsPlain => !IsTransposed && Parts.Count == 1;

    /// <summary>Its sizes in the file.</summary>
    public Shape Shape => Parts[0].Shape.Rank == 1 ? new(Outputs)
        : IsTransposed ? new(Inputs, Outputs)
        : new(Outputs, Inputs);

    int Inputs => Parts[0].Shape.Rank == 1 ? 1 : Parts[0].Columns;

    int Outputs => (int)(Parts.Sum(part => part.Shape.Length) / Inputs);

    /// <summary>The numbers as the file has them.</summary>
    public float[] Gather()
    {
        float[] stored = new float[Shape.Length];
        int first = 0;
        foreach (var part in Parts)
        {
            float[] numbers = part.Master.ToArray<float>();
            int outputs = numbers.Length / Inputs;
            if (IsTransposed)
                Transpose(numbers, Inputs, stored.AsSpan(first), Outputs, outputs, Inputs);
            else
                numbers.CopyTo(stored, first * Inputs);
            first += outputs;
        }
        return stored;
    }

    /// <summary>Fills the parameters with the numbers that a file has.</summary>
    public void Scatter(float[] stored)
    {
        if (IsPlain)
        {
            Parts[0].Master.Write<float>(stored);
            return;
        }
        int first = 0;
        foreach (var part in Parts)
        {
            float[] numbers = new float[part.Shape.Length];
            int outputs = numbers.Length / Inputs;
            if (IsTransposed)
                Transpose(stored.AsSpan(first), Outputs, numbers, Inputs, Inputs, outputs);
            else
                stored.AsSpan(first * Inputs, numbers.Length).CopyTo(numbers);
            part.Master.Write<float>(numbers);
            first += outputs;
        }
    }

    /// <summary>target[c, r] = source[r, c], where the rows of each lie their own distance apart.</summary>
    static void Transpose(ReadOnlySpan<float> source, int sourceStride, Span<float> target, int targetStride, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                target[c * targetStride + r] = source[r * sourceStride + c];
    }
}
