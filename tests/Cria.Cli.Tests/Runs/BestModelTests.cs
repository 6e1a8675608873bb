using System.Text.Json.Nodes;

namespace Cria.Cli.Tests.Runs;

public sealed class BestModelTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_model_is_that_of_the_best_evaluation_also_of_a_run_that_was_stopped()
    {
        // Four windows of 32 tokens, read again in every step: they are soon known by heart.
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(stories: 30, steps: 60));
        string[] arguments = ["train", recipe, "--threads", "1", "--brief", "--set", "checkpoint.best=true",
            "--set", "evaluate={every: 5, tokens: 0}", "--set", "optimizer.learning_rate=0.02",
            "--set", "data.reader={type: windows, subset: 4}", "--out"];
        CriaProcess.Succeed([.. arguments, _folder["whole"]]);
        var losses = Losses("whole");
        double best = losses.Values.Min(), reported = (double)Result("whole")["validation"]!["nats_per_token"]!;
        Assert.True(best < losses.Values.Last(), "the last evaluation is the best one; the test shows nothing");
        Assert.Equal(best, reported, 1e-4);
        string kept = Path.GetFileName(Assert.Single(Directory.GetDirectories(_folder["whole/best"])));
        Assert.StartsWith($"step-{losses.MinBy(each => each.Value).Key}-loss-", kept, StringComparison.Ordinal);

        CriaProcess.Succeed([.. arguments, _folder["run"], "--until", "33"]);
        CriaProcess.Succeed([.. arguments, _folder["run"], "--resume"]);
        Assert.Equal(TinyRun.Weights(_folder["whole"]), TinyRun.Weights(_folder["run"]));
    }

    Dictionary<int, double> Losses(string run) => File.ReadLines(_folder[$"{run}/metrics.jsonl"]).Select(line => JsonNode.Parse(line)!)
        .Where(row => row["validation_loss"] is not null).ToDictionary(row => (int)row["step"]!, row => (double)row["validation_loss"]!);

    JsonNode Result(string run) => JsonNode.Parse(File.ReadAllText(_folder[$"{run}/result.json"]))!;
}
