using System.CommandLine;
using Cria.Cli.Comparisons;
using Cria.Cli.Frame;
using Cria.Cli.Sweeps;
using Cria.Evaluation.Statistics;
using Cria.Training;

namespace Cria.Cli.Verbs;

/// <summary><c>cria compare</c>: whether one arm is better than another, and how sure that is.</summary>
static class CompareVerb
{
    const int NotComparable = 1, MostComparisons = 12;

    static readonly Argument<string[]> Paths = new("RUN")
    {
        Description = "Finished runs, sweeps (their best point; of one alone every point, against the best), or folders of runs; what differs in nothing but the seed is one arm. The first arm is the baseline.",
        Arity = ArgumentArity.OneOrMore,
    };

    static readonly Option<bool> Rank = new("--rank")
    {
        Description = "Rank all arms against each other, of sweeps every point; places are ranges where seeds do not tell.",
    };

    static readonly Option<string> By = new("--by")
    {
        Description = "What is paired: seed judges recipes by their seeds; text judges these very models by the chunks of their validation text.",
        DefaultValueFactory = _ => "seed",
    };

    static readonly Option<double> Confidence = Numbers.Real("--confidence", "C", "Of intervals, and of all places together.",
        PairedDifference.DefaultConfidence, 0.5, 0.9999);

    static CompareVerb() => By.AcceptOnlyFromAmong("seed", "text");

    public static Command Create() => new Verb(
        "compare",
        "Compare runs over paired seeds: intervals, premises, what could have been found, what it all cost.",
        "cria compare sweeps/adamw sweeps/lion")
    {
        Paths, By, Rank, Confidence, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] paths = parsed.GetRequiredValue(Paths);
        bool ranks = parsed.GetValue(Rank), json = parsed.GetValue(GlobalOptions.Json);
        bool isSweep = paths is [var only] && SweepRecord.Is(only);
        var arms = ArmReader.Read(paths, ranks || isSweep);
        if (arms.Count < 2)
            throw new TrainingException($"{string.Join(", ", paths)} {(isSweep ? "has one point" : "are one arm")}: runs of one recipe with seeds {string.Join(", ", arms[0].Seeds)}; name another arm to compare it with.");
        double confidence = parsed.GetValue(Confidence);
        bool byText = parsed.GetValue(By) == "text";
        if (ranks && byText)
            throw new UsageException("--rank ranks recipes by their seeds; leave --by text out.");
        var ranking = ranks ? ArmRanking.Of(arms, confidence) : isSweep && !byText ? ArmRanking.IfPossible(arms, confidence) : null;
        List<Comparison> comparisons = ranks ? [] : [.. arms.Skip(1).Select(arm => Comparison.Of(arms[0], arm, confidence, byText))];
        if (json)
            Output.Json(Document(arms, comparisons, ranking));
        else
            Output.Line(Text(arms, comparisons, ranking));
        if (ranks || !comparisons.TrueForAll(comparison => comparison.Verdict == Verdict.NotComparable))
            return 0;
        Output.Error($"{(comparisons.Count == 1 ? "" : "none of the arms can be compared with the first; ")}{comparisons[0].Arm.Name} and {comparisons[0].Baseline.Name}: " +
            comparisons[0].Sentence);
        return NotComparable;
    }

    static object Document(IReadOnlyList<Arm> arms, List<Comparison> comparisons, ArmRanking? ranking) =>
        (comparisons.Count, ranking) switch
        {
            (0, { } all) => new
            {
                all.Seeds,
                Ranking = all.Json(),
                Diverged = all.Diverged.Select(arm => arm.Name),
                Ledger = ComparisonJson.Ledger(arms)
            },
            (_, { } all) => new
            {
                Comparisons = comparisons.Select(ComparisonJson.Of),
                all.Seeds,
                Ranking = all.Json(),
                Diverged = all.Diverged.Select(arm => arm.Name),
                Ledger = ComparisonJson.Ledger(arms),
            },
            _ => new { Comparisons = comparisons.Select(ComparisonJson.Of), Ledger = ComparisonJson.Ledger(arms) },
        };

    static string Text(IReadOnlyList<Arm> arms, List<Comparison> comparisons, ArmRanking? ranking)
    {
        List<string> parts = [.. comparisons.Take(MostComparisons).Select(ComparisonText.Of)];
        if (comparisons.Count > MostComparisons)
            parts.Add($"… and {comparisons.Count - MostComparisons:N0} more against {arms[0].Name}, by --json\n");
        if (ranking is not null)
            parts.Add(ranking.Text());
        return string.Join("\n", [.. parts, ComparisonText.Ledger(arms).TrimEnd()]);
    }
}
