using System.Text.Json;
using Cria.Cli.Results;
using Cria.Cli.Tests.Pages;
using Cria.Cli.Tests.Results;
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

    [Theory]
    [InlineData(1, 2, "a has seed 1 and b seed 2", "--seed 1")]
    [InlineData(1, 1, "not measured on the same validation text", "data.validation")]
    public void Runs_that_cannot_be_paired_fail_with_the_reason_and_the_remedy(ulong first, ulong second, params string[] said)
    {
        Made("a", first, "1e-3", "one text");
        Made("b", second, "2e-3", first == second ? "another text" : "one text");
        (int code, string output, string error) = CriaProcess.Run("compare", _folder["a"], _folder["b"]);
        Assert.Equal(1, code);
        Assert.Contains("✗", output, StringComparison.Ordinal); // the premises are shown all the same
        string sentence = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.StartsWith("error: ", sentence, StringComparison.Ordinal);
        Assert.All(said, words => Assert.Contains(words, sentence, StringComparison.Ordinal));

        void Made(string name, ulong seed, string rate, string text)
        {
            MadeRun.Write(_folder[name], steps: 2, overrides: [$"optimizer.learning_rate={rate}", $"seed={seed}"]);
            var run = TestRuns.Of(seed, 3);
            ResultFile.Write(ResultFile.In(_folder[name]), run with { Validation = run.Validation with { Hash = text } });
        }
    }

    [Fact]
    public void An_arm_is_not_compared_with_itself()
    {
        string run = MadeRun.Write(_folder["run"], steps: 2);
        (int code, string output, string error) = CriaProcess.Run("compare", run, run + "/");
        Refusal.Assert(2, code, output, error, "named twice");
    }

    static JsonElement Json(string verb, string[] arguments) =>
        JsonSerializer.Deserialize<JsonElement>(CriaProcess.Succeed([verb, .. arguments]));
}
