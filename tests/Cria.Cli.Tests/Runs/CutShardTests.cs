using System.Text.Json;

namespace Cria.Cli.Tests.Runs;

/// <summary>A shard that is cut while the program reads it.</summary>
public sealed class CutShardTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_one_sentence_costs_no_checkpoint_and_the_run_goes_on_when_the_shard_is_whole_again()
    {
        SlowTests.Only();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cuts no file that is read");
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 300, every: 100)), run = _folder["run"];
        string shard;
        byte[] bytes;
        using (CriaProcess process = CriaProcess.Start("train", recipe, "--out", run, "--threads", "1"))
        {
            process.Await(() => TinyRun.HasCheckpoint(run));
            shard = Assert.Single(Directory.GetFiles(Path.Combine(run, "data", "train"), "*.bin"));
            bytes = File.ReadAllBytes(shard);
            using (FileStream file = new(shard, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                file.SetLength(bytes.Length / 3);
            (int code, string output, string error) = process.Finish();
            Refusal.Assert(1, code, output, error, shard, "it was cut after it was opened");
        }

        foreach (string line in File.ReadLines(Path.Combine(run, "metrics.jsonl")))
            if (JsonSerializer.Deserialize<JsonElement>(line).TryGetProperty("loss", out JsonElement loss))
                Assert.Equal(JsonValueKind.Number, loss.ValueKind); // what is not finite would be null
        Assert.NotEmpty(TinyRun.WholeCheckpoints(run));

        (int stillCut, string said, string why) = CriaProcess.Run("train", recipe, "--out", run, "--resume", "--threads", "1");
        Refusal.Assert(1, stillCut, said, why, shard, "not whole");
        File.WriteAllBytes(shard, bytes);
        CriaProcess.Succeed("train", recipe, "--out", run, "--resume", "--threads", "2");
        CriaProcess.Succeed("train", recipe, "--out", _folder["whole"], "--threads", "1", "--set", "checkpoint.every=0");
        TinyRun.AssertSame(_folder["whole"], run);
    }
}
