using Cria.Evaluation.Pairs;

namespace Cria.Cli.Evaluations;

/// <summary>The document that <c>cria eval --tasks --json</c> prints. What is not a number is null, as JSON has none.</summary>
static class PairJson
{
    public static object Of(IReadOnlyList<EvaluatedTask> tasks, PairOptions options) => new
    {
        Context = PairWords.Of(options.Context),
        options.LeadingSpace,
        Tasks = tasks.Select(task => new
        {
            Task = task.Task.Name,
            task.Set.Files,
            Pairs = task.Set.Pairs.Count,
            RepeatedPairs = task.Set.Repeated,
            Scorers = task.Scorers.Select(Of),
        }),
    };

    static object Of(ScoredTask scorer)
    {
        var result = scorer.Result;
        return new
        {
            scorer.Name,
            scorer.IsModel,
            Accuracy = result.MacroAccuracy,
            AccuracyStrict = result.MacroStrictAccuracy,
            StandardError = result.MacroStandardError,
            StandardErrorOverParadigms = Number(result.SpreadStandardError),
            MeanOfFields = result.GroupAccuracy,
            AllPairs = Of(result.Overall),
            Fields = result.Groups.Select(Of),
            Paradigms = result.Phenomena.Select(Of),
            Mistakes = scorer.Mistakes.Select(mistake => new
            {
                Field = mistake.Pair.Group,
                Paradigm = mistake.Pair.Phenomenon,
                mistake.Pair.Good,
                mistake.Pair.Bad,
                mistake.GoodNats,
                mistake.BadNats,
                mistake.Margin,
            }),
        };
    }

    static object Of(PairAccuracy accuracy) => new
    {
        accuracy.Name,
        Field = accuracy.Group,
        Pairs = accuracy.Count,
        accuracy.Accuracy,
        AccuracyStrict = accuracy.StrictAccuracy,
        accuracy.StandardError,
        accuracy.Ties,
    };

    static double? Number(double value) => double.IsFinite(value) ? value : null;
}
