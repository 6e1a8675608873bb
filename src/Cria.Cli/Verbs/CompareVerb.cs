using System.CommandLine;
using Cria.Cli.Comparisons;
using Cria.Cli.Frame;
using Cria.Evaluation.Statistics;
using Cria.Training;

namespace Cria.Cli.Verbs;

/// <summary><c>cria compare</c>: whether one arm is better than another, and how sure that is.</summary>
static class CompareVerb
{
    const int NotComparable = 1;

    static readonly Argument<string[]> Paths = new("RUN")
    {
        Description = "Finished runs, sweeps (their best point), or folders of runs; what differs in nothing but the seed is one arm. The first arm is the baseline.",
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
        var arms = ArmReader.Read(paths, ranks);
        if (arms.Count < 2)
            throw new TrainingException($"{string.Join(", ", paths)} are one arm: runs of one recipe with seeds {string.Join(", ", arms[0].Seeds)}; name another arm to compare it with.");
        double confidence = parsed.GetValue(Confidence);
        bool byText = parsed.GetValue(By) == "text";
        if (ranks && byText)
            throw new UsageException("--rank ranks recipes by their seeds; leave --by text out.");
        return ranks ? Ranked(arms, confidence, json) : Compared(arms, confidence, byText, json);
    }

    static int Compared(IReadOnlyList<Arm> arms, double confidence, bool byText, bool json)
    {
        List<Comparison> comparisons = [.. arms.Skip(1).Select(arm => Comparison.Of(arms[0], arm, confidence, byText))];
        if (json)
            Output.Json(new { Comparisons = comparisons.Select(ComparisonJson.Of), Ledger = ComparisonJson.Ledger(arms) });
        else
            Output.Line(string.Join("\n", comparisons.Select(ComparisonText.Of)) + "\n" + ComparisonText.Ledger(arms).TrimEnd());
        return comparisons.TrueForAll(comparison => comparison.Verdict == Verdict.NotComparable) ? NotComparable : 0;
    }

    static int Ranked(IReadOnlyList<Arm> arms, double confidence, bool json)
    {
        ulong[] seeds = [.. arms.Skip(1).Aggregate(arms[0].Seeds, (common, arm) => common.Intersect(arm.Seeds))];
        if (seeds.Length < 2)
            throw new TrainingException($"ranking needs two seeds or more that all {arms.Count} arms have, and they have {seeds.Length}; train the same seeds of every arm.");
        if (arms.FirstOrDefault(arm => !Premise.IsSameText(arms[0].First, arm.First)) is { } other)
            throw new TrainingException($"{other.Name} was not measured on the validation text of {arms[0].Name}; arms are ranked on one text.");
        bool sameTokens = arms.All(arm => arm.First.Validation.Hash == arms[0].First.Validation.Hash);
        var (converged, diverged) = Split(arms, seeds);
        if (converged.Count < 2)
            throw new TrainingException("all arms but one diverged; there is nothing to rank.");
        var ranking = Ranking.Of([.. converged.Select(Losses)], confidence);
        string unit = sameTokens ? "nats a token" : "bits per byte";
        if (json)
            Output.Json(new
            {
                Seeds = seeds,
                Ranking = ComparisonJson.Of(ranking, converged, unit, confidence),
                Diverged = diverged.Select(arm => arm.Name),
                Ledger = ComparisonJson.Ledger(arms),
            });
        else
            Output.Line($"{arms.Count} arms, seeds {string.Join(", ", seeds)}\n\n" + ComparisonText.Of(ranking, converged, unit, confidence)
                + string.Concat(diverged.Select(arm => $"  last     {arm.Name}: diverged with a seed\n")) + "\n" + ComparisonText.Ledger(arms).TrimEnd());
        return 0;

        IReadOnlyList<double> Losses(Arm arm) =>
            [.. seeds.Select(seed => arm.With(seed).Validation).Select(figures => sameTokens ? figures.NatsPerToken : figures.BitsPerByte)];
    }

    static (List<Arm> Converged, List<Arm> Diverged) Split(IReadOnlyList<Arm> arms, ulong[] seeds)
    {
        var groups = arms.ToLookup(arm => seeds.All(seed => double.IsFinite(arm.With(seed).Validation.Nats)));
        return ([.. groups[true]], [.. groups[false]]);
    }
}
