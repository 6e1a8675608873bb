namespace Cria.Reports.Charts;

/// <summary>Events on a chart: an upright line each, with a word at its head as far as there is room; of very many, a notch each.</summary>
static class ChartMarks
{
    const int MostLines = 24, MostNotches = 400;
    const double NotchLength = 7;

    public static void Draw(
        SvgCanvas canvas, IReadOnlyList<Mark> marks, Axis axis, Scale x, double left, double right, double top, double bottom)
    {
        var inside = marks
            .Where(mark => axis.CanShow(mark.X) && x.At(mark.X) >= left && x.At(mark.X) <= right)
            .OrderBy(mark => mark.X).ToList();
        bool asLines = inside.Count <= MostLines;
        int stride = Math.Max(1, inside.Count / MostNotches);
        double free = left; // how far the labels reach
        for (int i = 0; i < inside.Count; i += stride)
        {
            double at = x.At(inside[i].X);
            canvas.Line(at, asLines ? top : bottom - NotchLength, at, bottom, asLines ? "mark" : "notch");
            if (inside[i].Tip.Length > 0)
                canvas.Rectangle(at - 3, top, 6, bottom - top, "touch", 0, inside[i].Tip);
            double width = SvgCanvas.TextWidth(inside[i].Label);
            if (!asLines || at < free)
                continue;
            bool fits = at + width + 4 <= right;
            canvas.Text(fits ? at + 3 : at - 3, top + 9, "value halo", inside[i].Label, fits ? "start" : "end");
            free = at + width + 8;
        }
    }
}
