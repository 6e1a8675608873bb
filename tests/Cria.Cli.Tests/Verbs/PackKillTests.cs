using System.Diagnostics;
using System.Text;

namespace Cria.Cli.Tests.Verbs;

/// <summary>The program itself, killed at random while it packs.</summary>
public sealed class PackKillTests
{
    const int KilledExitCode = 128 + 9, Kills = 50, Documents = 10_000, BytesPerDocument = 4000;
    const int LongestLife = 450; // milliseconds; a journal is written every 250, so most kills lose something and many keep something

    [Fact]
    public void A_packing_killed_fifty_times_at_random_ends_with_the_bytes_of_one_that_was_left_alone()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; set CRIA_SLOW=1");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the exit code that proves a kill is Unix's");
        using TemporaryFolder folder = new();
        WriteText(folder["text.txt"]);
        CriaProcess.Succeed("tokenizer", "train", WriteSample(folder["sample.txt"]), "--vocab-size", "400", "--out", folder["tokenizer"]);
        string[] Pack(string name) =>
            ["data", "pack", folder["text.txt"], "--tokenizer", folder["tokenizer"], "--out", folder[name],
                "--shard-tokens", "10M", "--threads", "1", "--validation-fraction", "0.1"];
        CriaProcess.Succeed(Pack("whole"));

        var random = new Random(1);
        int kills = 0, packings = 0;
        while (kills < Kills)
        {
            packings++;
            string name = $"killed-{packings}";
            while (kills < Kills && !IsDone(folder[name]))
            {
                using CriaProcess process = CriaProcess.Start(Pack(name));
                // Not before it has begun: what is killed while .NET starts says nothing.
                Stopwatch patience = Stopwatch.StartNew();
                while (!File.Exists(folder[$"{name}/train.lock"]) && !process.HasEnded && patience.Elapsed < TimeSpan.FromSeconds(30))
                    Thread.Sleep(5);
                Thread.Sleep(random.Next(LongestLife));
                if (process.HasEnded)
                    continue;
                process.Kill();
                kills += process.Finish().Code == KilledExitCode ? 1 : 0;
            }

            if (!IsDone(folder[name]))
                CriaProcess.Succeed(Pack(name));
            AssertSame(folder["whole"], folder[name]);
        }

        TestContext.Current.SendDiagnosticMessage("{0} kills over {1} packings", kills, packings);
    }

    [Fact]
    public void An_interrupted_packing_ends_with_130_and_is_gone_on_with()
    {
        using TemporaryFolder folder = new();
        CriaProcess.Succeed("tokenizer", "train", WriteSample(folder["sample.txt"]), "--vocab-size", "400", "--out", folder["tokenizer"]);
        // Seconds of work, interrupted when it has begun; a machine that is faster than that gets four times as much.
        string[] pack = [];
        int code = 0;
        for (int documents = Documents; code == 0 && documents <= 16 * Documents; documents *= 4)
        {
            WriteText(folder["text.txt"], documents);
            string set = folder[$"set-{documents}"];
            pack = ["data", "pack", folder["text.txt"], "--tokenizer", folder["tokenizer"], "--out", set, "--threads", "1", "--json"];
            using CriaProcess process = CriaProcess.Start(pack);
            while (!Directory.Exists(set + ".tmp") && !process.HasEnded)
                Thread.Sleep(1);
            if (!process.HasEnded)
                process.Signal(Interruption.Interrupt);
            code = process.Finish().Code;
        }

        Assert.Equal(130, code);
        string interrupted = pack[6];
        Assert.True(File.Exists(interrupted + ".journal"));
        Assert.False(Directory.Exists(interrupted));
        CriaProcess.Succeed(pack);
        Assert.False(File.Exists(interrupted + ".journal"));
        Assert.True(File.Exists(Path.Combine(interrupted, "manifest.json")));
    }

    static bool IsDone(string folder) => Directory.Exists(Path.Combine(folder, "train"))
        && Directory.Exists(Path.Combine(folder, "validation")) && !File.Exists(Path.Combine(folder, "train.journal"));

    static void WriteText(string path, int documents = Documents)
    {
        using var file = new StreamWriter(path);
        var random = new Random(2);
        for (int i = 0; i < documents; i++)
        {
            file.Write(Sentence(random, BytesPerDocument));
            file.Write("\n<|endoftext|>\n");
        }
    }

    static string WriteSample(string path)
    {
        File.WriteAllText(path, Sentence(new Random(3), 100_000));
        return path;
    }

    static string Sentence(Random random, int length)
    {
        var text = new StringBuilder(length + 20);
        while (text.Length < length)
        {
            for (int letters = random.Next(2, 9); letters > 0; letters--)
                text.Append((char)('a' + random.Next(26)));
            text.Append(' ');
        }

        return text.ToString();
    }

    static void AssertSame(string expected, string found)
    {
        string[] names = Names(expected);
        Assert.Equal(names, Names(found));
        foreach (string name in names)
        {
            Assert.True(File.ReadAllBytes(Path.Combine(expected, name)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(found, name))), name);
        }
    }

    static string[] Names(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];
}
