using System.CommandLine;
using System.Globalization;
using System.Text;
using Cria.Cli.Budgets;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Training.Budgets;

namespace Cria.Cli.Verbs.Budgets;

/// <summary><c>cria budget fit</c>: the law's constants, from finished runs.</summary>
static class BudgetFitVerb
{
    static readonly Argument<string[]> Runs = new("RUNS") { Description = "runs.jsonl of ladders; recipes/budget/runs.jsonl made the law in use.", Arity = ArgumentArity.OneOrMore };
    static readonly Option<string?> Out = new("--out") { HelpName = "FILE", Description = "Where to write the constants, such as recipes/budget/law.json; what is there is replaced." };

    public static Command Create() => new Verb("fit", "Fit the law of the loss to finished runs.", "cria budget fit recipes/budget/runs.jsonl")
    {
        Runs, Out, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        List<LadderRun> runs = [.. parsed.GetRequiredValue(Runs).SelectMany(LawFile.ReadRuns)];
        var law = LossLawFit.Fit(runs);
        if (parsed.GetValue(Out) is { } path)
            WholeFile.Write(path, Output.JsonText(law));
        var intervals = Constants.ToDictionary(constant => constant.Name, constant => LossLawFit.Spread(runs, constant.Of));
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new
            {
                Law = law,
                Intervals = intervals,
                Runs = runs.Select(run =>
                    new { run.Parameters, run.Vocabulary, run.Tokens, run.BitsPerByte, Fitted = LossLawFit.Predict(law, run) }),
            });
        else
            Output.Line(Text(law, runs, intervals));
        return 0;
    }

    static readonly (string Name, Func<LossLaw, double> Of)[] Constants =
    [
        ("floor", law => law.Floor), ("body", law => law.Body), ("body_power", law => law.BodyPower), ("embedding", law => law.Embedding),
        ("embedding_power", law => law.EmbeddingPower), ("data", law => law.Data), ("data_power", law => law.DataPower),
    ];

    static string Text(LossLaw law, List<LadderRun> runs, Dictionary<string, Interval> intervals)
    {
        var text = new StringBuilder("parameters  vocabulary     tokens  epochs  bits per byte  law    error\n");
        foreach (var run in runs)
        {
            double predicted = LossLawFit.Predict(law, run);
            text.Append(CultureInfo.InvariantCulture, $"{run.Parameters,10:N0}  {run.Vocabulary,10:N0}  {run.Tokens,9:N0}  {run.SeenBytes / run.UniqueBytes,6:F2}  {run.BitsPerByte,13:F4}  {predicted:F4}  {predicted / run.BitsPerByte - 1,6:P1}\n");
        }
        text.Append('\n');
        foreach (var (name, of) in Constants)
            text.Append(CultureInfo.InvariantCulture, $"{name,-16}  {of(law),10:G4}   {intervals[name].Low:G4} to {intervals[name].High:G4}\n");
        return text.ToString().TrimEnd();
    }
}
