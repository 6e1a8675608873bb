namespace Cria.Evaluation.Statistics;

/// <summary>
/// The difference of two models on the same text, piece by piece: how much another text of this kind could change it. It says
/// nothing of what another seed would.
/// </summary>
/// <param name="Mean">Nats a token.</param>
/// <param name="StandardError">Of the mean, over pieces; NaN for a single piece.</param>
public sealed record TextDifference(double Mean, double StandardError, int Pieces)
{
    /// <summary>The ratio estimator (Cochran 1977, §6.4): Σd/Σt, whose error is that of d − mean·t.</summary>
    /// <param name="differences">Nats of a piece, one model's less the other's.</param>
    /// <param name="tokens">Of each piece.</param>
    public static TextDifference Of(IReadOnlyList<double> differences, IReadOnlyList<float> tokens)
    {
        if (differences.Count != tokens.Count || tokens.Count == 0)
            throw new ArgumentException($"{differences.Count} differences of {tokens.Count} pieces", nameof(differences));
        double total = 0, sum = 0, squares = 0;
        int n = tokens.Count;
        for (int i = 0; i < n; i++)
            (sum, total) = (sum + differences[i], total + tokens[i]);
        double mean = sum / total;
        for (int i = 0; i < n; i++)
        {
            double residual = differences[i] - mean * tokens[i];
            squares += residual * residual;
        }
        return new(mean, n > 1 ? Math.Sqrt(squares * n / (n - 1)) / total : double.NaN, n);
    }
}
