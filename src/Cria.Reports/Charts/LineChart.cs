namespace Cria.Reports.Charts;

/// <summary>Curves over a common axis, with reference lines: a training run's loss, its speed, its learning
/// rate.</summary>
public sealed record LineChart(string Title, Axis X, Axis Y) : IChart
{
    const double NarrowestLeft = 58, WidestLeft = 120, CaptionWidth = 26, Right = SvgCanvas.Width - 14, TallPlot = 270, LowPlot = 150;
    const int MostDots = 40;

    public IReadOnlyList<Series> Series { get; init; } = [];

    /// <summary>Always inside the vertical axis, unless that axis has ends of its own.</summary>
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];

    /// <summary>Whether it stands beside others that matter more, and takes little room.</summary>
    public bool IsLow { get; init; }

    /// <summary>Events along the horizontal axis; those outside of it are left out.</summary>
    public IReadOnlyList<Mark> Marks { get; init; } = [];

    /// <summary>What the chart shows, for those who cannot see it; by default made from the series.</summary>
    public string Description { get; init; } = "";

    public string ToSvg(bool standalone = false)
    {
        var canvas = new SvgCanvas();
        double top = ChartHead.Draw(canvas, Title, Legend()) + 14, bottom = top + (IsLow ? LowPlot : TallPlot);
        IEnumerable<double> values = Series.SelectMany(s => s.Points.Select(p => p.Y));
        var y = new Scale(Y, values.Concat(References.Select(r => r.Value)), bottom, top, 5, isRounded: true);

        double labels = y.Ticks.Select(tick => SvgCanvas.TextWidth(tick.Label) + 8).DefaultIfEmpty(0).Max();
        double left = Math.Clamp(CaptionWidth + labels, NarrowestLeft, WidestLeft);
        var x = new Scale(X, Abscissae(), left, Right, 7, isRounded: false);

        DrawAxes(canvas, x, y, left, top, bottom);
        for (int i = 0; i < Series.Count; i++)
            DrawCurve(canvas, Series[i], ChartHead.Colour(i) + Dash(i), x, y);
        ChartMarks.Draw(canvas, Marks, X, x, left, Right, top, bottom);
        DrawReferences(canvas, x, y, left, top);
        if (!Series.Any(s => s.Points.Any(CanShow)))
            canvas.Text((left + Right) / 2, (top + bottom) / 2, "name", "no data", "middle");
        return canvas.Finish(Title, Summary(), bottom + 44, standalone);
    }

    /// <summary>The course of a noisy curve, as <see cref="Series.Smoothing"/> draws it.</summary>
    /// <param name="share">The width of the window, as a share of the curve's points.</param>
    public static DataPoint[] Smoothed(IReadOnlyList<DataPoint> points, double share) => Curve.Smooth(points, share);

    List<(string, string)> Legend() =>
        [.. Series.Select(s => (s.Name, Last(s) is { } last ? Y.Precise(last.Y) : ""))];

    // An axis that begins close to zero, at step 1 for example, begins at zero.
    List<double> Abscissae()
    {
        List<double> values = [.. Series.SelectMany(s => s.Points.Select(p => p.X)).Where(X.CanShow)];
        if (X.Kind == AxisKind.Linear && values.Count > 0 && values.Min() > 0 && values.Min() < 0.1 * values.Max())
            values.Add(0);
        return values;
    }

    void DrawAxes(SvgCanvas canvas, Scale x, Scale y, double left, double top, double bottom)
    {
        foreach (Tick tick in y.Ticks)
        {
            canvas.Line(left, y.At(tick.Value), Right, y.At(tick.Value), "grid");
            canvas.Text(left - 8, y.At(tick.Value) + 4, "tick", tick.Label, "end");
        }

        canvas.Line(left, bottom, Right, bottom, "axis");
        foreach (Tick tick in x.Ticks)
        {
            canvas.Line(x.At(tick.Value), bottom, x.At(tick.Value), bottom + 4, "axis");
            canvas.TextAbout(x.At(tick.Value), bottom + 18, "tick", tick.Label);
        }

        canvas.Text((left + Right) / 2, bottom + 37, "caption", X.Caption, "middle");
        canvas.Upright(11, (top + bottom) / 2, "caption", Y.Caption);
    }

    // Where the colours begin again, the lines are broken in another way.
    static string Dash(int series) => series < Palette.SeriesColours ? "" : $" d{Math.Min(3, series / Palette.SeriesColours)}";

    void DrawCurve(SvgCanvas canvas, Series series, string colour, Scale x, Scale y)
    {
        if (series.Smoothing > 0)
            canvas.Path(Positions(Curve.Thin(series.Points)), "raw " + colour);
        IReadOnlyList<DataPoint> shown = Shown(series);
        canvas.Path(Positions(Curve.Thin(shown)), "curve " + colour);

        // Few points are dots; of many, some can be touched for their value, and the last is a dot.
        int stride = Math.Max(1, shown.Count / MostDots);
        for (int i = (shown.Count - 1) % stride; i >= 0 && i < shown.Count; i += stride)
        {
            bool isDot = shown.Count <= MostDots || i == shown.Count - 1;
            if (CanShow(shown[i]))
            {
                canvas.Circle(
                    x.Inside(shown[i].X), y.Inside(shown[i].Y), isDot ? 3.5 : 8, (isDot ? "dot " : "touch ") + colour,
                    $"{series.Name}: {Y.Precise(shown[i].Y)} at {X.Title} {X.Precise(shown[i].X)}");
            }
        }

        IEnumerable<(double, double)> Positions(IReadOnlyList<DataPoint> list) => list.Select(
            p => CanShow(p) ? (x.Inside(p.X), y.Inside(p.Y)) : (double.NaN, double.NaN));
    }

    // A label stands where the curves leave room, left or right, above its line; of two lines close together the lower
    // one has its label below.
    void DrawReferences(SvgCanvas canvas, Scale x, Scale y, double left, double top)
    {
        var taken = new List<(double Y, bool IsLeft)>();
        foreach (ReferenceLine reference in References.Where(r => Y.CanShow(r.Value)).OrderByDescending(r => r.Value))
        {
            double at = y.Inside(reference.Value);
            canvas.Line(left, at, Right, at, "reference");

            double width = SvgCanvas.TextWidth(reference.Label) + 12;
            bool isLeft = Clearance(x, y, left, left + width, at - 9) >= Clearance(x, y, Right - width, Right, at - 9);
            bool isFree = at - 18 > top && !taken.Any(t => t.IsLeft == isLeft && Math.Abs(t.Y - (at - 6)) < 14);
            double baseline = isFree ? at - 6 : at + 14;
            taken.Add((baseline, isLeft));
            canvas.Text(
                isLeft ? left + 6 : Right - 6, baseline, "name halo", reference.Label, isLeft ? "start" : "end");
        }
    }

    double Clearance(Scale x, Scale y, double from, double to, double height) => Series
        .SelectMany(s => s.Points)
        .Where(CanShow)
        .Where(p => x.At(p.X) >= from && x.At(p.X) <= to)
        .Select(p => Math.Abs(y.At(p.Y) - height))
        .DefaultIfEmpty(double.MaxValue)
        .Min();

    string Summary()
    {
        if (Description.Length > 0)
            return Description;

        IEnumerable<string> ends = Series.Select(s => Last(s) is { } last
            ? $"{s.Name} ends at {Y.Precise(last.Y)} ({X.Title} {X.Precise(last.X)})"
            : $"{s.Name} has no data");
        return $"{Y.Caption} over {X.Caption}. {string.Join("; ", ends.Concat(References.Select(r => r.Label)))}.";
    }

    DataPoint? Last(Series series)
    {
        IReadOnlyList<DataPoint> shown = Shown(series);
        for (int i = shown.Count - 1; i >= 0; i--)
        {
            if (CanShow(shown[i]))
                return shown[i];
        }

        return null;
    }

    static IReadOnlyList<DataPoint> Shown(Series series) =>
        series.Smoothing > 0 ? Curve.Smooth(series.Points, series.Smoothing) : series.Points;

    bool CanShow(DataPoint point) => X.CanShow(point.X) && Y.CanShow(point.Y);
}
