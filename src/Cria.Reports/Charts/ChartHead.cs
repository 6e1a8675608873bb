namespace Cria.Reports.Charts;

/// <summary>The head that all charts share: the title, and below it the legend, broken into lines where it is long.
/// </summary>
static class ChartHead
{
    const double LineHeight = 19;

    /// <param name="canvas">Where to draw.</param>
    /// <param name="title">The chart's title.</param>
    /// <param name="legend">A word a series, and what to say after it in bold; a chart of one thing has none.</param>
    /// <returns>How far down the head reaches.</returns>
    public static double Draw(SvgCanvas canvas, string title, IReadOnlyList<(string Name, string Last)> legend)
    {
        canvas.Text(2, 18, "title", title);
        double x = 2, y = 40;
        for (int i = 0; i < legend.Count; i++)
        {
            (string name, string last) = legend[i];
            double width = 17 + (1.1 * SvgCanvas.TextWidth($"{name} {last}"));
            if (x > 2 && x + width > SvgCanvas.Width)
                (x, y) = (2, y + LineHeight);

            canvas.Rectangle(x, y - 8, 11, 8, "fill " + Colour(i), 2);
            canvas.NameAndValue(x + 17, y, name, last);
            x += width + 22;
        }

        return legend.Count == 0 ? 26 : y + 8;
    }

    public static string Colour(int series) => "c" + (series % Palette.SeriesColours);
}
