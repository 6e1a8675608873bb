using System.Text.Json.Nodes;
using Cria.Cli.Recipes;

namespace Cria.Cli.Tests.Budgets;

/// <summary>Plans carried out, in seconds: slow, as measuring and training take time.</summary>
public sealed class PlannedRunTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public PlannedRunTests() => Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; set CRIA_SLOW=1");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Text_is_planned_once_trained_and_never_planned_again()
    {
        string text = _folder["text.txt"], run = _folder["run"];
        CriaProcess.Succeed("data", "synth", "--stories", "2000", "--seed", "1", "--out", text);
        var result = JsonNode.Parse(CriaProcess.Succeed("train", "--text", text, "--minutes", "0.3", "--out", run, "--json"))!;
        Assert.InRange((double)result["bits_per_byte"]!, 0.1, 8);
        string planned = File.ReadAllText(Path.Combine(run, "planned.yaml"));
        var recipe = RecipeFile.Read(Path.Combine(run, "planned.yaml"));
        Assert.InRange(recipe.Stop?.Time?.TotalSeconds ?? 1, 1, 18);
        Assert.True(File.Exists(Path.Combine(run, "plan.json")) && File.Exists(Path.Combine(run, "report.html")));

        (int code, _, string error) = CriaProcess.Run("train", "--text", text, "--minutes", "0.3", "--out", run);
        Assert.Equal(1, code);
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        string again = CriaProcess.Succeed("train", "--out", run, "--resume", "--json");
        Assert.Equal((double)result["bits_per_byte"]!, (double)JsonNode.Parse(again)!["bits_per_byte"]!);
        Assert.Equal(planned, File.ReadAllText(Path.Combine(run, "planned.yaml")));
    }

    [Fact]
    public void A_ladder_trains_every_size_once_and_what_is_missing_again()
    {
        string recipe = _folder.Write("recipe.yaml", Runs.TinyRun.Recipe(stories: 1000)), ladder = _folder["ladder"];
        string[] command = ["budget", "ladder", recipe, "--sizes", "3", "--time", "4s", "--seeds", "1", "--out", ladder];
        string text = CriaProcess.Succeed(command), entries = Path.Combine(ladder, "runs.jsonl");
        string[] runs = File.ReadAllLines(entries);
        Assert.Equal(3, runs.Length);
        Assert.Contains("bits per byte", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(ladder, "ladder.svg")));

        File.WriteAllLines(entries, runs[..2]);
        CriaProcess.Succeed(command);
        string[] now = File.ReadAllLines(entries);
        Assert.Equal(runs[..2], now[..2]);
        Assert.Equal((double)JsonNode.Parse(runs[2])!["bits_per_byte"]!, (double)JsonNode.Parse(now[2])!["bits_per_byte"]!);
    }
}
