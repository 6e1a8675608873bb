namespace Cria.Reports.Charts;

/// <summary>A row of a <see cref="HeatMap"/>.</summary>
/// <param name="Name">What stands before it.</param>
/// <param name="Values">A number a column; what is not one leaves its place empty.</param>
public sealed record HeatRow(string Name, IReadOnlyList<double> Values);

/// <summary>
/// Numbers over two things at once, such as layers and steps, as shades: the darker the larger (in the dark: the
/// brighter). Shades are ten even parts of the range, or of its logarithm.
/// </summary>
/// <param name="Title">The chart's title.</param>
/// <param name="X">The columns' axis.</param>
/// <param name="Value">What a shade means.</param>
public sealed record HeatMap(string Title, Axis X, Axis Value) : IChart
{
    const int Shades = Palette.Shades, MostColumns = 120, MostRows = 48;
    const double Right = SvgCanvas.Width - 62, TallestRow = 18, PlotHeight = 300, KeyHeight = 34;

    /// <summary>Where each column stands; ascending.</summary>
    public IReadOnlyList<double> Columns { get; init; } = [];

    /// <summary>From the top down.</summary>
    public IReadOnlyList<HeatRow> Rows { get; init; } = [];

    /// <summary>What the chart shows, for those who cannot see it.</summary>
    public string Description { get; init; } = "";

    public string ToSvg(bool standalone = false)
    {
        var canvas = new SvgCanvas();
        double top = ChartHead.Draw(canvas, Title, []) + 8;
        var rows = Rows.Count <= MostRows
            ? Rows
            : [.. Enumerable.Range(0, MostRows).Select(i => Rows[(int)((long)i * Rows.Count / MostRows)])];
        double height = Math.Min(TallestRow, PlotHeight / Math.Max(1, rows.Count)), bottom = top + height * Math.Max(1, rows.Count);
        double left = rows.Select(row => row.Name).Append(Value.Caption).Max(SvgCanvas.WidestText) + 14;
        var values = rows.SelectMany(row => row.Values).Where(Value.CanShow);
        var shade = new Scale(Value, values, 0, Shades, 4, isRounded: false);
        int count = Math.Min(MostColumns, Columns.Count);
        double width = (Right - left) / Math.Max(1, count);

        int stride = height >= 10 ? 1 : (int)Math.Ceiling(11 / height);
        for (int r = 0; r < rows.Count; r++)
        {
            double y = top + r * height;
            if (r % stride == 0)
                canvas.Text(left - 8, y + height / 2 + 4, "tick", rows[r].Name, "end");
            DrawRow(canvas, rows[r], shade, left, y, width, height - (height > 6 ? 1 : 0), count);
            if (r % stride == 0 && Last(rows[r]) is { } last)
                canvas.TextFrom(Right + 8, y + height / 2 + 4, "value", Value.Precise(last));
        }
        if (count == 0 || rows.Count == 0)
            canvas.Text((left + Right) / 2, bottom - 4, "name", "no data", "middle");
        else
            DrawColumns(canvas, left, width, count, bottom);
        DrawKey(canvas, shade, left, bottom + KeyHeight);
        return canvas.Finish(Title, Description.Length > 0 ? Description : $"{Value.Caption} over {X.Caption}, a row each of {string.Join(", ", rows.Select(row => row.Name))}.",
            bottom + KeyHeight + 34, standalone);
    }

    // Neighbours of one shade are one rectangle: a page with thousands of them would be slow.
    void DrawRow(SvgCanvas canvas, HeatRow row, Scale shade, double left, double y, double width, double height, int count)
    {
        int start = 0, current = -1;
        for (int column = 0; column <= count; column++)
        {
            int next = column < count ? ShadeOf(row, shade, column, count) : -2;
            if (next == current)
                continue;
            if (current >= 0)
                canvas.Rectangle(left + start * width, y, (column - start) * width + 0.3, height, $"h{current}", 0);
            (start, current) = (column, next);
        }
    }

    // Of several points in a column the largest: a spike must not be lost.
    int ShadeOf(HeatRow row, Scale shade, int column, int count)
    {
        int from = (int)((long)column * Columns.Count / count), to = (int)((long)(column + 1) * Columns.Count / count);
        double largest = double.NegativeInfinity;
        for (int i = from; i < Math.Min(to, row.Values.Count); i++)
            if (Value.CanShow(row.Values[i]))
                largest = Math.Max(largest, row.Values[i]);
        return double.IsNegativeInfinity(largest) ? -1 : Math.Min((int)shade.Inside(largest), Shades - 1);
    }

    void DrawColumns(SvgCanvas canvas, double left, double width, int count, double bottom)
    {
        const int Labels = 5;
        for (int i = 0; i <= Labels; i++)
        {
            int column = (int)((long)i * (Columns.Count - 1) / Labels);
            double x = left + (column + 0.5) * count / Columns.Count * width;
            canvas.Text(x, bottom + 15, "tick", X.Precise(Columns[column]), i == 0 ? "start" : i == Labels ? "end" : "middle");
            if (Columns.Count == 1)
                break;
        }
        // Beside the numbers, or below them where it is too long for that.
        bool fits = Right + 8 + SvgCanvas.WidestText(X.Title) <= SvgCanvas.Width;
        canvas.TextFrom(Right + 8, bottom + (fits ? 15 : 30), "caption", X.Title);
    }

    void DrawKey(SvgCanvas canvas, Scale shade, double left, double y)
    {
        const double Width = 22;
        canvas.Text(left - 8, y + 9, "caption", Value.Caption, "end");
        for (int i = 0; i < Shades; i++)
            canvas.Rectangle(left + i * Width, y, Width, 10, $"h{i}", 0);
        foreach (var tick in shade.Ticks)
        {
            double x = left + shade.At(tick.Value) * Width;
            canvas.Line(x, y + 10, x, y + 14, "axis");
            canvas.TextAbout(x, y + 26, "tick", tick.Label);
        }
    }

    double? Last(HeatRow row)
    {
        for (int i = row.Values.Count - 1; i >= 0; i--)
            if (Value.CanShow(row.Values[i]))
                return row.Values[i];
        return null;
    }
}
