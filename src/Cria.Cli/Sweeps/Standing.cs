using Cria.Evaluation.Statistics;

namespace Cria.Cli.Sweeps;

/// <summary>A point of a sweep with the results of its seeds.</summary>
/// <param name="Lines">One a seed, in the order of the seeds.</param>
/// <param name="IsOneOfSeveralRecipes">As in <see cref="Trial"/>.</param>
sealed record Standing(
    string Recipe, IReadOnlyDictionary<string, string> Values, IReadOnlyList<SweepLine> Lines, bool IsOneOfSeveralRecipes = false)
{
    public double Loss => Sample.Mean([.. Lines.Select(line => line.Loss)]);

    public double BitsPerByte => Sample.Mean([.. Lines.Select(line => line.BitsPerByte)]);

    /// <summary>Between seeds; NaN for one.</summary>
    public double Deviation => Sample.Deviation([.. Lines.Select(line => line.Loss)]);

    /// <inheritdoc cref="PointLabel"/>
    public string Label => PointLabel.Of(Recipe, [.. Values.Select(value => (value.Key, value.Value))], IsOneOfSeveralRecipes);

    /// <summary>The points whose every seed is there, the best first: by bits per byte, which do not depend on the tokenizer; what
    /// diverged stands last.</summary>
    /// <param name="lines">Of equal length.</param>
    /// <param name="seeds">That a point has.</param>
    /// <param name="recipes">That the sweep has.</param>
    public static IReadOnlyList<Standing> Of(IEnumerable<SweepLine> lines, int seeds, int recipes) =>
    [
        .. lines.GroupBy(line => (line.Recipe, string.Join('\n', line.Values.Select(value => $"{value.Key}={value.Value}"))))
            .Where(group => group.Count() == seeds)
            .Select(group => new Standing(group.Key.Recipe, group.First().Values, [.. group.OrderBy(line => line.Seed)], recipes > 1))
            .OrderBy(standing => double.IsNaN(standing.BitsPerByte) ? double.PositiveInfinity : standing.BitsPerByte),
    ];

    /// <summary>The axes at whose edge this point lies: what is best there may be better beyond.</summary>
    public IReadOnlyList<string> OnTheEdge(IReadOnlyList<SweepAxis> axes) =>
        [.. axes.Where(axis => Values.TryGetValue(axis.Path, out string? value) && IsOnTheEdge(axis, value)).Select(axis => axis.Path)];

    static bool IsOnTheEdge(SweepAxis axis, string value)
    {
        if (SweepAxis.Number(value) is not { } number || axis.Values.Count < 2 || axis.Values.Any(other => SweepAxis.Number(other) is null))
            return false;
        double[] numbers = [.. axis.Values.Select(other => SweepAxis.Number(other)!.Value).Order()];
        double place = axis.Range switch
        {
            SweepRange.Logarithmic => Math.Log(number / numbers[0]) / Math.Log(numbers[^1] / numbers[0]),
            _ => (number - numbers[0]) / (numbers[^1] - numbers[0]),
        };
        double edge = axis.Range == SweepRange.None ? 0 : 0.1; // of a range, the outer tenth
        return place <= edge || place >= 1 - edge;
    }
}
