using System.CommandLine;
using Cria.Cli.Budgets;
using Cria.Cli.Frame;
using Cria.Training.Recipes;

namespace Cria.Cli.Verbs.Budgets;

/// <summary><c>cria budget ladder</c>: the plan held against runs of several sizes.</summary>
static class BudgetLadderVerb
{
    static readonly Argument<string> RecipePath = new("RECIPE") { Description = "A recipe whose data and vocabulary are used; the plan chooses everything else." };
    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<int> Sizes = Numbers.Count("--sizes", "N", "How many sizes; the plan's pick is the middle one.", 3, 5);
    static readonly Option<double> Factor = Numbers.Real("--factor", "F", "How far sizes are apart.", 1.6, 1.1, 10);
    static readonly Option<string> Time = Durations.Option("--time", "How long each run trains; 6m if not given.");
    static readonly Option<int> Seeds = Numbers.Count("--seeds", "N", "Runs of each size.", 1, 2);
    static readonly Option<string> Out = new("--out") { HelpName = "DIR", Description = "The ladder's folder; what is finished there is kept.", Required = true };

    const double UsualSeconds = 360;

    public static Command Create() => new Verb(
        "ladder",
        "Train several sizes for the same time, fit the curve, and compare it with the plan.",
        "cria budget ladder recipes/budget/children.yaml --sizes 5 --factor 1.6 --time 6m --seeds 2 --out runs/ladder")
    {
        RecipePath, Set, Sizes, Factor, Time, Seeds, Out, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var recipe = RecipeOptions.Read(parsed, parsed.GetRequiredValue(RecipePath), Set);
        string folder = Path.GetFullPath(parsed.GetRequiredValue(Out));
        double seconds = Durations.Seconds(parsed, Time) ?? UsualSeconds;
        LadderOptions options = new(parsed.GetValue(Sizes), parsed.GetValue(Factor), seconds, parsed.GetValue(Seeds));
        if (new LadderExecution(folder, recipe, options, parsed.ThreadCount(), cancellation).Run() is not { } ladder)
        {
            Output.Log($"stopped; what is finished is kept, continue with the same command");
            return Interruption.ExitCode;
        }
        LadderReport report = new(ladder.Plan, ladder.Runs);
        report.Save(folder);
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(report.ToJson());
        else
            Output.Line(report.Text());
        return 0;
    }
}
