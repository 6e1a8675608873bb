using System.Globalization;
using System.Text;
using Cria.Evaluation.Pairs;

namespace Cria.Cli.Evaluations;

/// <summary>Minimal pairs in words: a table of the fields, means, and what the models get wrong.</summary>
static class PairText
{
    const int Column = 22;

    public static string Of(EvaluatedTask task, PairOptions options)
    {
        var first = task.Scorers[0].Result;
        int width = Math.Max(26, first.Groups.Max(group => group.Name.Length) + 2);
        var text = new StringBuilder();
        Line($"{task.Task.Name}: {Count(first.Overall.Count, "pair")} of {Count(first.Phenomena.Count, "paradigm")} in {Count(first.Groups.Count, "field")}; {PairWords.Of(options)}");
        Append("");
        Row("field", "pairs", [.. task.Scorers.Select(scorer => Cell(scorer.Name))]);
        for (int i = 0; i < first.Groups.Count; i++)
            Row(PairWords.OneLine(first.Groups[i].Name), $"{first.Groups[i].Count:N0}", Each(result => Accuracy(result.Groups[i])));
        Append("");
        Row("mean of the paradigms", "", Each(result => $"{Percent(result.MacroAccuracy)} ± {Percent(result.MacroStandardError)}"));
        Row("  ties lost", "", Each(result => Percent(result.MacroStrictAccuracy)));
        Row("mean of the fields", "", Each(result => Percent(result.GroupAccuracy)));
        Row("all pairs", $"{first.Overall.Count:N0}", Each(result => Accuracy(result.Overall)));
        Row("ties", "", Each(result => $"{result.Overall.Ties:N0}"));
        foreach (var scorer in task.Scorers.Where(scorer => scorer.IsModel && scorer.Mistakes.Count > 0))
        {
            Append("");
            Line($"what {scorer.Name} gets wrong by the largest margins, field by field");
            foreach (var mistake in scorer.Mistakes)
            {
                Line($"  {PairWords.OneLine(mistake.Pair.Group)} ({PairWords.OneLine(mistake.Pair.Phenomenon)}), by {mistake.Margin:F2} nats");
                Line($"    good  {PairWords.OneLine(mistake.Pair.Good)}");
                Line($"    bad   {PairWords.OneLine(mistake.Pair.Bad)}");
            }
        }
        return text.ToString().TrimEnd();

        List<string> Each(Func<MinimalPairResult, string> figure) => [.. task.Scorers.Select(scorer => figure(scorer.Result))];

        void Row(string name, string pairs, IReadOnlyList<string> cells) =>
            Append(name.PadRight(width) + pairs.PadLeft(8) + string.Concat(cells.Select(cell => cell.PadLeft(Column))));

        void Line(FormattableString line) => Append(line.ToString(CultureInfo.InvariantCulture));

        void Append(string line) => text.Append(line.TrimEnd()).Append('\n');
    }

    /// <summary>An accuracy with its standard error.</summary>
    public static string Accuracy(PairAccuracy accuracy) => $"{Percent(accuracy.Accuracy)} ± {Percent(accuracy.StandardError)}";

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");

    static string Count(int number, string thing) => $"{number:N0} {thing}{(number == 1 ? "" : "s")}";

    static string Cell(string name) => name.Length < Column ? name : name[..(Column - 2)] + "…";
}
