using System.Globalization;
using System.Text;
using Cria.Evaluation.Statistics;
using Cria.Reports;

namespace Cria.Cli.Comparisons;

/// <summary>Comparisons in words, and as documents of <c>--json</c>.</summary>
static class ComparisonText
{
    public static string Of(Comparison c)
    {
        var text = new StringBuilder($"{c.Arm.Name} against {c.Baseline.Name}\n\n");
        foreach (var premise in c.Premises)
            Line($"  {(premise.Holds is { } holds ? holds ? "✓" : "✗" : "?")} {premise.Name,-40} {premise.Finding}");
        if (c.Difference is { } d)
        {
            text.Append('\n');
            Line($"  seed    {c.Baseline.Name,-24}{c.Arm.Name,-24}difference");
            for (int i = 0; i < c.Seeds.Count; i++)
                Line($"  {c.Seeds[i],-8}{Loss(c.Baseline, c.Seeds[i], c.Unit),-24}{Loss(c.Arm, c.Seeds[i], c.Unit),-24}{Comparison.Signed(d.Differences[i])}");
            text.Append('\n');
            Line($"  mean {Comparison.Signed(d.Mean)}, median {Comparison.Signed(d.Median)} {c.Unit}" + (d.Pairs > 1
                ? $"; spread of differences {Comparison.Plain(d.Deviation)}, {d.Confidence * 100:0.##} % interval {Comparison.Signed(d.Low)} … {Comparison.Signed(d.High)}" : ""));
            if (d.Pairs > 1)
            {
                Line($"  chance of as much if they were equal: t {P(d.PValue)}, signed ranks {P(d.SignedRankPValue)}, signs {P(d.SignPValue)}");
                Line($"  smallest difference found four times in five: {Comparison.Plain(d.SmallestDetectable)} {c.Unit}");
            }
            if (c.Text is { } t)
                Line($"  on the same tokens, these models: {Comparison.Signed(t.Mean)} ± {Comparison.Plain(t.StandardError)} (standard error over {t.Pieces:N0} chunks of text; not over seeds)");
        }
        text.Append('\n');
        Line($"  {c.Sentence}");
        foreach (string note in c.Notes)
            Line($"  note: {note}");
        return text.ToString();

        void Line(string line) => text.Append(line.TrimEnd()).Append('\n');
    }

    public static string Ledger(IReadOnlyList<Arm> arms)
    {
        var text = new StringBuilder("What everything took\n\n");
        int width = Math.Max(12, arms.Max(arm => arm.Name.Length) + 2);
        text.Append("  " + "".PadRight(width) + Column("these runs") + Column("the search") + Column("teachers, starts") + "in all\n");
        foreach (var arm in arms)
            text.Append("  " + arm.Name.PadRight(width) + Column(Of(arm.Own)) + Column(Of(arm.Search)) + Column(Of(arm.Consumed)) + Of(arm.Total) + "\n");
        return text.ToString();

        static string Column(string cell) => cell.PadRight(36);
    }

    public static string Of(Ranking ranking, IReadOnlyList<Arm> arms, string unit, double confidence)
    {
        int width = Math.Max(12, arms.Max(arm => arm.Name.Length) + 2);
        var text = new StringBuilder();
        text.Append("  place    " + "arm".PadRight(width) + unit.PadRight(24) + "minutes a run\n");
        foreach (var ranked in ranking.Arms)
        {
            string places = ranked.BestPlace == ranked.WorstPlace ? $"{ranked.BestPlace}" : $"{ranked.BestPlace}–{ranked.WorstPlace}";
            double minutes = arms[ranked.Arm].Runs.Average(run => run.Result.TrainingSeconds) / 60;
            text.Append(CultureInfo.InvariantCulture, $"  {places,-9}{arms[ranked.Arm].Name.PadRight(width)}{$"{ranked.Mean:F4} ± {ranking.Reach:F4}",-24}{minutes:F2}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"\n  Places hold together with {confidence * 100:0.##} % confidence (Holm over {ranking.Pairs.Count} pairs); the spread of a run about its arm and seed is {ranking.Deviation:F4}\n")
            .Append(CultureInfo.InvariantCulture, $"  with {ranking.Freedom} degrees of freedom, pooled over arms. A range of places: not resolved.\n");
        return text.ToString();
    }

    static string Of(Cost cost) => cost.Runs == 0 ? "–" : string.Create(CultureInfo.InvariantCulture,
        $"{cost.Runs} × : {cost.Flops:0.00e0} FLOPs, {Human.Duration(TimeSpan.FromSeconds(cost.Seconds))}");

    static string Loss(Arm arm, ulong seed, string unit) => Comparison.Plain(unit == "bits per byte"
        ? arm.With(seed).Validation.BitsPerByte
        : arm.With(seed).Validation.NatsPerToken);

    static string P(double chance) => chance.ToString(chance < 1e-3 ? "0.0e0" : "F3", CultureInfo.InvariantCulture);
}
