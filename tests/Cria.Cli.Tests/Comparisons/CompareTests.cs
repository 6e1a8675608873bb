using System.Text.Json;
using Cria.Cli.Tests.Runs;

namespace Cria.Cli.Tests.Comparisons;

/// <summary>The verb over a sweep that was really trained.</summary>
public sealed class CompareTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_are_grouped_by_what_they_share_but_the_seed_and_points_of_a_sweep_are_ranked()
    {
        SlowTests.Only();
        string recipe = _folder.Write("tiny.yaml", TinyRun.Recipe(stories: 60, steps: 8, every: 0)), sweep = _folder["sweep"];
        CriaProcess.Succeed("sweep", recipe, "--over", "optimizer.learning_rate=1e-5,1e-2", "--seeds", "1,2,3", "--threads", "1", "--jobs", "2", "--out", sweep);
        string[] runs = Directory.GetDirectories(Path.Combine(sweep, "runs"));
        string[] slow = [.. runs.Where(run => run.Contains("=1e-5", StringComparison.Ordinal))], fast = [.. runs.Except(slow)];

        JsonElement json = Json("compare", [.. slow, .. fast, "--json"]);
        JsonElement comparison = json.GetProperty("comparisons")[0];
        Assert.Equal("better", comparison.GetProperty("verdict").GetString());
        Assert.Equal(3, comparison.GetProperty("seeds").GetArrayLength());
        Assert.True(comparison.GetProperty("difference").GetProperty("high").GetDouble() < 0);
        Assert.True(comparison.GetProperty("on_the_same_tokens").GetProperty("chunks").GetInt32() > 10);
        Assert.Equal(2, json.GetProperty("ledger").GetArrayLength());

        JsonElement ranking = Json("compare", ["--rank", sweep, "--json"]).GetProperty("ranking");
        Assert.Equal("learning_rate=1e-2", ranking.GetProperty("arms")[0].GetProperty("name").GetString());
        Assert.Equal(1, ranking.GetProperty("arms")[0].GetProperty("worst_place").GetInt32());
        Assert.Contains("✓ same validation set", CriaProcess.Succeed(["compare", .. slow, .. fast]), StringComparison.Ordinal);

        // A sweep stands for its best point, and what the search took is in the ledger.
        JsonElement search = Json("compare", [sweep, slow[0], "--json"]).GetProperty("ledger");
        Assert.Equal(3, search[0].GetProperty("search").GetProperty("runs").GetInt32());

        // A sweep alone is its own arms: all points against the best.
        JsonElement alone = Json("compare", [sweep, "--json"]);
        JsonElement only = Assert.Single(alone.GetProperty("comparisons").EnumerateArray());
        Assert.Equal(("learning_rate=1e-2", "learning_rate=1e-5"), (only.GetProperty("baseline").GetString(), only.GetProperty("arm").GetString()));
        Assert.Equal("worse", only.GetProperty("verdict").GetString());
        Assert.Equal(2, alone.GetProperty("ranking").GetProperty("arms").GetArrayLength());
        Assert.Contains("Places hold together", CriaProcess.Succeed("compare", sweep), StringComparison.Ordinal);

        (int code, string output, string error) = CriaProcess.Run(["compare", .. slow]);
        Refusal.Assert(1, code, output, error, "one arm");
        (code, output, error) = CriaProcess.Run("compare", sweep, _folder["nothing"]);
        Refusal.Assert(1, code, output, error, "does not exist");
    }

    [Fact]
    public void What_is_no_run_is_refused_by_name()
    {
        (int code, string output, string error) = CriaProcess.Run("compare", _folder["nothing"], _folder["neither"]);
        Refusal.Assert(1, code, output, error, "does not exist");
    }

    static JsonElement Json(string verb, string[] arguments) =>
        JsonSerializer.Deserialize<JsonElement>(CriaProcess.Succeed([verb, .. arguments]));
}
