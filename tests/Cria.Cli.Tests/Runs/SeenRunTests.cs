using System.Text.Json.Nodes;
using Cria.Tests;

namespace Cria.Cli.Tests.Runs;

/// <summary>A whole run and what it leaves to be seen; looking on changes no bit of it.</summary>
public sealed class SeenRunTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_is_stopped_and_resumed_is_seen_whole_and_no_step_twice()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 40, every: 10));
        string plain = _folder["plain"], seen = _folder["seen"];
        CriaProcess.Succeed("train", recipe, "--out", plain, "--threads", "1", "--brief", "--set", "metrics.norms_every=0");
        string[] looking = ["--threads", "2", "--brief", "--set", "metrics.norms_every=5", "--set", "sample.every=25"];
        CriaProcess.Succeed(["train", recipe, "--out", seen, .. looking, "--until", "30"]);
        // As a kill leaves it: the newest checkpoint is gone, and the files tell of steps after the one before it.
        Directory.Delete(Path.Combine(seen, "checkpoints", "step-30"), recursive: true);
        CriaProcess.Succeed(["train", recipe, "--out", seen, .. looking, "--resume"]);
        Assert.Equal(TinyRun.Weights(plain), TinyRun.Weights(seen));

        JsonObject[] rows = [.. File.ReadLines(Path.Combine(seen, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];
        Assert.Equal(Enumerable.Range(1, 40), rows.Where(row => row.ContainsKey("loss")).Select(row => (int)row["step"]!));
        Assert.Equal([5, 10, 15, 20, 25, 30, 35, 40], rows.Where(row => row.ContainsKey("norms")).Select(row => (int)row["step"]!));
        Assert.Equal(["started", "resumed"], rows.Select(row => (string?)row["event"]).Where(name => name is "started" or "resumed"));
        Assert.Contains(rows, row => row.ContainsKey("sample") && (int)row["step"]! == 25);
        Assert.Contains("6 × ", (string)rows[0]["session"]!["flops_formula"]!, StringComparison.Ordinal);

        var events = EventFile.Read(Assert.Single(Directory.GetFiles(seen, "events.out.tfevents.*")));
        var losses = events.Where(e => e.Values.ContainsKey("train/loss")).ToList();
        Assert.Equal(Enumerable.Range(1, 40).Select(step => (long)step), losses.Select(e => e.Step));
        Assert.Equal(rows.Where(row => row.ContainsKey("loss")).Select(row => (float)(double)row["loss"]!), losses.Select(e => e.Values["train/loss"]));
        Assert.Contains(events, e => e.IsStart && e.Step == 21);
    }
}
