using Cria.Evaluation.Statistics;

namespace Cria.Cli.Comparisons;

/// <summary>The documents that <c>--json</c> prints. What is not a number is null, as JSON has none.</summary>
static class ComparisonJson
{
    public static object Of(Comparison c) => new
    {
        Baseline = c.Baseline.Name,
        Arm = c.Arm.Name,
        c.Unit,
        c.Seeds,
        Premises = c.Premises.Select(premise => new { premise.Name, premise.Holds, premise.Finding }),
        Difference = c.Difference is not { } d ? null : new
        {
            d.Differences,
            d.Mean,
            d.Median,
            Deviation = Finite(d.Deviation),
            d.Confidence,
            Low = Finite(d.Low),
            High = Finite(d.High),
            PT = Finite(d.PValue),
            PSignedRank = d.SignedRankPValue,
            PSign = d.SignPValue,
            SmallestDetectable = Finite(d.SmallestDetectable),
        },
        OnTheSameTokens = c.Text is not { } t ? null : new { t.Mean, StandardError = Finite(t.StandardError), Chunks = t.Pieces },
        Verdict = c.Verdict switch
        {
            Verdict.Better => "better",
            Verdict.Worse => "worse",
            Verdict.NotResolved => "not resolved",
            _ => "not comparable",
        },
        c.Sentence,
        c.Notes,
    };

    public static object Ledger(IReadOnlyList<Arm> arms) =>
        arms.Select(arm => new { arm.Name, arm.Own, arm.Search, arm.Consumed, arm.Total });

    public static object Of(Ranking ranking, IReadOnlyList<Arm> arms, string unit, double confidence) => new
    {
        Unit = unit,
        Confidence = confidence,
        ranking.Deviation,
        ranking.Freedom,
        ranking.Reach,
        Arms = ranking.Arms.Select(ranked => new
        {
            arms[ranked.Arm].Name,
            ranked.Mean,
            ranked.BestPlace,
            ranked.WorstPlace,
            Losses = arms[ranked.Arm].Runs.Select(run => new
            {
                run.Result.Seed,
                Loss = Finite(run.Result.Validation.NatsPerToken),
                BitsPerByte = Finite(run.Result.Validation.BitsPerByte),
            }),
            Seconds = arms[ranked.Arm].Runs.Average(run => run.Result.TrainingSeconds),
        }),
        Pairs = ranking.Pairs.Select(pair => new
        {
            Better = arms[pair.Better].Name,
            Worse = arms[pair.Worse].Name,
            pair.Difference,
            P = pair.PValue,
            PAdjusted = pair.AdjustedPValue,
        }),
    };

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
