using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Cria.Cli.Tests.Runs;

/// <summary>Stopping on purpose, going on, and folders that are not to be touched.</summary>
public sealed class ResumeTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_stopped_run_ends_with_130_has_a_checkpoint_and_resumes_to_the_same_bits()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 200, every: 1000));
        string whole = _folder["whole"], run = _folder["run"];
        CriaProcess.Succeed("train", recipe, "--out", whole, "--threads", "1");

        using CriaProcess process = CriaProcess.Start("train", recipe, "--out", run, "--threads", "1");
        process.Await(() => TinyRun.Lines(run) > 5);
        // SIGTERM means the same as Ctrl-C, and is heard where tests run in the background.
        process.Signal(Interruption.Terminate);
        (int code, string output, string error) = process.Finish();
        Assert.True(code == 130, $"{code}: {error}");
        Assert.Empty(output);
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        string checkpoint = Assert.Single(Directory.EnumerateDirectories(Path.Combine(run, "checkpoints")));
        Assert.True(File.Exists(Path.Combine(checkpoint, "hashes.json")));
        Assert.False(Directory.Exists(Path.Combine(run, "model")));

        CriaProcess.Succeed("train", recipe, "--out", run, "--resume", "--threads", "2");
        TinyRun.AssertSame(whole, run);
    }

    [Fact]
    public void Ctrl_C_is_the_same()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 100_000, every: 0));
        using CriaProcess process = CriaProcess.Start("train", recipe, "--out", _folder["run"], "--threads", "1");
        process.Await(() => TinyRun.Lines(_folder["run"]) > 5);
        process.Signal(Interruption.Interrupt);
        Assert.Equal(130, process.Finish().Code);
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(_folder["run"], "checkpoints")));
    }

    [Fact]
    public void A_second_process_in_the_same_folder_is_refused_in_a_sentence_and_does_not_disturb_the_first()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 100_000, every: 0));
        string run = _folder["run"];
        using CriaProcess first = CriaProcess.Start("train", recipe, "--out", run, "--threads", "1");
        first.Await(() => TinyRun.Lines(run) > 5);
        (int code, string output, string error) = CriaProcess.Run("train", recipe, "--out", run, "--resume");
        Refusal.Assert(1, code, output, error, "in use");
        int lines = TinyRun.Lines(run);
        first.Await(() => TinyRun.Lines(run) > lines + 5);
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_refused_without_resume_and_nothing_in_it_changes()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 3));
        string run = _folder["run"];
        CriaProcess.Succeed("train", recipe, "--out", run, "--threads", "1");
        Dictionary<string, (DateTime, long)> before = Content(run);
        (int code, string output, string error) = CriaProcess.Run("train", recipe, "--out", run);
        Refusal.Assert(1, code, output, error, "--resume");
        Assert.Equal(before, Content(run));
    }

    [Fact]
    public void Resuming_a_finished_run_changes_neither_its_metrics_nor_its_model()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 3));
        string run = _folder["run"];
        CriaProcess.Succeed("train", recipe, "--out", run, "--threads", "1");
        string metrics = File.ReadAllText(Path.Combine(run, "metrics.jsonl"));
        byte[] weights = TinyRun.Weights(run);
        CriaProcess.Succeed("train", recipe, "--out", run, "--resume", "--threads", "1");
        Assert.Equal(metrics, File.ReadAllText(Path.Combine(run, "metrics.jsonl")));
        Assert.Equal(weights, TinyRun.Weights(run));
    }

    [Fact]
    public void A_run_resumes_when_its_corpus_and_its_tokenizer_have_moved_away()
    {
        CriaProcess.Succeed("data", "synth", "--stories", "200", "--seed", "7", "--out", _folder["corpus.txt"]);
        CriaProcess.Succeed("tokenizer", "train", _folder["corpus.txt"], "--vocab-size", "300", "--out", _folder["tok"]);
        string text = TinyRun.Recipe(steps: 3)
            .Replace("synth: {stories: 200, validation_stories: 10, seed: 1}", "train: [corpus.txt]\n  validation_fraction: 0.2", StringComparison.Ordinal)
            .Replace("{vocab_size: 300}", "{path: tok}", StringComparison.Ordinal);
        string recipe = _folder.Write("recipe.yaml", text), run = _folder["run"];
        CriaProcess.Succeed("train", recipe, "--out", run, "--threads", "1");
        byte[] weights = TinyRun.Weights(run);
        File.Delete(_folder["corpus.txt"]);
        Directory.Delete(_folder["tok"], recursive: true);
        CriaProcess.Succeed("train", recipe, "--out", run, "--resume", "--threads", "1");
        Assert.Equal(weights, TinyRun.Weights(run));
    }

    [Fact]
    public void A_killed_run_goes_on_with_another_micro_batch_with_the_same_samples_and_the_same_losses_but_for_rounding()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 40));
        string whole = _folder["whole"], run = _folder["run"];
        CriaProcess.Succeed("train", recipe, "--out", whole, "--threads", "1");
        using (CriaProcess process = CriaProcess.Start("train", recipe, "--out", run, "--threads", "1", "--set", "checkpoint.background=false"))
        {
            process.Await(() => TinyRun.Lines(run) > 15);
            process.Kill();
            process.Finish();
        }

        int killed = Directory.EnumerateDirectories(Path.Combine(run, "checkpoints"), "step-*")
            .Where(folder => !folder.EndsWith(".tmp", StringComparison.Ordinal)) // the kill may strike while one is written
            .Max(folder => int.Parse(Path.GetFileName(folder)["step-".Length..], CultureInfo.InvariantCulture));
        CriaProcess.Succeed("train", recipe, "--out", run, "--resume", "--threads", "1", "--set", "batch.micro_batch_size=4");
        List<JsonElement> expected = Steps(whole), found = Steps(run);
        Assert.Equal(40, found.Count);
        for (int step = 0; step < 40; step++)
        {
            double loss = Number(expected[step], "loss");
            Assert.Equal(Number(expected[step], "tokens"), Number(found[step], "tokens"));
            Assert.Equal(Number(expected[step], "learning_rate"), Number(found[step], "learning_rate"));
            // Up to the kill the bits are equal. In the step behind it, weights and rows are; 128 losses above zero are summed in
            // another order. Then the weights differ by the rounding of their gradients; other samples would differ by far more.
            double tolerance = step < killed ? 0 : step == killed ? 128 * Math.Pow(2, -23) : 1e-3;
            Assert.InRange(Number(found[step], "loss"), loss * (1 - tolerance), loss * (1 + tolerance));
        }
    }

    [Fact]
    public void Shards_may_have_moved_before_a_run_goes_on_but_must_be_the_same()
    {
        CriaProcess.Succeed("data", "synth", "--stories", "100", "--seed", "7", "--out", _folder["corpus.txt"]);
        CriaProcess.Succeed("tokenizer", "train", _folder["corpus.txt"], "--vocab-size", "300", "--out", _folder["tok"]);
        CriaProcess.Succeed("data", "pack", _folder["corpus.txt"], "--tokenizer", _folder["tok"], "--validation-fraction", "0.2", "--out", _folder["a"]);
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 3)
            .Replace("synth: {stories: 200, validation_stories: 10, seed: 1}", "train: a/train\n  validation: a/validation", StringComparison.Ordinal)
            .Replace("{vocab_size: 300}", "{path: tok}", StringComparison.Ordinal));
        string run = _folder["run"], train = _folder["b/train"], validation = _folder["b/validation"];
        CriaProcess.Succeed("train", recipe, "--out", run, "--threads", "1");
        Directory.Move(_folder["a"], _folder["b"]);
        CriaProcess.Succeed("train", recipe, "--out", run, "--resume", "--set", $"data.train={train}", "--set", $"data.validation={validation}");
        (int code, string output, string error) = CriaProcess.Run("train", recipe, "--out", run, "--resume",
            "--set", $"data.train={train}", "--set", $"data.validation={train}");
        Refusal.Assert(1, code, output, error, "another recipe");
    }

    [Fact]
    public void A_checkpoint_of_an_earlier_version_goes_on_with_the_recipe_it_wrote_and_with_no_other()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 3)), run = _folder["run"];
        CriaProcess.Succeed("train", recipe, "--out", run, "--threads", "1");
        string checkpoint = Assert.Single(Directory.EnumerateDirectories(Path.Combine(run, "checkpoints")));
        string state = Path.Combine(checkpoint, "training", "state.json"), hashes = Path.Combine(checkpoint, "hashes.json");
        string text = File.ReadAllText(state), before = Sha256(state);
        string recorded = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("recipe_hash").GetString()!;
        Assert.Contains("\"version\": 2", text, StringComparison.Ordinal);
        File.WriteAllText(state, text.Replace("\"version\": 2", "\"version\": 1", StringComparison.Ordinal)
            .Replace(recorded, new string('0', 64), StringComparison.Ordinal)); // its hash was made in another way
        Assert.Contains(before, File.ReadAllText(hashes), StringComparison.Ordinal);
        File.WriteAllText(hashes, File.ReadAllText(hashes).Replace(before, Sha256(state), StringComparison.Ordinal));
        (int code, string output, string error) = CriaProcess.Run("train", recipe, "--out", run, "--resume", "--set", "seed=6");
        Refusal.Assert(1, code, output, error, "another recipe");
        CriaProcess.Succeed("train", recipe, "--out", run, "--resume", "--threads", "1");
    }

    [Fact]
    public void What_changes_no_weight_may_change_when_a_run_goes_on()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 3));
        CriaProcess.Succeed("train", recipe, "--out", _folder["run"], "--threads", "1");
        CriaProcess.Succeed("train", recipe, "--out", _folder["run"], "--resume", "--set", "checkpoint.every=7", "--set", "checkpoint.keep=5",
            "--set", "evaluate.every=3", "--set", "guard.max_skipped=3", "--set", "sample.max_tokens=4", "--set", "name=other",
            "--set", "batch.recompute=true");
    }

    [Fact]
    public void Resuming_with_another_recipe_is_refused_in_a_sentence_and_changes_nothing()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 3)), run = _folder["run"];
        CriaProcess.Succeed("train", recipe, "--out", run, "--threads", "1");
        File.AppendAllText(Path.Combine(run, "metrics.jsonl"), "{\"step\":4,\"lo"); // after its last checkpoint, as a kill leaves it
        Dictionary<string, (DateTime, long)> before = Content(run);
        (int code, string output, string error) =
            CriaProcess.Run("train", recipe, "--out", run, "--resume", "--set", "optimizer.learning_rate=0.5");
        Refusal.Assert(1, code, output, error, "another recipe");
        Assert.Equal(before, Content(run));
    }

    static List<JsonElement> Steps(string run) =>
        [.. TinyRun.Metrics(run).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Where(row => row.TryGetProperty("loss", out _))];

    static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    static double Number(JsonElement row, string name) => row.GetProperty(name).GetDouble();

    static Dictionary<string, (DateTime, long)> Content(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .ToDictionary(file => file.FullName, file => (file.LastWriteTimeUtc, file.Length));
}
