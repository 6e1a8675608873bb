using System.Globalization;
using Cria.Cli.Results;
using Cria.Evaluation.Statistics;

namespace Cria.Cli.Comparisons;

/// <summary>An arm beside another: the difference of their losses over paired seeds, and on the same tokens.</summary>
sealed record Comparison
{
    const double WildTimes = 5;

    Comparison(Arm baseline, Arm arm) => (Baseline, Arm) = (baseline, arm);

    public Arm Baseline { get; }

    public Arm Arm { get; }

    /// <summary>The seeds that both have.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>What is compared: nats a token, or bits per byte where the tokenizers differ.</summary>
    public required string Unit { get; init; }

    public required IReadOnlyList<Premise> Premises { get; init; }

    /// <summary>The arm less the baseline, lower is better; null where the two cannot be compared.</summary>
    public PairedDifference? Difference { get; init; }

    /// <summary>On the same tokens, the mean of all seeds; null where tokens cannot be paired.</summary>
    public TextDifference? Text { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>The verdict in a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>What should be known beside it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <param name="byText">Judge these very models by the text they were measured on, and not recipes by their seeds.</param>
    public static Comparison Of(Arm baseline, Arm arm, double confidence, bool byText = false)
    {
        ulong[] seeds = [.. baseline.Seeds.Intersect(arm.Seeds)];
        bool sameTokens = baseline.First.Validation.Hash == arm.First.Validation.Hash;
        string unit = sameTokens ? "nats a token" : "bits per byte";
        var premises = Premise.Of(baseline, arm, seeds);
        if (!Premise.IsSameText(baseline.First, arm.First) || seeds.Length == 0)
            return new(baseline, arm)
            {
                Seeds = seeds,
                Unit = unit,
                Premises = premises,
                Verdict = Verdict.NotComparable,
                Sentence = seeds.Length == 0
                    ? $"they cannot be compared: no seed is in both, {baseline.Name} has {Seeded(baseline)} and {arm.Name} {Seeded(arm)}, and runs are paired by seed; " +
                        $"train one of them with a seed of the other, such as --seed {baseline.Seeds.First()}."
                    : "they cannot be compared: they were not measured on the same validation text; train both with the same data.validation.",
            };
        double[] differences = [.. seeds.Select(seed => Loss(arm.With(seed), sameTokens) - Loss(baseline.With(seed), sameTokens))];
        if (differences.Any(double.IsNaN))
            return new(baseline, arm)
            {
                Seeds = seeds,
                Unit = unit,
                Premises = premises,
                Verdict = Verdict.NotComparable,
                Sentence = $"they cannot be compared by their means: {Diverged(baseline, arm, seeds)} diverged; a lower learning rate may not.",
            };
        var difference = PairedDifference.Of(differences, confidence);
        var text = sameTokens ? OnTheSameTokens(baseline, arm, seeds) : null;
        if (byText)
            return ByText(new(baseline, arm)
            {
                Seeds = seeds,
                Unit = unit,
                Premises = premises,
                Difference = difference,
                Text = text,
                Verdict = Verdict.NotComparable,
                Sentence = "they cannot be compared by text: their validation text is not cut into the same chunks; train both with the same data.sequence_length and tokenizer.",
            }, confidence);
        var verdict = !difference.IsResolved ? Verdict.NotResolved : difference.Mean < 0 ? Verdict.Better : Verdict.Worse;
        return new(baseline, arm)
        {
            Seeds = seeds,
            Unit = unit,
            Premises = premises,
            Difference = difference,
            Text = text,
            Verdict = verdict,
            Sentence = Words(verdict, difference, unit),
            Notes = [.. Remarks(difference, premises)],
        };
    }

    static Comparison ByText(Comparison found, double confidence)
    {
        if (found.Text is not { StandardError: > 0 } text)
            return found;
        double reach = StudentT.Quantile(0.5 + confidence / 2, text.Pieces - 1) * text.StandardError;
        var (low, high) = (text.Mean - reach, text.Mean + reach);
        var verdict = low > 0 ? Verdict.Worse : high < 0 ? Verdict.Better : Verdict.NotResolved;
        string word = verdict switch { Verdict.Better => "better", Verdict.Worse => "worse", _ => "not resolved" };
        return found with
        {
            Verdict = verdict,
            Sentence = $"{word} on text of this kind: {Signed(text.Mean)} {found.Unit}, {Percent(confidence)} interval {Signed(low)} … {Signed(high)} over " +
                $"{text.Pieces:N0} chunks. That is of these very models; other seeds give others.",
        };
    }

    static string Seeded(Arm arm) => (arm.Runs.Count == 1 ? "seed " : "seeds ") + string.Join(", ", arm.Seeds);

    static double Loss(FinishedRun run, bool sameTokens) => sameTokens ? run.Validation.NatsPerToken : run.Validation.BitsPerByte;

    static string Diverged(Arm a, Arm b, ulong[] seeds) => string.Join(", ", new[] { a, b }.SelectMany(arm =>
        seeds.Where(seed => double.IsNaN(arm.With(seed).Validation.Nats)).Select(seed => $"{arm.Name} with seed {seed}")));

    static TextDifference? OnTheSameTokens(Arm baseline, Arm arm, ulong[] seeds)
    {
        double[]? sum = null;
        float[] tokens = [];
        foreach (ulong seed in seeds)
        {
            var (a, b) = (Losses(baseline, seed), Losses(arm, seed));
            if (!a.Tokens.AsSpan().SequenceEqual(b.Tokens) || (sum is not null && !tokens.AsSpan().SequenceEqual(a.Tokens)))
                return null; // cut into other chunks, which see more or less of what stands before them
            (sum, tokens) = (sum ?? new double[a.Nats.Length], a.Tokens);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += ((double)b.Nats[i] - a.Nats[i]) / seeds.Length;
        }
        return TextDifference.Of(sum!, tokens);
    }

    static ChunkLosses Losses(Arm arm, ulong seed)
    {
        var run = arm.Runs.First(run => run.Result.Seed == seed);
        return ChunkLosses.Read(run.Folder, run.Result.Validation);
    }

    static string Words(Verdict verdict, PairedDifference d, string unit) => verdict switch
    {
        _ when d.Pairs == 1 => $"not resolved: {Signed(d.Mean)} {unit} with one seed, and what another seed would give is not known; train two more at least.",
        Verdict.NotResolved => $"not resolved: {Signed(d.Mean)} {unit}, within {Signed(d.Low)} … {Signed(d.High)}; {d.Pairs} pairs of this spread find a " +
            $"difference of {Plain(d.SmallestDetectable)} four times in five.",
        _ => $"{(verdict == Verdict.Better ? "better" : "worse")}: {Signed(d.Mean)} {unit}, {Percent(d.Confidence)} interval {Signed(d.Low)} … {Signed(d.High)} over {d.Pairs} pairs of seeds.",
    };

    static IEnumerable<string> Remarks(PairedDifference d, IReadOnlyList<Premise> premises)
    {
        if (!premises.Any(premise => premise is { Name: "equal tokens" or "equal FLOPs" or "equal minutes", Holds: true }))
            yield return "the budgets are equal neither in tokens nor in FLOPs nor in minutes: the difference is also one of budget.";
        if (premises.Any(premise => premise is { Name: "tuned values lie inside what was tried", Holds: false }))
            yield return "an arm whose best value lies on the edge of its search has not been tuned; widen it first.";
        if (d.Pairs >= 3 && Sample.Outliers(d.Differences, WildTimes).Any())
            yield return $"a pair lies more than {WildTimes} median distances from the median, {Signed(d.Median)}: seeds have heavy tails; look at all points, and run that seed again.";
        if (d.Pairs > 1 && Math.Sign(d.Mean) != Math.Sign(d.Median))
            yield return "mean and median do not agree in sign.";
        if (d.IsResolved && d.Pairs < 4)
            yield return $"{d.Pairs} pairs know their own spread badly; the interval says so, and is only as good as the guess that differences are normal.";
    }

    public static string Signed(double value) => (value < 0 ? "−" : "+") + Plain(Math.Abs(value));

    public static string Plain(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    static string Percent(double share) => $"{(share * 100).ToString("0.##", CultureInfo.InvariantCulture)} %";
}

/// <summary>Of an arm against its baseline.</summary>
enum Verdict
{
    Better,
    Worse,

    /// <summary>The interval holds 0: an allowed answer.</summary>
    NotResolved,

    /// <summary>Not measured on the same text, or without a seed in common, or diverged.</summary>
    NotComparable,
}
