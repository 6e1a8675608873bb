using System.Globalization;
using System.Text;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Reports;
using Cria.Reports.Charts;
using Cria.Training.Budgets;

namespace Cria.Cli.Budgets;

/// <summary>A finished ladder: ladder.md with the table and the comparison, ladder.svg with the curve.</summary>
sealed class LadderReport(LadderPlan plan, IReadOnlyList<LadderEntry> runs)
{
    const int PointsOfACurve = 60;

    /// <summary>What a plan must hold: nats above the lowest point, and shares of loss and of time.</summary>
    const double MostNats = 0.01, MostLossError = 0.015, MostTimeError = 0.03;

    readonly LadderCurve _curve =
        LadderCurve.Of(runs, plan.BytesPerToken, plan.PickedRung.Parameters, plan.PickedRung.PredictedBitsPerByte);

    IEnumerable<LadderEntry> OfThePick => runs.Where(run => run.Name == plan.Pick);

    /// <summary>Seconds of the pick's runs over the plan's, less one; the worst of the seeds.</summary>
    double TimeError => OfThePick.Select(run => run.Seconds / run.PlannedSeconds - 1).MaxBy(Math.Abs);

    public void Save(string folder)
    {
        WholeFile.Write(Path.Combine(folder, "ladder.svg"), Chart().ToSvg(standalone: true));
        WholeFile.Write(Path.Combine(folder, "ladder.md"), Text() + "\n");
    }

    public object ToJson() => new
    {
        Runs = runs,
        BestParameters = Finite(_curve.Curve.BestSize),
        BestParametersLow = Finite(_curve.BestSizes.Low),
        BestParametersHigh = Finite(_curve.BestSizes.High),
        PickParameters = plan.PickedRung.Parameters,
        PickAboveLowestNats = Finite(_curve.PickAboveLowest),
        LossError = Finite(_curve.LossError),
        TimeError,
        TokensError = OfThePick.Average(run => (double)run.PlannedTokens / run.Tokens) - 1,
    };

    public string Text()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"# A ladder of {plan.Rungs.Count} sizes, {Human.Duration(TimeSpan.FromSeconds(plan.Options.Seconds))} each\n\n{RunMachine.Name}\n\n"));
        text.Append("| model | parameters | seed | tokens | epochs | bits per byte | predicted | error | nats a token | seconds | planned |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var run in runs.OrderBy(run => run.Parameters).ThenBy(run => run.Seed))
            text.Append(CultureInfo.InvariantCulture, $"| {run.Name} | {run.Parameters:N0} | {run.Seed} | {run.Tokens:N0} | {run.SeenBytes / run.UniqueBytes:F2} | {run.BitsPerByte:F4} | ")
                .Append(CultureInfo.InvariantCulture, $"{run.PredictedBitsPerByte:F4} | {run.PredictedBitsPerByte / run.BitsPerByte - 1:P1} | {Nats(run.BitsPerByte):F4} | {run.Seconds:F1} | {run.PlannedSeconds:F1} |\n");
        text.Append('\n');
        if (_curve.Curve.HasMinimum)
            Line($"The parabola through the losses is lowest at {Human.Count(_curve.Curve.BestSize)} parameters ({Human.Count(_curve.BestSizes.Low)} to {Human.Count(_curve.BestSizes.High)} in nine of ten draws of the runs).");
        else
            Line($"The losses have no lowest point between these sizes: a ladder further {(runs.MinBy(run => run.BitsPerByte)!.Parameters > plan.PickedRung.Parameters ? "up" : "down")} would show it.");
        Line($"The plan picked {Human.Count(plan.PickedRung.Parameters)} parameters ({plan.Pick}).\n");
        text.Append("| | measured | bar | holds |\n|---|---|---|---|\n");
        Row("pick above the lowest point, nats a token", _curve.PickAboveLowest, MostNats, "F4");
        Row("predicted loss of the pick, error", _curve.LossError, MostLossError, "P2");
        Row("time of the pick, error", TimeError, MostTimeError, "P2");
        text.Append(CultureInfo.InvariantCulture, $"\nThe pick was to learn from {OfThePick.Average(run => (double)run.PlannedTokens):N0} tokens, and did from {OfThePick.Average(run => (double)run.Tokens):N0}.\n");
        return text.ToString().TrimEnd();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        void Row(string what, double value, double most, string format) => text.Append(CultureInfo.InvariantCulture,
            $"| {what} | {(double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–")} | {most.ToString(format, CultureInfo.InvariantCulture)} | {(Math.Abs(value) <= most ? "yes" : "no")} |\n");
    }

    /// <summary>The runs, the parabola through them, and what the plan predicted.</summary>
    public LineChart Chart()
    {
        double low = plan.Rungs.Min(rung => rung.Parameters), high = plan.Rungs.Max(rung => rung.Parameters);
        List<Series> series = [.. runs.GroupBy(run => run.Seed).OrderBy(group => group.Key).Select(group => new Series($"seed {group.Key}",
            [.. group.OrderBy(run => run.Parameters).Select(run => new DataPoint(run.Parameters, Nats(run.BitsPerByte)))]))];
        series.Add(new("predicted", [.. plan.Rungs.OrderBy(rung => rung.Parameters).Select(rung => new DataPoint(rung.Parameters, Nats(rung.PredictedBitsPerByte)))]));
        if (_curve.Curve.HasMinimum)
            series.Add(new("parabola", [.. Enumerable.Range(0, PointsOfACurve).Select(i => low * Math.Pow(high / low, i / (PointsOfACurve - 1.0)))
                .Select(size => new DataPoint(size, _curve.Curve.At(size)))]));
        return new LineChart($"Loss by size, {Human.Duration(TimeSpan.FromSeconds(plan.Options.Seconds))} of training", new("parameters") { Kind = AxisKind.Logarithmic, Format = AxisFormat.Count }, new("loss", "nats a token"))
        {
            Series = series,
        };
    }

    double Nats(double bitsPerByte) => LadderCurve.NatsPerToken(bitsPerByte, plan.BytesPerToken);

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
