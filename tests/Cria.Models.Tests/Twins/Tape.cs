namespace Cria.Models.Tests.Twins;

/// <summary>
/// Plain reverse-mode differentiation: every operation computes at once and remembers how its output's gradient passes
/// to its inputs; <see cref="Backward"/> does so last operation first. Slow, and it shares nothing with the engine.
/// </summary>
sealed class Tape
{
    readonly Stack<Action> _backward = [];

    /// <summary>The rows of probabilities that <see cref="CausalSoftmax"/> made.</summary>
    public List<Matrix> Attentions { get; } = [];

    /// <summary>Gives every matrix on the tape the derivative of a (1, 1) loss.</summary>
    public void Backward(Matrix loss)
    {
        loss.Gradient[0] = 1;
        while (_backward.TryPop(out var step))
            step();
    }

    /// <summary>(R, I) · (I, C)</summary>
    public Matrix Product(Matrix a, Matrix b)
    {
        if (a.Columns != b.Rows)
            throw new ArgumentException($"({a.Rows}, {a.Columns}) · ({b.Rows}, {b.Columns})");
        var y = new Matrix(a.Rows, b.Columns);
        for (int r = 0; r < a.Rows; r++)
            for (int i = 0; i < a.Columns; i++)
                for (int c = 0; c < b.Columns; c++)
                    y.Numbers[r * y.Columns + c] += a.Numbers[r * a.Columns + i] * b.Numbers[i * b.Columns + c];
        _backward.Push(() =>
        {
            for (int r = 0; r < a.Rows; r++)
                for (int i = 0; i < a.Columns; i++)
                    for (int c = 0; c < b.Columns; c++)
                    {
                        double dy = y.Gradient[r * y.Columns + c];
                        a.Gradient[r * a.Columns + i] += dy * b.Numbers[i * b.Columns + c];
                        b.Gradient[i * b.Columns + c] += dy * a.Numbers[r * a.Columns + i];
                    }
        });
        return y;
    }

    public Matrix Transpose(Matrix x)
    {
        var y = new Matrix(x.Columns, x.Rows);
        int From(int i) => i % x.Rows * x.Columns + i / x.Rows;
        return Take(y, x, From);
    }

    /// <summary>a + b, where a b of one row or one column counts for all of them.</summary>
    public Matrix Sum(Matrix a, Matrix b) => Pairwise(a, b, (x, z) => x + z, (_, _) => 1, (_, _) => 1);

    /// <summary>a · b, number by number, where a b of one row or one column counts for all of them.</summary>
    public Matrix Times(Matrix a, Matrix b) => Pairwise(a, b, (x, z) => x * z, (_, z) => z, (x, _) => x);

    public Matrix Scale(Matrix x, double factor) => Map(x, number => factor * number, _ => factor);

    /// <summary>f of every number; <paramref name="slope"/> is its derivative.</summary>
    public Matrix Map(Matrix x, Func<double, double> f, Func<double, double> slope)
    {
        var y = new Matrix(x.Rows, x.Columns, Array.ConvertAll(x.Numbers, number => f(number)));
        _backward.Push(() =>
        {
            for (int i = 0; i < x.Numbers.Length; i++)
                x.Gradient[i] += y.Gradient[i] * slope(x.Numbers[i]);
        });
        return y;
    }

    /// <summary>The mean of every row: (R, 1).</summary>
    public Matrix Mean(Matrix x) => Product(x, new(x.Columns, 1, [.. Enumerable.Repeat(1.0 / x.Columns, x.Columns)]));

    public Matrix Rows(Matrix x, params int[] which) =>
        Take(new(which.Length, x.Columns), x, i => which[i / x.Columns] * x.Columns + i % x.Columns);

    public Matrix Columns(Matrix x, params int[] which) =>
        Take(new(x.Rows, which.Length), x, i => i / which.Length * x.Columns + which[i % which.Length]);

    /// <summary>The columns of several, one after the other.</summary>
    public Matrix Beside(params Matrix[] parts)
    {
        var y = new Matrix(parts[0].Rows, parts.Sum(part => part.Columns));
        int first = 0;
        foreach (var part in parts)
        {
            int start = first;
            int To(int i) => i / part.Columns * y.Columns + start + i % part.Columns;
            for (int i = 0; i < part.Numbers.Length; i++)
                y.Numbers[To(i)] = part.Numbers[i];
            _backward.Push(() =>
            {
                for (int i = 0; i < part.Numbers.Length; i++)
                    part.Gradient[i] += y.Gradient[To(i)];
            });
            first += part.Columns;
        }
        return y;
    }

    /// <summary>Of (T, T) scores: in row t the softmax of columns 0 to t, and 0 after them.</summary>
    public Matrix CausalSoftmax(Matrix scores)
    {
        var y = new Matrix(scores.Rows, scores.Columns);
        for (int t = 0; t < y.Rows; t++)
            Softmax(scores.Numbers.AsSpan(t * y.Columns, t + 1)).CopyTo(y.Numbers, t * y.Columns);
        _backward.Push(() =>
        {
            for (int t = 0; t < y.Rows; t++)
            {
                double expected = 0;
                for (int i = t * y.Columns; i <= t * y.Columns + t; i++)
                    expected += y.Numbers[i] * y.Gradient[i];
                for (int i = t * y.Columns; i <= t * y.Columns + t; i++)
                    scores.Gradient[i] += y.Numbers[i] * (y.Gradient[i] - expected);
            }
        });
        Attentions.Add(y);
        return y;
    }

    /// <summary>Σ weight · -ln softmax(logits)[target] over the rows; a target below 0 is ignored. (1, 1)</summary>
    public Matrix CrossEntropy(Matrix logits, int[] targets, double weight)
    {
        double[][] probabilities = new double[logits.Rows][];
        double loss = 0;
        for (int r = 0; r < logits.Rows; r++)
        {
            probabilities[r] = Softmax(logits.Numbers.AsSpan(r * logits.Columns, logits.Columns));
            loss -= targets[r] < 0 ? 0 : weight * Math.Log(probabilities[r][targets[r]]);
        }
        var y = new Matrix(1, 1, [loss]);
        _backward.Push(() =>
        {
            for (int r = 0; r < logits.Rows; r++)
                for (int c = 0; c < logits.Columns && targets[r] >= 0; c++)
                    logits.Gradient[r * logits.Columns + c] +=
                        y.Gradient[0] * weight * (probabilities[r][c] - (c == targets[r] ? 1 : 0));
        });
        return y;
    }

    /// <summary>y[i] = x[from(i)]</summary>
    Matrix Take(Matrix y, Matrix x, Func<int, int> from)
    {
        for (int i = 0; i < y.Numbers.Length; i++)
            y.Numbers[i] = x.Numbers[from(i)];
        _backward.Push(() =>
        {
            for (int i = 0; i < y.Numbers.Length; i++)
                x.Gradient[from(i)] += y.Gradient[i];
        });
        return y;
    }

    Matrix Pairwise(Matrix a, Matrix b, Func<double, double, double> f, Func<double, double, double> slopeA,
        Func<double, double, double> slopeB)
    {
        if ((b.Rows != 1 && b.Rows != a.Rows) || (b.Columns != 1 && b.Columns != a.Columns))
            throw new ArgumentException($"({b.Rows}, {b.Columns}) does not fit ({a.Rows}, {a.Columns})");
        int Other(int i) => (b.Rows == 1 ? 0 : i / a.Columns) * b.Columns + (b.Columns == 1 ? 0 : i % a.Columns);
        var y = new Matrix(a.Rows, a.Columns);
        for (int i = 0; i < y.Numbers.Length; i++)
            y.Numbers[i] = f(a.Numbers[i], b.Numbers[Other(i)]);
        _backward.Push(() =>
        {
            for (int i = 0; i < y.Numbers.Length; i++)
            {
                int j = Other(i);
                double dy = y.Gradient[i];
                a.Gradient[i] += dy * slopeA(a.Numbers[i], b.Numbers[j]);
                b.Gradient[j] += dy * slopeB(a.Numbers[i], b.Numbers[j]);
            }
        });
        return y;
    }

    static double[] Softmax(ReadOnlySpan<double> scores)
    {
        double[] y = scores.ToArray();
        double largest = y.Max();
        for (int i = 0; i < y.Length; i++)
            y[i] = Math.Exp(y[i] - largest);
        double sum = y.Sum();
        return Array.ConvertAll(y, number => number / sum);
    }
}
