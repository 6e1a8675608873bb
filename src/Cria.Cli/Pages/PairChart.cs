using Cria.Evaluation.Pairs;
using Cria.Reports.Charts;

namespace Cria.Cli.Pages;

/// <summary>Accuracies on minimal pairs side by side, as lying bars with one standard error to either side.</summary>
static class PairChart
{
    /// <summary>A row for every phenomenon, under the headings of the groups.</summary>
    /// <param name="title">Above the chart.</param>
    /// <param name="results">Of the same pairs.</param>
    public static BarChart OfPhenomena(string title, IReadOnlyList<(string Name, MinimalPairResult Result)> results)
    {
        // Rows of one group stand together, groups in their own order.
        var first = results[0].Result;
        string[] groups = [.. first.Groups.Select(group => group.Name)];
        int[] order = [.. Enumerable.Range(0, first.Phenomena.Count).OrderBy(i => Array.IndexOf(groups, first.Phenomena[i].Group))];
        return Of(title, [.. order.Select(i => new BarCategory(first.Phenomena[i].Name, first.Phenomena[i].Group))],
            results, result => order.Select(i => result.Phenomena[i]));
    }

    /// <summary>A row for every group.</summary>
    /// <inheritdoc cref="OfPhenomena"/>
    public static BarChart OfGroups(string title, IReadOnlyList<(string Name, MinimalPairResult Result)> results) =>
        Of(title, [.. results[0].Result.Groups.Select(group => new BarCategory(group.Name))], results, result => result.Groups);

    static BarChart Of(string title, IReadOnlyList<BarCategory> rows, IReadOnlyList<(string Name, MinimalPairResult Result)> results,
        Func<MinimalPairResult, IEnumerable<PairAccuracy>> accuracies) =>
        new(title, new("accuracy") { Format = AxisFormat.Percent, Minimum = 0, Maximum = 1 })
        {
            Categories = rows,
            Series = [.. results.Select(each => new BarSeries(each.Name, [.. accuracies(each.Result).Select(BarOf)]))],
            References = [new(0.5, "chance")],
            Description = "How often the grammatical text of a pair is the likelier one.",
        };

    static Bar BarOf(PairAccuracy accuracy) => new(accuracy.Accuracy, accuracy.StandardError);
}
