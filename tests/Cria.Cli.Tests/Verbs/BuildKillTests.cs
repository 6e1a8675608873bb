using System.Text;

namespace Cria.Cli.Tests.Verbs;

/// <summary>The program itself, killed at random while it builds a corpus.</summary>
public sealed class BuildKillTests
{
    const int KilledExitCode = 128 + 9, Kills = 12;

    [Fact]
    public void A_corpus_killed_again_and_again_ends_with_the_bytes_of_one_that_was_left_alone()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; set CRIA_SLOW=1");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the exit code that proves a kill is Unix's");
        using TemporaryFolder folder = new();
        string recipe = Recipe(folder);
        CriaProcess.Succeed("data", "build", recipe, "--out", folder["whole"]);
        var random = new Random(1);
        int kills = 0;
        for (int built = 0; kills < Kills; built++)
        {
            string corpus = folder[$"killed{built}"];
            while (kills < Kills && !File.Exists(Path.Combine(corpus, "recipe.yaml")))
            {
                using CriaProcess process = CriaProcess.Start("data", "build", recipe, "--out", corpus, "--resume");
                while (!File.Exists(Path.Combine(corpus, "work", "build.json")) && !process.HasEnded)
                    Thread.Sleep(5);
                Thread.Sleep(random.Next(1500));
                if (process.HasEnded)
                    continue;
                process.Kill();
                kills += process.Finish().Code == KilledExitCode ? 1 : 0;
            }

            CriaProcess.Succeed("data", "build", recipe, "--out", corpus, "--resume");
            Assert.Equal(Files(folder["whole"]), Files(corpus));
            foreach (string name in Files(corpus).Where(name => !name.StartsWith("report.", StringComparison.Ordinal))) // which say how long it took
                Assert.True(File.ReadAllBytes(Path.Combine(folder["whole"], name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(corpus, name))), name);
        }
    }

    /// <summary>Everything but markers, which hold times.</summary>
    static string[] Files(string corpus) => [.. Directory.GetFiles(corpus, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(corpus, path)).Where(name => !name.StartsWith("work", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    static string Recipe(TemporaryFolder folder)
    {
        var random = new Random(2);
        var text = new StringBuilder();
        for (int i = 0; i < 12_000; i++)
        {
            text.Append("{\"author\":\"A").Append(i % 8).Append("\",\"text\":\"");
            for (int word = 0; word < 120; word++)
                text.Append((char)('a' + random.Next(26))).Append((char)('a' + random.Next(26))).Append(random.Next(200)).Append(' ');
            text.Append(i % 5 == 0 ? "\\nThis line stands in many of the documents.\"}\n" : "\"}\n");
        }

        File.WriteAllText(folder["books.jsonl"], text.ToString());
        folder.Write("eval.jsonl", "{\"q\":\"one sentence that is nowhere in it at all\"}");
        return folder.Write("corpus.yaml", """
            name: killed
            sources: [{files: books.jsonl, group_field: author}]
            repeated_lines: {min_documents: 100}
            near_duplicates: {threshold: 0.8}
            decontamination: {sets: [{files: eval.jsonl}]}
            split: {validation_fraction: 0.05, held_out_groups: [A3]}
            tokenizer: {vocab_size: 2000}
            """);
    }
}
