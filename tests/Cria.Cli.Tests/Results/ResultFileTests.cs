using System.Text.Json;
using System.Text.Json.Nodes;
using Cria.Cli.Results;
using Cria.Cli.Tests.Runs;
using Cria.Training;

namespace Cria.Cli.Tests.Results;

public sealed class ResultFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_finished_run_says_what_it_was_what_it_cost_and_what_it_reached_and_its_chunks_sum_to_it()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 12, every: 5)), run = _folder["run"];
        CriaProcess.Succeed("train", recipe, "--out", run, "--threads", "1", "--brief");
        FinishedRun found = ResultFile.Read(ResultFile.In(run));
        Assert.Equal((12, 5ul, 1), (found.Steps, found.Seed, found.Threads));
        Assert.Equal(12 * 128, found.Tokens);
        Assert.True(found is { Parameters: > 0, FlopsPerToken: > 0, TrainingSeconds: > 0 });
        Assert.Equal(found.Validation.Nats / found.Validation.Tokens, found.Validation.NatsPerToken, 1e-12);
        JsonElement last = JsonSerializer.Deserialize<JsonElement>(File.ReadLines(Path.Combine(run, "metrics.jsonl")).Last());
        Assert.Equal(last.GetProperty("validation_loss").GetDouble(), found.Validation.NatsPerToken, 1e-6);
        Assert.Equal(last.GetProperty("validation_tokens").GetInt64(), found.Validation.Tokens);

        ChunkLosses chunks = ChunkLosses.Read(run, found.Validation);
        Assert.Equal(found.Validation.Nats, chunks.TotalNats, found.Validation.Nats * 1e-6);
        Assert.Equal(10, chunks.Opens.Sum()); // the recipe's validation stories
        Assert.All(chunks.Tokens, tokens => Assert.InRange(tokens, 1, 32));
        Assert.False(File.Exists(Path.Combine(run, "report.html")));
        Assert.Empty(TinyRun.Temporary(run));
    }

    [Fact]
    public void A_run_told_to_stop_is_measured_there_and_goes_on_to_the_same_bits()
    {
        SlowTests.Only();
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 12, every: 5));
        string whole = _folder["whole"], run = _folder["run"];
        CriaProcess.Succeed("train", recipe, "--out", whole, "--threads", "1", "--brief");
        CriaProcess.Succeed("train", recipe, "--out", run, "--threads", "1", "--brief", "--until", "7");
        Assert.False(ResultFile.Is(run));
        FinishedRun milestone = ResultFile.Read(ResultFile.In(Path.Combine(run, "milestones", "step-7")));
        Assert.Equal((7, 7 * 128), (milestone.Steps, milestone.Tokens));
        CriaProcess.Succeed("train", recipe, "--out", run, "--threads", "1", "--brief", "--resume");
        TinyRun.AssertSame(whole, run);
        Assert.Equal(ResultFile.Read(ResultFile.In(whole)).Validation, ResultFile.Read(ResultFile.In(run)).Validation);

        (int code, string output, string error) =
            CriaProcess.Run("train", recipe, "--out", run, "--threads", "1", "--brief", "--resume", "--until", "9");
        Refusal.Assert(1, code, output, error, "past step 9");
    }

    [Theory]
    [InlineData("version", "2", "version 2")]
    [InlineData("parameters", "0", "not above 0")]
    [InlineData("steps", "\"many\"", "no result")]
    [InlineData("tokens", null, "no result")]
    [InlineData("training_seconds", "-1", "-1 seconds")]
    public void A_result_that_says_what_cannot_be_is_refused_in_a_sentence_that_names_it(string key, string? value, string expected)
    {
        string path = _folder["result.json"];
        ResultFile.Write(path, TestRuns.Of(1, 3));
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json.Remove(key);
        if (value is not null)
            json[key] = JsonNode.Parse(value);
        File.WriteAllText(path, json.ToJsonString());
        string message = Assert.Throws<TrainingException>(() => ResultFile.Read(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_diverged_reads_back_as_not_a_number()
    {
        string path = _folder["result.json"];
        ResultFile.Write(path, TestRuns.Of(1, double.NaN));
        Assert.True(double.IsNaN(ResultFile.Read(path).Validation.NatsPerToken));
    }

    [Fact]
    public void Chunk_losses_that_were_changed_are_not_compared()
    {
        ChunkLosses written = new([1, 2], [3, 4], [1, 0]);
        string hash = written.Write(_folder.Root, "of the set");
        ValidationFigures figures = new("of the set", 3, 7, 9, 3 / 7.0, 1, hash);
        Assert.Equal([1, 2], ChunkLosses.Read(_folder.Root, figures).Nats);
        string path = _folder[ChunkLosses.FileName];
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("sha256", Assert.Throws<TrainingException>(() => ChunkLosses.Read(_folder.Root, figures)).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("does not exist", Assert.Throws<TrainingException>(() => ChunkLosses.Read(_folder.Root, figures)).Message, StringComparison.Ordinal);
    }
}
