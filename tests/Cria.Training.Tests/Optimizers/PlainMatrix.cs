using Cria.Engine.Tensors;

namespace Cria.Training.Tests.Optimizers;

/// <summary>Matrices in double by plain loops: what the optimizers are held against.</summary>
sealed class PlainMatrix(int rows, int columns)
{
    public int Rows => rows;

    public int Columns => columns;

    public double[] Values { get; init; } = new double[rows * columns];

    public double this[int row, int column]
    {
        get => Values[row * columns + column];
        set => Values[row * columns + column] = value;
    }

    public double Norm => Math.Sqrt(Values.Sum(x => x * x));

    public PlainMatrix Transposed
    {
        get
        {
            var result = new PlainMatrix(columns, rows);
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++)
                    result[c, r] = this[r, c];
            return result;
        }
    }

    public static PlainMatrix Random(string name, int rows, int columns, double scale = 1)
    {
        var random = Philox.For(11, name);
        return new(rows, columns) { Values = [.. Enumerable.Range(0, rows * columns).Select(i => scale * random.Normal((ulong)i))] };
    }

    public static PlainMatrix Identity(int size)
    {
        var result = new PlainMatrix(size, size);
        for (int i = 0; i < size; i++)
            result[i, i] = 1;
        return result;
    }

    public static PlainMatrix operator *(PlainMatrix a, PlainMatrix b)
    {
        var result = new PlainMatrix(a.Rows, b.Columns);
        for (int r = 0; r < a.Rows; r++)
            for (int c = 0; c < b.Columns; c++)
                for (int k = 0; k < a.Columns; k++)
                    result[r, c] += a[r, k] * b[k, c];
        return result;
    }

    public static PlainMatrix operator *(double factor, PlainMatrix a) => a.Map(x => factor * x);

    public static PlainMatrix operator +(PlainMatrix a, PlainMatrix b) =>
        new(a.Rows, a.Columns) { Values = [.. a.Values.Zip(b.Values, (x, y) => x + y)] };

    public PlainMatrix Map(Func<double, double> f) => new(rows, columns) { Values = Array.ConvertAll(Values, x => f(x)) };

    /// <summary>Greatest first, by one-sided Jacobi rotations of the columns.</summary>
    public double[] SingularValues()
    {
        var a = rows >= columns ? this : Transposed;
        int m = a.Rows, n = a.Columns;
        double[] x = (double[])a.Values.Clone();
        for (int sweep = 0; sweep < 20; sweep++)
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++)
                {
                    double pp = 0, qq = 0, pq = 0;
                    for (int r = 0; r < m; r++)
                    {
                        double a0 = x[r * n + p], a1 = x[r * n + q];
                        (pp, qq, pq) = (pp + a0 * a0, qq + a1 * a1, pq + a0 * a1);
                    }
                    if (Math.Abs(pq) <= 1e-15 * Math.Sqrt(pp * qq))
                        continue;
                    double angle = 0.5 * Math.Atan(2 * pq / (qq - pp)), c = Math.Cos(angle), s = Math.Sin(angle);
                    for (int r = 0; r < m; r++)
                        (x[r * n + p], x[r * n + q]) = (c * x[r * n + p] - s * x[r * n + q], s * x[r * n + p] + c * x[r * n + q]);
                }
        return [.. Enumerable.Range(0, n)
            .Select(c => Math.Sqrt(Enumerable.Range(0, m).Sum(r => x[r * n + c] * x[r * n + c])))
            .OrderDescending()];
    }

    /// <summary>The columns of a random matrix made orthonormal by Gram and Schmidt, twice.</summary>
    public PlainMatrix Orthonormal()
    {
        var q = Map(x => x);
        for (int c = 0; c < columns; c++)
        {
            for (int pass = 0; pass < 2; pass++)
                for (int other = 0; other < c; other++)
                {
                    double dot = Enumerable.Range(0, rows).Sum(r => q[r, c] * q[r, other]);
                    for (int r = 0; r < rows; r++)
                        q[r, c] -= dot * q[r, other];
                }
            double norm = Math.Sqrt(Enumerable.Range(0, rows).Sum(r => q[r, c] * q[r, c]));
            for (int r = 0; r < rows; r++)
                q[r, c] /= norm;
        }
        return q;
    }
}
