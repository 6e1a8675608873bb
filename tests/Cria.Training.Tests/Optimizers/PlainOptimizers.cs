using Cria.Training.Optimizers;

namespace Cria.Training.Tests.Optimizers;

/// <summary>
/// The matrix optimizers once more, from their papers, by plain loops in double. A step's own numbers are rounded to float.
/// </summary>
static class PlainOptimizers
{
    public static float RestFactor(this OrthogonalRecipe recipe) =>
        recipe is MuonRecipe muon ? muon.AdamwLearningRate / muon.LearningRate : 1;

    public static PlainMatrix AdamW(string name, double rate, double decay, double beta1, double beta2, double epsilon,
        int steps, int skipped)
    {
        var w = MatrixWorld.Start(name);
        PlainMatrix m = 0 * w, v = 0 * w;
        rate = (float)rate;
        for (int step = 1 + skipped; step <= steps; step++)
        {
            var g = MatrixWorld.Clipped(name, step);
            m = beta1 * m + (float)(1 - (float)beta1) * g;
            v = beta2 * v + (float)(1 - (float)beta2) * g.Map(x => x * x);
            double first = 1 / (float)(1 - Math.Pow(beta1, step - skipped)), second = 1 / (float)(1 - Math.Pow(beta2, step - skipped));
            for (int i = 0; i < w.Values.Length; i++)
            {
                double direction = (float)first * m.Values[i] / (Math.Sqrt((float)second * v.Values[i]) + epsilon);
                w.Values[i] -= rate * (direction + decay * w.Values[i]);
            }
        }
        return w;
    }

    public static PlainMatrix Muon(OrthogonalRecipe recipe, string name, double rate, double decay, int steps)
    {
        var w = MatrixWorld.Start(name);
        var m = 0 * w;
        double scale = recipe is MuonRecipe
            ? MathF.Sqrt(Math.Max(1, (float)w.Rows / w.Columns))
            : 0.2f * MathF.Sqrt(Math.Max(w.Rows, w.Columns));
        for (int step = 1; step <= steps; step++)
        {
            var g = MatrixWorld.Clipped(name, step);
            m = recipe.Momentum * m + g;
            var x = recipe.Nesterov ? g + recipe.Momentum * m : m;
            x = 1 / (x.Norm + 1e-7) * (x.Rows > x.Columns ? x.Transposed : x);
            foreach (var (a, b, c) in Polynomials(recipe.Coefficients, recipe.Iterations))
            {
                var gram = x * x.Transposed;
                x = a * x + (b * gram + c * (gram * gram)) * x;
            }
            w = (1 - rate * decay) * w + -rate * scale * (w.Rows > w.Columns ? x.Transposed : x);
        }
        return w;
    }

    // Jordan 2024; Amsel et al. 2025, whose first seven polynomials of eight are divided by powers of a safety factor of 1.01.
    public static IEnumerable<(double A, double B, double C)> Polynomials(string name, int iterations)
    {
        (double A, double B, double C)[] polar =
        [
            (8.28721201814563, -23.595886519098837, 17.300387312530933), (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
            (3.9486908534822946, -2.908902115962949, 0.5518191394370137), (3.3184196573706015, -2.488488024314874, 0.51004894012372),
            (2.300652019954817, -1.6689039845747493, 0.4188073119525673),
        ];
        return name switch
        {
            "jordan" => Enumerable.Repeat((3.4445, -4.7750, 2.0315), iterations),
            "polar_express" => polar[..iterations].Select(p => (p.A / 1.01, p.B / (1.01 * 1.01 * 1.01), p.C / Math.Pow(1.01, 5))),
            "cubic" => Cubic(iterations),
            _ => throw new NotSupportedException(name),
        };
    }

    // For [0.01, 1], then for what each polynomial makes of it: Chen and Chow 2014.
    static IEnumerable<(double A, double B, double C)> Cubic(int iterations)
    {
        for (double l = 0.01, u = 1; iterations > 0; iterations--)
        {
            double t = Math.Sqrt(3 / (u * u + l * u + l * l)), s = 4 / (2 + l * u * (l + u) * t * t * t);
            yield return (1.5 * s * t, -0.5 * s * t * t * t, 0);
            (l, u) = (s * (3 * t * l - Math.Pow(t * l, 3)) / 2, 2 - s * (3 * t * l - Math.Pow(t * l, 3)) / 2);
        }
    }

    /// <param name="start">The weights before the first step.</param>
    /// <param name="gradient">Of a step, counted from 1, as the optimizer sees it.</param>
    /// <param name="free">First bases whose columns are taken over where the gradient of the first step says nothing of them.</param>
    public static PlainMatrix Soap(SoapRecipe recipe, PlainMatrix start, Func<int, PlainMatrix> gradient, double rate, double decay,
        int steps, (PlainMatrix Left, PlainMatrix Right)? free = null)
    {
        var w = start;
        PlainMatrix m = 0 * w, v = 0 * w;
        bool turnsLeft = w.Rows <= recipe.MaxDimension, turnsRight = w.Columns <= recipe.MaxDimension;
        double beta1 = recipe.Beta1, beta2 = recipe.Beta2, rest2 = 1 - recipe.Beta2;
        PlainMatrix left = new(w.Rows, w.Rows), right = new(w.Columns, w.Columns);
        PlainMatrix leftBasis = PlainMatrix.Identity(w.Rows), rightBasis = PlainMatrix.Identity(w.Columns);
        for (int step = 1; step <= steps; step++)
        {
            var g = gradient(step);
            int t = step - 1;
            if (t > 0)
            {
                var turned = leftBasis.Transposed * g * rightBasis;
                m = beta1 * m + (1 - recipe.Beta1) * g;
                v = beta2 * v + rest2 * turned.Map(x => x * x);
                var direction = leftBasis.Transposed * m * rightBasis;
                for (int i = 0; i < direction.Values.Length; i++)
                    direction.Values[i] /= Math.Sqrt(v.Values[i]) + recipe.Epsilon;
                double factor = (float)(Math.Sqrt(1 - Math.Pow(beta2, t)) / (1 - Math.Pow(beta1, t)));
                w = (1 - (float)rate * decay) * (w + -((float)rate * factor) * (leftBasis * direction * rightBasis.Transposed));
            }
            left = beta2 * left + rest2 * (g * g.Transposed);
            right = beta2 * right + rest2 * (g.Transposed * g);
            int[] rows = [.. Enumerable.Range(0, w.Rows)], columns = [.. Enumerable.Range(0, w.Columns)];
            if (t == 0)
            {
                leftBasis = turnsLeft ? Eigenvectors(left, free?.Left) : leftBasis;
                rightBasis = turnsRight ? Eigenvectors(right, free?.Right) : rightBasis;
            }
            else if (t % recipe.Frequency == 0)
            {
                leftBasis = turnsLeft ? Refreshed(leftBasis, left, rows) : leftBasis;
                rightBasis = turnsRight ? Refreshed(rightBasis, right, columns) : rightBasis;
                var before = v;
                v = 0 * v;
                for (int r = 0; r < w.Rows; r++)
                    for (int c = 0; c < w.Columns; c++)
                        v[r, c] = before[rows[r], columns[c]];
            }
        }
        return w;
    }

    static PlainMatrix Refreshed(PlainMatrix basis, PlainMatrix symmetric, int[] order)
    {
        var stretched = basis.Transposed * symmetric * basis;
        int[] sorted = [.. order.OrderByDescending(i => stretched[i, i])];
        sorted.CopyTo(order, 0);
        return Columns(symmetric * basis, order).Orthonormal();
    }

    static PlainMatrix Columns(PlainMatrix a, int[] order)
    {
        var result = 0 * a;
        for (int r = 0; r < a.Rows; r++)
            for (int c = 0; c < a.Columns; c++)
                result[r, c] = a[r, order[c]];
        return result;
    }

    /// <summary>Greatest first, by cyclic Jacobi rotations; for the value 0 any turn is as right, and those of another are taken.</summary>
    static PlainMatrix Eigenvectors(PlainMatrix symmetric, PlainMatrix? free)
    {
        int n = symmetric.Rows;
        PlainMatrix a = symmetric.Map(x => x), q = PlainMatrix.Identity(n);
        for (int sweep = 0; sweep < 20; sweep++)
            for (int i = 0; i < n; i++)
                for (int j = i + 1; j < n; j++)
                {
                    if (a[i, j] == 0)
                        continue;
                    double angle = 0.5 * Math.Atan(2 * a[i, j] / (a[j, j] - a[i, i])), c = Math.Cos(angle), s = Math.Sin(angle);
                    var turn = PlainMatrix.Identity(n);
                    (turn[i, i], turn[i, j], turn[j, i], turn[j, j]) = (c, s, -s, c);
                    a = turn.Transposed * a * turn;
                    q *= turn;
                }
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => a[i, i])];
        q = Columns(q, order);
        if (free is null)
            return q;
        for (int c = 0; c < n; c++)
            if (a[order[c], order[c]] <= 1e-12 * a[order[0], order[0]])
                for (int r = 0; r < n; r++)
                    q[r, c] = free[r, c];
        return q.Orthonormal();
    }
}
