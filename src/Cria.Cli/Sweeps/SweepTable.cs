using System.Globalization;
using System.Text;
using Cria.Reports;

namespace Cria.Cli.Sweeps;

/// <summary>The points of a sweep in their order, as words and as the document of <c>--json</c>.</summary>
sealed record SweepTable(IReadOnlyList<Standing> Standings, SweepRecord Sweep)
{
    const int MostRows = 40;

    /// <summary>The head of every column of <see cref="Rows"/>.</summary>
    public IReadOnlyList<string> Heads =>
        [.. Sweep.Recipes.Count > 1 ? (string[])["place", "recipe"] : ["place"], .. Sweep.Axes.Select(axis => axis.Path), "nats a token", "± seeds", "bits per byte", "time"];

    public IEnumerable<IReadOnlyList<string>> Rows() => Standings.Select((standing, place) => (IReadOnlyList<string>)
    [
        Number(place + 1),
        .. Sweep.Recipes.Count > 1 ? (string[])[standing.Recipe] : [],
        .. Sweep.Axes.Select(axis => standing.Values.GetValueOrDefault(axis.Path, "")),
        Loss(standing.Loss),
        standing.Lines.Count > 1 ? Loss(standing.Deviation) : "",
        Loss(standing.BitsPerByte),
        Human.Duration(TimeSpan.FromSeconds(standing.Lines.Sum(line => line.Seconds))),
    ]);

    /// <summary>What to do where the best lies on the edge.</summary>
    public IEnumerable<string> Warnings() => (Sweep.Best?.OnTheEdge ?? []).Select(path =>
    {
        var axis = Sweep.Axes.First(axis => axis.Path == path);
        return $"the best {path}, {Sweep.Best!.Values[path]}, lies on the edge of what was tried ({string.Join(axis.Range == SweepRange.None ? ", " : "..", axis.Values)}): " +
            "it may be better beyond; widen it with --resume.";
    });

    public string Text(string folder)
    {
        var text = new StringBuilder();
        IReadOnlyList<IReadOnlyList<string>> rows = [Heads, .. Rows().Take(MostRows)];
        int[] widths = [.. Heads.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
            text.Append(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        if (Standings.Count > MostRows)
            text.Append(CultureInfo.InvariantCulture, $"… and {Standings.Count - MostRows:N0} more in {SweepRecord.LinesName}\n");
        foreach (string warning in Warnings())
            text.Append("warning: ").Append(warning).Append('\n');
        if (Sweep.Best is not null)
            text.Append(CultureInfo.InvariantCulture, $"the best recipe  {Path.Combine(folder, "best.yaml")}\n");
        return text.Append(CultureInfo.InvariantCulture, $"the page         {Path.Combine(folder, "sweep.html")}").ToString();
    }

    public object Json(string folder, IReadOnlyList<(SweepJob Job, string Sentence)> failed) => new
    {
        Points = Standings.Select(standing => new
        {
            standing.Recipe,
            standing.Values,
            Loss = Finite(standing.Loss),
            Deviation = Finite(standing.Deviation),
            BitsPerByte = Finite(standing.BitsPerByte),
            Seeds = standing.Lines.Select(line => new { line.Seed, Loss = Finite(line.Loss), line.Run }),
        }),
        Best = Standings.Count == 0 ? null : Path.Combine(folder, "best.yaml"),
        Warnings = Warnings(),
        Failed = failed.Select(failure => new { failure.Job.Name, failure.Sentence }),
    };

    static double? Finite(double value) => double.IsFinite(value) ? value : null;

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    static string Loss(double value) => double.IsFinite(value) ? value.ToString("F4", CultureInfo.InvariantCulture) : "diverged";
}
