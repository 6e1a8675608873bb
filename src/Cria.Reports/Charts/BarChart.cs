namespace Cria.Reports.Charts;

/// <summary>A row of a <see cref="BarChart"/>; a heading stands above the first of several rows that share
/// it.</summary>
public sealed record BarCategory(string Name, string Heading = "");

/// <summary>A bar's length and its whisker, one standard error to either side. Not a number: no bar.</summary>
public readonly record struct Bar(double Value, double Error = 0);

/// <summary>One colour of a <see cref="BarChart"/>: a bar for every category, in the categories' order.</summary>
public sealed record BarSeries(string Name, IReadOnlyList<Bar> Bars);

/// <summary>Lying bars in groups, which leaves room for the long names of phenomena, with whiskers and reference lines
/// such as chance.</summary>
public sealed record BarChart(string Title, Axis Value) : IChart
{
    const double Right = SvgCanvas.Width - 58, BarHeight = 11, BarGap = 2, RowGap = 12, HeadingHeight = 26;
    const int LongestName = 40;

    public IReadOnlyList<BarCategory> Categories { get; init; } = [];

    /// <summary>A series shorter than the categories has no bars in the last ones.</summary>
    public IReadOnlyList<BarSeries> Series { get; init; } = [];

    /// <summary>Upright lines, labelled at the foot.</summary>
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];

    /// <summary>What the chart shows, for those who cannot see it; by default made from the bars.</summary>
    public string Description { get; init; } = "";

    public string ToSvg(bool standalone = false)
    {
        var canvas = new SvgCanvas();
        double top = ChartHead.Draw(canvas, Title, [.. Series.Select(s => (s.Name, ""))]) + 10;
        double left = Categories.Select(c => SvgCanvas.WidestText(Shortened(c.Name))).DefaultIfEmpty(60).Max() + 16;
        double bottom = top + Rows().Sum(r => r.Height);
        var scale = new Scale(Value, Shown(), left, Right, 5, isRounded: true);

        foreach (Tick tick in scale.Ticks)
        {
            canvas.Line(scale.At(tick.Value), top, scale.At(tick.Value), bottom, "grid");
            canvas.TextAbout(scale.At(tick.Value), bottom + 18, "tick", tick.Label);
        }

        double y = top;
        foreach ((int category, string heading, double height) in Rows())
        {
            if (heading.Length > 0)
                canvas.Text(2, y + 17, "head", heading.ToUpperInvariant());
            DrawRow(canvas, scale, category, left, y + (heading.Length > 0 ? HeadingHeight : 0) + (RowGap / 2));
            y += height;
        }

        canvas.Line(left, top, left, bottom, "axis");
        foreach (ReferenceLine reference in References.Where(r => Value.CanShow(r.Value)))
        {
            double x = scale.Inside(reference.Value);
            canvas.Line(x, top, x, bottom, "reference");
            canvas.TextAbout(x, bottom + 35, "name", reference.Label);
        }

        canvas.Text(Right, bottom + 35, "caption", Value.Caption, "end");
        if (Categories.Count == 0)
            canvas.Text(SvgCanvas.Width / 2, top + 4, "name", "no data", "middle");
        return canvas.Finish(Title, Summary(), bottom + 44, standalone);
    }

    void DrawRow(SvgCanvas canvas, Scale scale, int category, double left, double y)
    {
        double height = (Series.Count * (BarHeight + BarGap)) - BarGap;
        canvas.Text(left - 8, y + (height / 2) + 4, "name", Shortened(Categories[category].Name), "end");
        for (int s = 0; s < Series.Count; s++, y += BarHeight + BarGap)
        {
            if (category >= Series[s].Bars.Count || !Value.CanShow(Series[s].Bars[category].Value))
                continue;

            (double value, double error) = Series[s].Bars[category];
            double end = scale.Inside(value), labelled = end, middle = y + (BarHeight / 2);
            string tip = $"{Categories[category].Name}, {Series[s].Name}: {Value.Precise(value)}";
            bool hasWhisker = double.IsFinite(error) && error > 0;
            canvas.Rectangle(
                left, y, Math.Max(0, end - left), BarHeight, "fill " + ChartHead.Colour(s), 2,
                hasWhisker ? $"{tip} ± {Value.Precise(error)}" : tip);
            if (hasWhisker)
            {
                labelled = scale.Inside(value + error);
                canvas.Line(scale.Inside(value - error), middle, labelled, middle, "whisker");
                canvas.Line(labelled, middle - 3, labelled, middle + 3, "whisker");
            }

            canvas.TextFrom(labelled + 6, y + BarHeight - 1.5, "value halo", Value.Precise(value));
        }
    }

    IEnumerable<(int Category, string Heading, double Height)> Rows()
    {
        double row = (Math.Max(1, Series.Count) * (BarHeight + BarGap)) - BarGap + RowGap;
        for (int i = 0; i < Categories.Count; i++)
        {
            string heading = Categories[i].Heading;
            if (i > 0 && Categories[i - 1].Heading == heading)
                heading = "";
            yield return (i, heading, heading.Length > 0 ? row + HeadingHeight : row);
        }
    }

    IEnumerable<double> Shown() =>
        Series.SelectMany(s => s.Bars.Select(b => b.Value)).Concat(References.Select(r => r.Value)).Append(0);

    string Summary()
    {
        if (Description.Length > 0)
            return Description;

        IEnumerable<string> rows = Categories.Select((c, i) => $"{c.Name}: " + string.Join(", ", Series
            .Where(s => i < s.Bars.Count)
            .Select(s => $"{s.Name} {Value.Precise(s.Bars[i].Value)}")));
        return $"{Value.Caption}. {string.Join("; ", rows.Concat(References.Select(r => r.Label)))}.";
    }

    static string Shortened(string name) => name.Length <= LongestName ? name : name[..(LongestName - 1)] + "…";
}
