namespace Cria.Training.Budgets;

/// <summary>What a ladder says of a plan: runs of several sizes, each for the same time, and the parabola through their losses.</summary>
/// <param name="Curve">Nats a token against the logarithm of the parameters.</param>
/// <param name="BestSizes">Where its lowest point lies in nine of ten draws of the runs.</param>
/// <param name="PickAboveLowest">The curve at the pick's size, less its lowest point: what a better choice of size would have gained, in nats a token.</param>
/// <param name="LossError">Predicted over measured loss at the pick's size, less one; not a number where no run has it.</param>
public sealed record LadderCurve(Parabola Curve, Interval BestSizes, double PickAboveLowest, double LossError)
{
    /// <param name="runs">Finished, of one vocabulary and one time.</param>
    /// <param name="bytesPerToken">Of that vocabulary.</param>
    /// <param name="pick">The plan's parameters.</param>
    /// <param name="predicted">The plan's bits per byte.</param>
    public static LadderCurve Of(IReadOnlyList<LadderRun> runs, double bytesPerToken, long pick, double predicted)
    {
        List<(double Size, double Loss)> points =
            [.. runs.Select(run => ((double)run.Parameters, NatsPerToken(run.BitsPerByte, bytesPerToken)))];
        double[] own = [.. runs.Where(run => run.Parameters == pick).Select(run => run.BitsPerByte)];
        double error = own.Length == 0 ? double.NaN : predicted / own.Average() - 1;
        if (points.Select(point => point.Size).Distinct().Count() < 3)
            return new(new(double.NaN, double.NaN, double.NaN), new(double.NaN, double.NaN), double.NaN, error);
        var curve = Parabola.Fit(points);
        double above = curve.HasMinimum ? curve.At(pick) - curve.Least : double.NaN;
        return new(curve, Parabola.BestSizes(points), above, error);
    }

    public static double NatsPerToken(double bitsPerByte, double bytesPerToken) => bitsPerByte * Math.Log(2) * bytesPerToken;
}
