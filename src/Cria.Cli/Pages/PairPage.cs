using Cria.Cli.Evaluations;
using Cria.Cli.Runs;
using Cria.Evaluation.Pairs;
using Cria.Reports;
using Cria.Reports.Pages;

namespace Cria.Cli.Pages;

/// <summary>An evaluation by minimal pairs on one page: how good the models are, at what, and which pairs they lose by most.</summary>
static class PairPage
{
    public static HtmlReport Of(IReadOnlyList<EvaluatedTask> tasks, PairOptions options)
    {
        string[] models = [.. tasks[0].Scorers.Where(scorer => scorer.IsModel).Select(scorer => scorer.Name)];
        var page = new HtmlReport($"Minimal pairs: {string.Join(", ", models)}",
            $"How often the grammatical sentence of a pair is the likelier one; guessing wins half. {Capital(PairWords.Of(options))}.");
        foreach (var task in tasks)
        {
            Tiles(page, task);
            Accuracies(page.Section(task.Task.Name), task);
            Paradigms(page.Section($"{task.Task.Name}: paradigms"), task);
            foreach (var scorer in task.Scorers.Where(scorer => scorer.IsModel))
                Mistakes(page.Section($"{task.Task.Name}: what {scorer.Name} gets wrong"), scorer);
        }
        page.Footer = $"Cria {typeof(PairPage).Assembly.GetName().Version?.ToString(3)} · {RunMachine.Name}";
        return page;
    }

    static void Tiles(HtmlReport page, EvaluatedTask task)
    {
        foreach (var scorer in task.Scorers)
            page.Tile($"{task.Task.Name}, {scorer.Name}", Human.Percent(scorer.Result.MacroAccuracy),
                $"± {Human.Percent(scorer.Result.MacroStandardError)}, mean of {scorer.Result.Phenomena.Count:N0} paradigms");
    }

    static void Accuracies(ReportSection section, EvaluatedTask task)
    {
        var first = task.Scorers[0].Result;
        if (first.Groups.Count > 1)
            section.Chart(PairChart.OfGroups("Fields", Results(task)));
        IEnumerable<IReadOnlyList<string>> fields = first.Groups.Select((group, i) =>
            Row(task, group.Name, $"{group.Count:N0}", result => PairText.Accuracy(result.Groups[i])));
        section.Table(["field", "pairs", .. task.Scorers.Select(scorer => scorer.Name)],
        [
            .. fields,
            Row(task, "mean of the paradigms", "", result => $"{PairText.Percent(result.MacroAccuracy)} ± {PairText.Percent(result.MacroStandardError)}"),
            Row(task, "the same, ties lost", "", result => PairText.Percent(result.MacroStrictAccuracy)),
            Row(task, "mean of the fields", "", result => PairText.Percent(result.GroupAccuracy)),
            Row(task, "all pairs", $"{first.Overall.Count:N0}", result => PairText.Accuracy(result.Overall)),
            Row(task, "ties", "", result => $"{result.Overall.Ties:N0}"),
        ]);
        section.Note("± is one standard error: √(p(1 − p)/n) of n pairs, √(Σ SE²)/m of the mean of m paradigms. " +
            "A tie is half a pair, but where it is said to be lost.");
        if (task.Set.Repeated > 0)
            section.Note($"{task.Set.Repeated:N0} pairs stood in more than one file, and count once.");
    }

    static void Paradigms(ReportSection section, EvaluatedTask task)
    {
        section.Chart(PairChart.OfPhenomena("Paradigms", Results(task)));
        section.Table(["paradigm", "field", "pairs", .. task.Scorers.Select(scorer => scorer.Name)],
            task.Scorers[0].Result.Phenomena.Select((paradigm, i) => (IReadOnlyList<string>)
                [paradigm.Name, paradigm.Group, $"{paradigm.Count:N0}", .. task.Scorers.Select(scorer => PairText.Accuracy(scorer.Result.Phenomena[i]))]));
    }

    static void Mistakes(ReportSection section, ScoredTask scorer)
    {
        if (scorer.Mistakes.Count == 0)
        {
            section.Text("Nothing.");
            return;
        }
        section.Text("The pairs whose bad sentence is likelier by most, field by field.");
        section.Table(["field", "paradigm", "good", "bad", "nats"], scorer.Mistakes.Select(mistake => (IReadOnlyList<string>)
            [mistake.Pair.Group, mistake.Pair.Phenomenon, mistake.Pair.Good, mistake.Pair.Bad, Human.Number(mistake.Margin)]));
        section.Note("nats: ln P(bad) − ln P(good), each of the whole sentence.");
    }

    static IReadOnlyList<string> Row(EvaluatedTask task, string name, string pairs, Func<MinimalPairResult, string> figure) =>
        [name, pairs, .. task.Scorers.Select(scorer => figure(scorer.Result))];

    static (string, MinimalPairResult)[] Results(EvaluatedTask task) => [.. task.Scorers.Select(scorer => (scorer.Name, scorer.Result))];

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
