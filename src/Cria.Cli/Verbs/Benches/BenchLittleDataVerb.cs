using System.CommandLine;
using System.Globalization;
using System.Text;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench little-data</c>: what helps when text is scarce, measured.</summary>
static class BenchLittleDataVerb
{
    static readonly Argument<string> Recipes = new("DIR")
    {
        Description = "The folder of the recipes twin, tuned, smoothed, student and chain; recipes/little-data if not given.",
        DefaultValueFactory = _ => Path.Combine("recipes", "little-data"),
    };

    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<int> Seeds = Numbers.Count("--seeds", "N", "Models of each kind, at least 2; 3 if not given.", 2, 3);
    static readonly Option<string> Out = new("--out")
    {
        HelpName = "DIR",
        Description = "Where the runs go; what is finished there is not done again.",
        DefaultValueFactory = _ => Path.Combine("runs", "little-data"),
    };

    public static Command Create() => new Verb(
        "little-data",
        "Weight decay, smoothed labels, ensembles, students and chains on little text, trained and compared.",
        "cria bench little-data --set data.train=children_train.txt --set data.validation=children_valid.txt")
    {
        Recipes, Set, Seeds, Out, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = Path.GetFullPath(parsed.GetRequiredValue(Out));
        var study = new LittleDataStudy(parsed.GetRequiredValue(Recipes), parsed.GetValue(Set) ?? [], folder, parsed.GetValue(Seeds),
            parsed.GetValue(GlobalOptions.Seed) ?? 1, parsed.ThreadCount(), cancellation);
        if (study.Run() is not { } arms)
            return Interruption.ExitCode;
        string table = Table(arms);
        WholeFile.Write(Path.Combine(folder, "table.md"), table);
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Arms = arms });
        else
            Output.Line(table.TrimEnd());
        return 0;
    }

    static string Table(IReadOnlyList<LittleDataArm> arms)
    {
        var text = new StringBuilder("| arm | nats a token | against the twin | bits per byte | each seed | seconds | with its teachers |\n|---|---|---|---|---|---|---|\n");
        foreach (var arm in arms)
            text.Append(string.Create(CultureInfo.InvariantCulture,
                $"| {arm.Name} | {arm.MeanNats:F4} | {arm.MeanNats - arms[0].MeanNats:+0.0000;−0.0000;0} | {arm.BitsPerByte.Average():F4} | {string.Join(" ", arm.NatsPerToken.Select(nats => nats.ToString("F4", CultureInfo.InvariantCulture)))} | {arm.Seconds.Own:F0} | {arm.Seconds.All:F0} |\n"));
        return text.ToString();
    }
}
