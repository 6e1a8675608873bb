namespace Cria.Reports.Charts;

/// <summary>How a whole is shared out: one lying bar in parts, with a line of words for each part below.</summary>
public sealed record ShareBar(string Title, IReadOnlyList<Milestone> Parts) : IChart
{
    const double Left = 2, Right = SvgCanvas.Width - 2, BarHeight = 26, LineHeight = 20;

    /// <summary>The parts' unit, after their numbers; may be empty.</summary>
    public string Unit { get; init; } = "";

    public string ToSvg(bool standalone = false)
    {
        var canvas = new SvgCanvas();
        double top = ChartHead.Draw(canvas, Title, []) + 4;
        double total = Parts.Sum(Size), x = Left;
        for (int i = 0; i < Parts.Count; i++)
        {
            double width = total > 0 ? Size(Parts[i]) / total * (Right - Left) : 0;
            if (width > 0)
                canvas.Rectangle(x, top, width, BarHeight, $"fill {ChartHead.Colour(i)}", 0, Words(i, total));
            x += width;
        }
        double y = top + BarHeight + 22;
        double column = (Right - Left) / 2;
        for (int i = 0; i < Parts.Count; i++)
        {
            double at = Left + i % 2 * column;
            canvas.Rectangle(at, y - 9, 11, 9, $"fill {ChartHead.Colour(i)}", 2);
            canvas.NameAndValue(at + 17, y, Parts[i].Name, Words(i, total)[(Parts[i].Name.Length + 2)..]);
            if (i % 2 == 1)
                y += LineHeight;
        }
        return canvas.Finish(Title, Parts.Count == 0 ? "No parts." : string.Join("; ", Parts.Select((_, i) => Words(i, total))), y + (Parts.Count % 2 == 1 ? LineHeight : 0), standalone);
    }

    static double Size(Milestone part) => double.IsFinite(part.Value) ? Math.Max(0, part.Value) : 0;

    string Words(int part, double total) =>
        $"{Parts[part].Name}: {(total > 0 ? Human.Percent(Size(Parts[part]) / total) : "–")} ({Human.Number(Parts[part].Value)}{(Unit.Length > 0 ? " " + Unit : "")})";
}
