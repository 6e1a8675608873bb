namespace Cria.Models.Tests.Twins;

/// <summary>Float64 numbers row by row, and how much the loss changes with each of them. A vector is one row.</summary>
sealed class Matrix
{
    public Matrix(int rows, int columns, double[] numbers)
    {
        if (numbers.Length != rows * columns)
            throw new ArgumentException($"{numbers.Length} numbers are no ({rows}, {columns})");
        (Rows, Columns, Numbers, Gradient) = (rows, columns, numbers, new double[numbers.Length]);
    }

    public Matrix(int rows, int columns) : this(rows, columns, new double[rows * columns])
    {
    }

    public int Rows { get; }

    public int Columns { get; }

    public double[] Numbers { get; }

    public double[] Gradient { get; }
}
