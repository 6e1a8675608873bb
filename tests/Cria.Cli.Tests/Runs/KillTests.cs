using System.Diagnostics;
using System.Text;
using Cria.Engine.Tensors;
using Cria.Training.Checkpoints;

namespace Cria.Cli.Tests.Runs;

/// <summary>The program is killed at any moment, and the run it leaves goes on as if nothing had happened.</summary>
public sealed class KillTests : IDisposable
{
    const int KilledExitCode = 128 + 9, StepsPerKill = 13;
    const ulong Seed = 20;

    // CRIA_KILLS=200 asks for more, as docs/training.md does.
    static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("CRIA_KILLS"), out int asked) ? asked : 24;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);

    readonly TemporaryFolder _folder = new();
    readonly Philox _random = Philox.For(Seed, "kills");
    ulong _drawn;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_killed_again_and_again_ends_with_the_bits_of_one_that_was_left_alone()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; set CRIA_SLOW=1");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the exit code that proves a kill is Unix's");
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(stories: 2000, steps: StepsPerKill * Kills));
        string witness = _folder["witness"], run = _folder["run"];
        CriaProcess.Succeed("train", recipe, "--out", witness, "--threads", "1");

        Dictionary<string, int> landed = [];
        int whole = 0;
        for (int attempt = 0; landed.Values.Sum() < Kills; attempt++)
        {
            Assert.True(attempt < 3 * Kills, $"only {landed.Values.Sum()} of {attempt} kills met a live process");
            var (name, moment) = Moment(attempt, landed.Values.Sum(), run);
            using CriaProcess process = CriaProcess.Start("train", recipe, "--out", run, "--resume", "--threads", $"{1 + attempt % 2}");
            Await(moment, process);
            process.Kill();
            (int code, _, string error) = process.Finish();
            Assert.True(code is KilledExitCode or 0, $"after {name}: {code}, {error}");
            if (code == KilledExitCode)
                landed[name] = landed.GetValueOrDefault(name) + 1;
            whole += AssertNothingLost(witness, run);
        }

        CriaProcess.Succeed("train", recipe, "--out", run, "--resume");
        TestContext.Current.SendDiagnosticMessage($"{string.Join(", ", landed.Select(pair => $"{pair.Key}: {pair.Value}"))}; {whole} checkpoints were whole");
        Assert.True(landed.Count >= 4, string.Join(", ", landed.Keys));
        Assert.True(whole > 0, "no kill found a checkpoint");
        TinyRun.AssertSame(witness, run);
        Assert.Empty(TinyRun.Temporary(run));
    }

    // Every checkpoint is whole, and every line of metrics that the newest counts on is there and is the witness's.
    static int AssertNothingLost(string witness, string run)
    {
        string checkpoints = Path.Combine(run, "checkpoints");
        string[] folders = Directory.Exists(checkpoints)
            ? [.. Directory.GetDirectories(checkpoints).Where(folder => !folder.EndsWith(".tmp", StringComparison.Ordinal))]
            : [];
        if (folders.Length == 0)
            return 0;
        Assert.All(folders, folder => Assert.Null(DurableFolder.Damage(folder)));
        TrainingState newest = folders.Select(folder => TrainingState.Read(Path.Combine(folder, "training", "state.json"))).MaxBy(state => state.Step)!;
        byte[] metrics = File.ReadAllBytes(Path.Combine(run, "metrics.jsonl"));
        Assert.True(metrics.LongLength >= newest.MetricsLength, $"{metrics.LongLength} bytes of metrics, and step {newest.Step} counts on {newest.MetricsLength}");
        string kept = Encoding.UTF8.GetString(metrics, 0, (int)newest.MetricsLength);
        string[] lines = TinyRun.Metrics(kept.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(TinyRun.Metrics(witness).Take(lines.Length), lines);
        Assert.Equal(newest.Step, lines.Count(line => line.Contains("\"loss\":", StringComparison.Ordinal)));
        return folders.Length;
    }

    // First while the data is prepared, then in turn while a checkpoint is written and a random number of steps on; at
    // last, when the model is there, while it is measured.
    (string Name, Func<bool> Moment) Moment(int attempt, int landed, string run)
    {
        string data = Path.Combine(run, "data");
        if (attempt < 5)
        {
            string[] sights = [".", "train.jsonl.tmp", "tokenizer", "validation", "train.tmp"];
            string sight = Path.Combine(data, sights[attempt]);
            return ("preparation", After(() => Path.Exists(sight), Draw(20)));
        }

        string model = Path.Combine(run, "model");
        if (landed >= Kills - 2 || Directory.Exists(model))
            return ("measurement", After(() => Directory.Exists(model), Draw(1000)));
        int lines = TinyRun.Lines(run);
        if (attempt % 2 == 1)
            return ("checkpoint", After(() => TinyRun.Lines(run) != lines && TinyRun.IsWriting(run), Draw(4)));
        int further = Draw(30);
        // A resumed run first cuts the lines after its checkpoint, so the count is taken from where it stands then.
        return ("step", After(() => TinyRun.Lines(run) >= Math.Max(1, lines - lines % 10 + further), Draw(6)));
    }

    static Func<bool> After(Func<bool> sight, int milliseconds)
    {
        long? seen = null;
        return () =>
        {
            if (seen is null && sight())
                seen = Stopwatch.GetTimestamp();
            return seen is { } since && Stopwatch.GetElapsedTime(since).TotalMilliseconds >= milliseconds;
        };
    }

    static void Await(Func<bool> moment, CriaProcess process)
    {
        var patience = Stopwatch.StartNew();
        while (!process.HasEnded && !moment())
        {
            Assert.True(patience.Elapsed < Patience, "the moment to kill did not come");
            if (patience.ElapsedMilliseconds < 100)
                Thread.Sleep(5);
            else
                Thread.Sleep(0);
        }
    }

    int Draw(int below) => (int)(_random.Uniform(_drawn++) * below);
}
