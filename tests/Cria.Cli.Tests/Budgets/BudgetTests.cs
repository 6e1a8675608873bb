using System.Text.Json.Nodes;
using Cria.Cli.Budgets;
using Cria.Cli.Recipes;
using Cria.Cli.Tests.Runs;
using Cria.Cli.Verbs;
using Cria.Training;
using Cria.Training.Budgets;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Budgets;

public sealed class BudgetTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_plan_for_a_corpus_that_is_not_there_yet_writes_a_recipe_that_reads_back()
    {
        SlowTests.Only();
        string path = _folder["planned.yaml"];
        var plan = JsonNode.Parse(CriaProcess.Succeed("budget", "--time", "20s", "--corpus-tokens", "5M", "--params", "150_000", "--json", "--threads", "1", "--out", path))!;
        var pick = plan["pick"]!;
        Assert.InRange((double)pick["parameters"]!, 100_000, 200_000);
        Assert.True((bool)pick["is_measured"]!);
        Assert.InRange((double)pick["seconds"]!, 10, 20);
        Assert.NotEmpty(plan["reasons"]!.AsArray());
        var recipe = RecipeFile.Read(path);
        Assert.Equal(20, recipe.Stop!.Time!.Value.TotalSeconds);
        Assert.Equal((int)pick["vocab_size"]!, recipe.Tokenizer.VocabSize);
        Refuses(2, "exists already", "budget", "--time", "2m", "--corpus-tokens", "5M", "--out", path);
    }

    [Theory]
    [InlineData("needs --time", "budget", "--corpus-tokens", "1M")]
    [InlineData("what is learned from", "budget", "--time", "1m")]
    [InlineData("--time got '3'", "budget", "--time", "3", "--corpus-tokens", "1M")]
    [InlineData("needs a RECIPE, or --text FILE", "train")]
    [InlineData("mine.yaml is a recipe by its name", "train", "--text", "book.txt", "mine.yaml")]
    [InlineData("mine.yml is a recipe by its name", "quickstart", "--text", "mine.yml")]
    [InlineData("mine.YAML is a recipe by its name", "budget", "--time", "1m", "--text", "mine.YAML")]
    public void What_is_missing_is_said(string said, params string[] arguments) => Refuses(2, said, arguments);

    [Fact]
    public void The_law_of_the_program_is_the_fit_to_the_runs_beside_it()
    {
        var fitted = LossLawFit.Fit(LawFile.BuiltinRuns);
        Assert.All(LawFile.BuiltinRuns, run =>
            Assert.Equal(1, LossLawFit.Predict(LawFile.Builtin, run) / LossLawFit.Predict(fitted, run), 4));
    }

    [Fact]
    public void The_law_meets_the_runs_it_was_fitted_to_as_closely_as_docs_budgets_says() =>
        Assert.All(LawFile.BuiltinRuns, run =>
        {
            bool isOfSixMinutes = run is { Vocabulary: 8192, Tokens: > 7_000_000 };
            double most = isOfSixMinutes ? 0.01 : 0.031;
            Assert.InRange(LossLawFit.Predict(LawFile.Builtin, run) / run.BitsPerByte, 1 - most, 1 + most);
        });

    [Fact]
    public void A_damaged_line_of_runs_is_named()
    {
        string path = _folder["runs.jsonl"];
        File.WriteAllText(path, LawFile.Text(LawFile.BuiltinRuns[0]) + "\n{\"body\": 3\n");
        Assert.Contains("line 2", Assert.Throws<TrainingException>(() => LawFile.ReadRuns(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ladder_with_other_options_than_the_folders_is_refused()
    {
        string path = _folder["ladder.json"];
        LadderOptions options = new(5, 1.6, 360, 2);
        Rung rung = new("l3-d128-v2048", 3, 128, 2048, 865_000, 1000, 2048, 0.04, 0.3, 1.8);
        LadderPlan plan = new(options, 256, 1.9e7, 3.2, rung.Name, [rung]);
        plan.Write(path);
        Assert.Equal(plan.Rungs, LadderPlan.Kept(path, options)!.Rungs);
        Assert.Equal(rung, LadderPlan.Kept(path, options)!.PickedRung);
        Assert.Contains("--seeds", Assert.Throws<TrainingException>(() => LadderPlan.Kept(path, options with { Seeds = 3 })).Message, StringComparison.Ordinal);
        Assert.Null(LadderPlan.Kept(path + "x", options));
    }

    [Theory]
    [InlineData("n800000", 1.2, 100, "yes", "yes", "yes")]
    [InlineData("n2000000", 1.22, 100, "no", "yes", "yes")]
    [InlineData("n800000", 1.3, 100, "yes", "no", "yes")]
    [InlineData("n800000", 1.2, 90, "yes", "yes", "no")]
    public void A_ladders_report_says_whether_the_plan_holds(
        string pick, double predicted, double seconds, string lowest, string loss, string time)
    {
        Rung[] rungs = [.. new[] { 300_000, 500_000, 800_000, 1_300_000, 2_000_000 }.Select(size =>
            new Rung($"n{size}", 3, 128, 2048, size, 1000, 2048, 0.1, 0.3, predicted))];
        LadderPlan plan = new(new(5, 1.6, 100, 2), 256, 1.9e7, 3.2, pick, rungs);
        LadderEntry[] runs = [.. rungs.SelectMany(rung => new ulong[] { 1, 2 }.Select(seed => Entry(rung, seed)))];
        LadderReport report = new(plan, runs);
        string text = report.Text();
        Assert.Contains("lowest at", text, StringComparison.Ordinal);
        Assert.Matches($@"\| pick above the lowest point, nats a token \|.* {lowest} \|", text);
        Assert.Matches($@"\| predicted loss of the pick, error \|.* {loss} \|", text);
        Assert.Matches($@"\| time of the pick, error \|.* {time} \|", text);
        Assert.Contains("<svg", report.Chart().ToSvg(standalone: true), StringComparison.Ordinal);
        report.Save(_folder.Root);
        Assert.True(File.Exists(_folder["ladder.md"]) && File.Exists(_folder["ladder.svg"]));

        LadderEntry Entry(Rung rung, ulong seed) => new()
        {
            Name = rung.Name,
            Seed = seed,
            Body = rung.Parameters - 260_000,
            Embedding = 260_000,
            Vocabulary = 2048,
            Tokens = 2_048_000,
            SeenBytes = 6.5e6,
            UniqueBytes = 1.9e7,
            BitsPerByte = 1.19 + 0.03 * Math.Pow(Math.Log(rung.Parameters / 750_000.0), 2) + 0.001 * seed,
            Seconds = 101,
            PlannedSeconds = seconds,
            PlannedTokens = 2_000_000,
            PredictedBitsPerByte = predicted,
        };
    }

    [Fact]
    public void No_budget_is_made_for_text_that_nothing_can_be_learned_from() =>
        Refuses(1, "too little to learn anything from", "budget", "--time", "1m", "--text", _folder.Write("letter.txt", "a"), "--threads", "1");

    [Fact]
    public void Why_a_short_text_has_a_small_model_is_said()
    {
        SlowTests.Only();
        string text = _folder["text.txt"];
        CriaProcess.Succeed("data", "synth", "--stories", "2", "--seed", "1", "--out", text);
        string plan = CriaProcess.Succeed("budget", "--time", "20s", "--text", text, "--threads", "1");
        Assert.Contains("can learn the text by heart", plan, StringComparison.Ordinal);
        Assert.Contains("hardly more than a guess", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_planned_for_a_text_has_the_newest_defaults() =>
        Assert.Equal(Recipe.NewestVersion, TextTemplate.Open().Version);

    [Fact]
    public void Too_little_text_is_refused_in_a_sentence()
    {
        SlowTests.Only();
        string letters = _folder["letters.txt"], empty = _folder["empty.txt"];
        File.WriteAllText(letters, "hi");
        File.WriteAllText(empty, "");
        Refuses(1, "too little to learn anything from", "train", "--text", letters, "--minutes", "0.5", "--out", _folder["a"], "--threads", "1");
        Refuses(1, "empty", "train", "--text", empty, "--minutes", "0.1", "--out", _folder["b"], "--threads", "1");
    }

    static void Refuses(int expected, string said, params string[] arguments)
    {
        (int code, string output, string error) = CriaProcess.Run(arguments);
        Refusal.Assert(expected, code, output, error, said);
    }
}
