using Cria.Cli.Comparisons;
using Cria.Cli.Results;
using Cria.Cli.Tests.Results;
using Cria.Evaluation.Statistics;

namespace Cria.Cli.Tests.Comparisons;

public sealed class ComparisonTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_difference_beyond_the_seeds_is_resolved_and_said_in_which_direction()
    {
        Comparison found = Compare([3.0, 3.1, 3.05, 3.2], [2.9, 3.01, 2.94, 3.1]);
        Assert.Equal(Verdict.Better, found.Verdict);
        Assert.StartsWith("better: −0.1", found.Sentence, StringComparison.Ordinal);
        Assert.Equal(Verdict.Worse, Compare([2.9, 3.01, 2.94, 3.1], [3.0, 3.1, 3.05, 3.2]).Verdict);
        Assert.Equal(-0.1, found.Difference!.Mean, 1e-12);
        Assert.Equal([1ul, 2ul, 3ul, 4ul], found.Seeds);
    }

    [Fact]
    public void A_difference_within_the_seeds_is_not_resolved_and_says_what_could_have_been_found()
    {
        Comparison found = Compare([3.0, 3.1, 3.05], [3.1, 3.0, 3.06]);
        Assert.Equal(Verdict.NotResolved, found.Verdict);
        Assert.Contains(Comparison.Plain(found.Difference!.SmallestDetectable), found.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_resolves_nothing_however_far_apart_two_runs_are()
    {
        Comparison found = Compare([3.0], [2.0]);
        Assert.Equal(Verdict.NotResolved, found.Verdict);
        Assert.Contains("one seed", found.Sentence, StringComparison.Ordinal);
        Assert.False(Holds(found, "two seeds or more"));
    }

    [Fact]
    public void Only_seeds_that_both_have_are_paired()
    {
        Comparison found = Comparison.Of(ArmOf("a", [3.0, 3.1, 3.2]), ArmOf("b", [9.0, 3.0, 3.1], first: 0), 0.95);
        Assert.Equal([1ul, 2ul], found.Seeds);
        Assert.Equal([0, 0], found.Difference!.Differences.Select(d => Math.Round(d, 12)));
        Comparison none = Comparison.Of(ArmOf("a", [3.0]), ArmOf("b", [3.0], first: 7), 0.95);
        Assert.Equal(Verdict.NotComparable, none.Verdict);
        Assert.Contains("no seed", none.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_on_other_texts_are_not_compared_and_other_tokenizers_by_bits_per_byte_alone()
    {
        static FinishedRun Other(FinishedRun run, long bytes) =>
            run with { TokenizerHash = "another", Validation = run.Validation with { Hash = "another", Bytes = bytes } };
        Arm a = ArmOf("a", [3.0, 3.1]);
        Arm sameText = ArmOf("b", [3.0, 3.1], change: run => Other(run, 2100));
        Comparison found = Comparison.Of(a, sameText, 0.95);
        Assert.Equal("bits per byte", found.Unit);
        Assert.Null(found.Text);
        Assert.False(Holds(found, "same tokenizer"));
        Comparison refused = Comparison.Of(a, ArmOf("c", [3.0, 3.1], change: run => Other(run, 99)), 0.95);
        Assert.Equal(Verdict.NotComparable, refused.Verdict);
        Comparison otherText = Comparison.Of(a, ArmOf("d", [3.0, 3.1], change: run =>
            run with { Validation = run.Validation with { Hash = "another" } }), 0.95);
        Assert.Equal(Verdict.NotComparable, otherText.Verdict); // the same tokenizer and another set: another text, however long
    }

    [Fact]
    public void Premises_say_which_budget_is_equal()
    {
        Arm a = ArmOf("a", [3.0, 3.1]);
        Comparison wider = Comparison.Of(a, ArmOf("b", [2.9, 3.0], change: run =>
            run with { FlopsPerToken = 9000, Parameters = 1500, TrainingSeconds = 3 }), 0.95);
        Assert.True(Holds(wider, "equal tokens"));
        Assert.False(Holds(wider, "equal FLOPs"));
        Assert.False(Holds(wider, "equal minutes"));
        Assert.False(Holds(wider, "parameters within 1 %"));
        Assert.DoesNotContain(wider.Notes, note => note.Contains("budget", StringComparison.Ordinal));
        Comparison unequal = Comparison.Of(a, ArmOf("b", [2.9, 3.0], change: run =>
            run with { Tokens = 2000, TrainingSeconds = 3 }), 0.95);
        Assert.Contains(unequal.Notes, note => note.Contains("budget", StringComparison.Ordinal));
        Assert.Null(Comparison.Of(a, ArmOf("b", [2.9, 3.0], change: run => run with { Machine = "another" }), 0.95)
            .Premises.First(premise => premise.Name == "equal minutes").Holds);
    }

    [Fact]
    public void A_wild_seed_is_pointed_at_and_a_diverged_one_compared_by_no_mean()
    {
        Assert.Contains(Compare([3, 3, 3, 3, 3], [2.99, 2.98, 2.99, 3.01, 3.4]).Notes, note => note.Contains("heavy tails", StringComparison.Ordinal));
        Comparison diverged = Compare([3.0, 3.1], [double.NaN, 3.0]);
        Assert.Equal(Verdict.NotComparable, diverged.Verdict);
        Assert.Contains("b with seed 1", diverged.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_tokens_are_paired_chunk_by_chunk_over_the_mean_of_seeds()
    {
        Arm a = ArmOf("a", [3.0, 3.0], chunks: [10, 20]), b = ArmOf("b", [3.0, 3.0], chunks: [9, 22]);
        TextDifference text = Comparison.Of(a, b, 0.95).Text!;
        Assert.Equal(TextDifference.Of([-1.0, 2.0], [300, 400]), text);
    }

    [Fact]
    public void By_text_these_very_models_are_judged_and_one_seed_is_enough()
    {
        Arm a = ArmOf("a", [3.0], chunks: [10, 20]), b = ArmOf("b", [3.0], chunks: [9, 18.65f]), c = ArmOf("c", [3.0], chunks: [9, 22]);
        Comparison found = Comparison.Of(a, b, 0.95, byText: true);
        Assert.Equal(Verdict.Better, found.Verdict);
        Assert.Contains("these very models", found.Sentence, StringComparison.Ordinal);
        Assert.Equal(Verdict.NotResolved, Comparison.Of(a, c, 0.95, byText: true).Verdict);
    }

    [Fact]
    public void The_ledger_counts_a_teacher_once_and_the_search_too()
    {
        ConsumedRun teacher = new("teacher", "hash", 1e9, 60);
        Arm arm = ArmOf("a", [3.0, 3.1], change: run => run with { Consumed = [teacher] }) with { Search = new(5, 2e9, 30) };
        Assert.Equal(new Cost(1, 1e9, 60), arm.Consumed);
        Assert.Equal(new Cost(2, 2 * 1280 * 6000, 4), arm.Own);
        Assert.Equal(new Cost(8, 3e9 + 2 * 1280 * 6000, 94), arm.Total);
    }

    Comparison Compare(double[] baseline, double[] arm) => Comparison.Of(ArmOf("a", baseline), ArmOf("b", arm), 0.95);

    static bool? Holds(Comparison found, string premise) => found.Premises.First(known => known.Name == premise).Holds;

    Arm ArmOf(string name, double[] losses, ulong first = 1, Func<FinishedRun, FinishedRun>? change = null, float[]? chunks = null) =>
        new(name, [.. losses.Select((loss, i) =>
        {
            string folder = Directory.CreateDirectory(_folder[$"{name}-{i}-{Guid.NewGuid():N}"]).FullName;
            string hash = new ChunkLosses(chunks ?? [(float)(loss * 300), (float)(loss * 400)], [300, 400], [1, 1]).Write(folder, "validation");
            FinishedRun run = TestRuns.Of(first + (ulong)i, loss);
            run = run with { Validation = run.Validation with { LossesHash = hash } };
            return new ArmRun(folder, change is null ? run : change(run));
        })]);
}
