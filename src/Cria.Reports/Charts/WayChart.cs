namespace Cria.Reports.Charts;

/// <summary>A value with its name.</summary>
public sealed record Milestone(string Name, double Value);

/// <summary>How much of the way from a baseline to the best possible a model has gone: one track, left to
/// right.</summary>
public sealed record WayChart(string Title, Milestone Baseline, Milestone Reached, Milestone Best) : IChart
{
    const double Left = 12, Right = SvgCanvas.Width - 12, TrackTop = 76, TrackHeight = 14;

    /// <summary>0 at the baseline, 1 at the best; negative where the model is worse than the baseline.</summary>
    public double Share => (Baseline.Value - Reached.Value) / (Baseline.Value - Best.Value);

    public string ToSvg(bool standalone = false)
    {
        var canvas = new SvgCanvas();
        ChartHead.Draw(canvas, Title, []);
        double share = double.IsFinite(Share) ? Math.Clamp(Share, 0, 1) : 0;
        double at = Left + (share * (Right - Left)), below = TrackTop + TrackHeight + 20;

        canvas.Rectangle(Left, TrackTop, Right - Left, TrackHeight, "track", TrackHeight / 2);
        canvas.Rectangle(Left, TrackTop, at - Left, TrackHeight, "fill c0", TrackHeight / 2, Summary());
        canvas.Circle(at, TrackTop + (TrackHeight / 2), 9, "dot c0", Summary());

        string percent = $"{Human.Percent(Share)} of the way";
        double half = Math.Max(SvgCanvas.TextWidth(Text(Reached)), 9 * percent.Length) / 2;
        double middle = Math.Clamp(at, Left + half, Right - half);
        canvas.Text(middle, TrackTop - 29, "big", percent, "middle");
        canvas.Text(middle, TrackTop - 13, "name", Text(Reached), "middle");
        canvas.Text(Left, below, "name", Text(Baseline));
        canvas.Text(Right, below, "name", Text(Best), "end");
        return canvas.Finish(Title, Summary(), below + 12, standalone);
    }

    string Summary() => $"{Text(Reached)}: {Human.Percent(Share)} of the way from {Text(Baseline)} to {Text(Best)}";

    static string Text(Milestone milestone) => $"{milestone.Name} {Human.Number(milestone.Value)}";
}
