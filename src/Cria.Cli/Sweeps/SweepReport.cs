using System.Globalization;
using Cria.Cli.Runs;
using Cria.Reports.Charts;
using Cria.Reports.Pages;

namespace Cria.Cli.Sweeps;

/// <summary>sweep.html: every point, and the loss against each value that was varied.</summary>
sealed class SweepReport(SweepTable table, string folder)
{
    public void Save(string path)
    {
        var page = new HtmlReport($"Sweep: {string.Join(", ", table.Sweep.Recipes)}", Summary());
        if (table.Sweep.Best is { } best)
        {
            page.Tile("loss of the best", best.Loss.ToString("F4", CultureInfo.InvariantCulture), "nats a token");
            foreach (var (name, value) in best.Values)
                page.Tile(name[(name.LastIndexOf('.') + 1)..], value, best.OnTheEdge.Contains(name) ? "on the edge: widen" : "");
        }
        var curves = page.Section("Loss against what was varied");
        foreach (string warning in table.Warnings())
            curves.Text($"Warning: {warning}");
        foreach (var axis in table.Sweep.Axes)
            Draw(curves, axis);
        if (table.Standings.Count > 0 && table.Sweep.Seeds.Count > 1)
            curves.Note("Mean, best and worst of the seeds of a point. Points closer together than their seeds are apart are not told apart: `cria compare` says what is.");
        page.Section("Points").Table(table.Heads, table.Rows());
        WholeFile.Write(path, page.ToHtml());
    }

    string Summary()
    {
        string how = table.Sweep.Random > 0 ? $"{table.Sweep.Random} points drawn at random" : "Every point of the grid";
        string halved = table.Sweep.Halving is { } halving ? $", halved by {halving.Eta.ToString(CultureInfo.InvariantCulture)} on the way" : "";
        return $"{how}{halved}; {table.Standings.Count} trained to the end with {table.Sweep.Seeds.Count} seed{(table.Sweep.Seeds.Count == 1 ? "" : "s")} each, in {Path.GetFileName(Path.GetFullPath(folder))}.";
    }

    void Draw(ReportSection section, SweepAxis axis)
    {
        var points = table.Standings.Where(standing => double.IsFinite(standing.Loss) && standing.Values.ContainsKey(axis.Path)).ToList();
        if (points.Count == 0)
            return;
        if (points.TrueForAll(point => SweepAxis.Number(point.Values[axis.Path]) is not null))
            section.Chart(Numbers(axis, points));
        else
            section.Chart(Names(axis, points));
    }

    // Of all points with a value the best: what the other axes do to it stands in the table.
    LineChart Numbers(SweepAxis axis, List<Standing> points)
    {
        double[] values = [.. points.Select(At).Distinct().Order()];
        bool isLogarithmic = axis.Range == SweepRange.Logarithmic || SweepAxis.AreFactorsApart(values);
        var bests = values.Select(value => points.Where(point => At(point) == value).MinBy(point => point.Loss)!).ToList();
        List<Series> series = [new(table.Sweep.Axes.Count > 1 ? "the best with this value" : "mean of seeds", Points(bests, point => point.Loss))];
        if (table.Sweep.Seeds.Count > 1)
        {
            series.Add(new("best seed", Points(bests, point => point.Lines.Min(line => line.Loss))));
            series.Add(new("worst seed", Points(bests, point => point.Lines.Max(line => line.Loss))));
        }
        return new(axis.Path, new(axis.ShortName) { Kind = isLogarithmic ? AxisKind.Logarithmic : AxisKind.Linear }, new("loss", "nats a token")) { Series = series };

        double At(Standing point) => SweepAxis.Number(point.Values[axis.Path])!.Value;
        DataPoint[] Points(IEnumerable<Standing> chosen, Func<Standing, double> loss) =>
            [.. chosen.Select(point => new DataPoint(At(point), loss(point)))];
    }

    // Bars begin at zero, and losses do not: how far each lies above the best.
    static BarChart Names(SweepAxis axis, List<Standing> points)
    {
        double best = points.Min(point => point.Loss);
        var groups = points.GroupBy(point => point.Values[axis.Path])
            .Select(group => group.MinBy(point => point.Loss)!).OrderBy(point => point.Loss).ToList();
        return new(axis.Path, new("loss above the best", "nats a token") { Minimum = 0 })
        {
            Categories = [.. groups.Select(point => new BarCategory(point.Values[axis.Path]))],
            Series = [new("", [.. groups.Select(point => new Bar(point.Loss - best, double.IsNaN(point.Deviation) ? 0 : point.Deviation))])],
        };
    }
}
