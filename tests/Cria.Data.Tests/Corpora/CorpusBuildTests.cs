using System.Text;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Contamination;
using Cria.Data.Cleaning.Filters;
using Cria.Data.Cleaning.Steps;
using Cria.Data.Corpora;

namespace Cria.Data.Tests.Corpora;

public sealed class CorpusBuildTests
{
    const string Notice = "Please accept the notice that stands below every page of this site.";

    [Fact]
    public void A_corpus_goes_through_all_stages_and_each_says_what_it_removed()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<StageReport> reports = Build(Recipe(folder), folder["out"]);
        Assert.Equal(["clean", "repeated_lines", "near_duplicates", "decontamination", "split"], reports.Select(report => report.Stage));

        StageReport clean = reports[0], lines = reports[1], near = reports[2], decontamination = reports[3];
        Assert.Equal((303, 301), (clean.Before!.Documents, clean.After!.Documents));
        IEnumerable<StageStep> removing = clean.Steps.Where(step => step.Removes && step.Documents > 0);
        Assert.Equal([1, 1], removing.Select(step => step.Documents)); // too short; equal
        Assert.Equal(100, Assert.Single(lines.Steps, step => step.Documents > 0).Documents);
        Assert.Contains("Please accept the notice", lines.Steps[0].Examples[0].Before, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(near.Steps).Documents);
        Assert.Contains("with books.jsonl:1", near.Steps[0].Examples[0].Reason, StringComparison.Ordinal);
        Assert.Equal(1, decontamination.Steps.Sum(step => step.Documents));
        for (int i = 1; i < 4; i++)
            Assert.Equal(reports[i - 1].After, reports[i].Before);

        string train = File.ReadAllText(folder["out/train.jsonl"]), held = File.ReadAllText(folder["out/held_out.jsonl"]);
        Assert.DoesNotContain(Notice, train + held, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Author 3\"", train, StringComparison.Ordinal);
        Assert.All(held.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.EndsWith("\"group\":\"Author 3\"}", line, StringComparison.Ordinal));
        Assert.Contains("{\"text\":\"", train, StringComparison.Ordinal);
        Assert.Equal(new HashSet<string> { "train.jsonl", "held_out.jsonl", "validation.jsonl" }, [.. Directory.GetFiles(folder["out"]).Select(file => Path.GetFileName(file))]);
        Assert.All(Directory.GetFiles(folder["out/work"]), file => Assert.EndsWith(".json", file, StringComparison.Ordinal)); // texts of stages are gone
    }

    [Fact]
    public void Threads_and_interruptions_change_nothing()
    {
        using var folder = new TemporaryFolder();
        CorpusRecipe recipe = Recipe(folder);
        Build(recipe, folder["one"], threads: 1);
        for (int stage = 0; stage < 5; stage++)
        {
            string other = folder[$"killed{stage}"];
            Assert.Throws<OperationCanceledException>(() => Build(recipe, other, threads: 3, stopAt: stage));
            Build(recipe, other, threads: 2);
            foreach (string set in recipe.Split.Sets)
                Assert.Equal(File.ReadAllText(folder[$"one/{set}.jsonl"]), File.ReadAllText(Path.Combine(other, $"{set}.jsonl")));
        }
    }

    [Fact]
    public void What_is_done_is_not_done_again_and_what_has_changed_is()
    {
        using var folder = new TemporaryFolder();
        CorpusRecipe recipe = Recipe(folder);
        Assert.Equal(5, Stages(recipe).Length);
        Assert.Empty(Stages(recipe));
        Assert.Equal(["split"], Stages(recipe with { Split = recipe.Split with { HeldOutGroups = ["Author 4"] } })[^1..]);
        Assert.Equal("clean", Stages(recipe with { Steps = [new Spaces()] })[0]);
        File.Delete(folder["out/validation.jsonl"]);
        Assert.NotEmpty(Stages(recipe with { Steps = [new Spaces()] }));
        File.AppendAllText(folder["books.jsonl"], Line("a new document that has enough words to stay", "Author 1"));
        Assert.Equal("clean", Stages(recipe with { Steps = [new Spaces()] })[0]);

        string[] Stages(CorpusRecipe recipe)
        {
            List<string> told = [];
            new CorpusBuild(folder["out"], 2, told.Add, default).Run(CorpusStages.OfText(recipe));
            return [.. told];
        }
    }

    [Fact]
    public void A_document_keeps_its_side_whatever_else_is_in_the_corpus()
    {
        using var folder = new TemporaryFolder();
        CorpusRecipe recipe = Recipe(folder) with { RepeatedLines = null, NearDuplicates = null, Decontamination = null };
        Build(recipe, folder["one"]);
        string[] lines = File.ReadAllLines(folder["books.jsonl"]);
        File.WriteAllLines(folder["books.jsonl"], lines.Where((_, i) => i % 3 == 0).Reverse());
        Build(recipe, folder["half"]);
        foreach (string set in recipe.Split.Sets)
            Assert.Subset(new HashSet<string>(File.ReadAllLines(folder[$"one/{set}.jsonl"])), new HashSet<string>(File.ReadAllLines(folder[$"half/{set}.jsonl"])));
    }

    [Fact]
    public void Every_step_that_a_recipe_may_name_decides_the_result()
    {
        using var folder = new TemporaryFolder();
        CorpusRecipe recipe = Recipe(folder);
        string[] keys = [.. CleaningSteps.Types.Values.Select(type => Key(recipe, (IDocumentStep)Activator.CreateInstance(type)!))];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.NotEqual(Key(recipe, new LengthFilter()), Key(recipe, new LengthFilter { MinWords = 3 }));
        Assert.NotEqual(Key(recipe, new BoilerplateLines()), Key(recipe, new BoilerplateLines { Patterns = ["^a"] }));

        static string Key(CorpusRecipe recipe, IDocumentStep step) => CorpusStages.OfText(recipe with { Steps = [step] })[0].Key;
    }

    [Fact]
    public void What_cannot_be_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        CorpusRecipe recipe = Recipe(folder);
        Says("names \"Author 99\", and no document has that group; there are Author 0, Author 1,", recipe with { Split = new() { HeldOutGroups = ["Author 99"] } });
        Says("has no group_field", recipe with { Sources = [recipe.Sources[0] with { GroupField = null }] });
        Says("No document fell into validation", recipe with { Split = new() { ValidationFraction = 1e-12 } });
        Says("give numbers from 0 to less than 1", recipe with { Split = new() { ValidationFraction = 1 } });
        Says("does not exist", recipe with { Sources = [new() { Files = [folder["absent.txt"]], GroupField = "author" }] });
        Says("No document is left after clean; loosen what the recipe says under steps", recipe with { Steps = [new LengthFilter { MinWords = 1000 }] });
        Says("No document is left after decontamination; loosen what the recipe says under decontamination", recipe with
        {
            Decontamination = recipe.Decontamination! with
            {
                Sets = [new() { Files = [folder["books.jsonl"]], Fields = ["text"] }],
                Options = new() { Mode = ContaminationMode.Document },
            },
        });
        Says("has version 2", recipe with { Version = 2 });

        void Says(string words, CorpusRecipe recipe) =>
            Assert.Contains(words, Assert.Throws<DataException>(() => Build(recipe, folder[$"out{words.Length}"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_said_before_anything_is_made()
    {
        using var folder = new TemporaryFolder();
        CorpusRecipe recipe = Recipe(folder);
        Says("threshold of near-duplicates is 1.5", recipe with { NearDuplicates = new() { Threshold = 1.5 } });
        Says("bands of 9 rows do not fit", recipe with { NearDuplicates = new() { Banding = new(99, 9) } });
        Says("min_documents 1", recipe with { RepeatedLines = new() { MinDocuments = 1 } });
        Says("has no sets", recipe with { Decontamination = recipe.Decontamination! with { Sets = [] } });
        Says("has no files", recipe with { Decontamination = recipe.Decontamination! with { Sets = [new() { Files = [] }] } });
        Says("1 words in a row", recipe with { Decontamination = recipe.Decontamination! with { Options = new() { NgramWords = 1 } } });
        Says("no evaluation text in the fields no_such", recipe with
        {
            Decontamination = recipe.Decontamination! with { Sets = [recipe.Decontamination!.Sets[0] with { Fields = ["no_such"] }] },
        });
        Says("shards.tokens_per_shard is 0", recipe with { Shards = new() { TokensPerShard = 0 } });
        Says("tokenizer.min_frequency is 0", recipe with { Tokenizer = new() { MinFrequency = 0 } });

        void Says(string words, CorpusRecipe recipe)
        {
            Assert.Contains(words, Assert.Throws<DataException>(() => Build(recipe, folder["out"])).Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder["out"]));
        }
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void No_text_that_is_held_out_is_trained_on_also_where_stages_made_it_so(bool removesDuplicates)
    {
        using var folder = new TemporaryFolder();
        string Page(int i) => string.Join(' ', Enumerable.Range(0, 30).Select(word => $"w{KeyedHash.Combine((ulong)i, (ulong)word) % 100_000}"));
        IEnumerable<string> lines = Enumerable.Range(0, 40).SelectMany(i => (string[])
        [
            Line("Home, About, Contact, Imprint of the one\n" + Page(i), "Other"),
            Line("Home, About, Contact, Imprint of the other\n" + Page(i), "Held"),
        ]);
        string[] alone = [Line(Page(1000), "Other"), Line(Page(1000) + "\nHome, About, Contact, Imprint of the one", "Other"), Line(Page(1001), "Other")];
        folder.Write("books.jsonl", Encoding.UTF8.GetBytes(string.Concat(lines.Concat(alone))));
        IReadOnlyList<StageReport> reports = Build(
            new CorpusRecipe
            {
                Name = "pages",
                Sources = [new() { Files = [folder["books.jsonl"]], GroupField = "author" }],
                RemovesDuplicates = removesDuplicates,
                RepeatedLines = new() { MinDocuments = 20 },
                Split = new() { HeldOutGroups = ["Held"] },
            },
            folder["out"]);
        Assert.Equal(40, File.ReadAllLines(folder["out/held_out.jsonl"]).Length);
        Assert.Equal(removesDuplicates ? 2 : 3, File.ReadAllLines(folder["out/train.jsonl"]).Length);
        StageReport split = reports[^1];
        Assert.Equal([40, removesDuplicates ? 1 : 0], split.Steps.Select(step => step.Documents));
        Assert.Equal((83, removesDuplicates ? 42 : 43), (split.Before!.Documents, split.After!.Documents));
        Assert.Empty(split.Warnings);
    }

    [Fact]
    public void Documents_of_no_group_are_told_of_where_groups_are_held_out()
    {
        using var folder = new TemporaryFolder();
        CorpusRecipe recipe = Recipe(folder);
        File.AppendAllText(folder["books.jsonl"], "{\"text\":\"words of somebody who is not named at all\"}\n");
        string warning = Assert.Single(Build(recipe, folder["out"])[^1].Warnings);
        Assert.Contains("1 documents say of no group", warning, StringComparison.Ordinal);
        Assert.Contains("books.jsonl:304", warning, StringComparison.Ordinal);
        Assert.Empty(Build(recipe with { Split = new() { ValidationFraction = 0.1 } }, folder["out"])[^1].Warnings);
    }

    [Theory]
    [InlineData("train.jsonl"), InlineData("validation.jsonl"), InlineData("README.md"), InlineData("work/clean.json"), InlineData("work/build.json")]
    public void What_no_build_has_made_is_neither_removed_nor_written_over(string mine)
    {
        using var folder = new TemporaryFolder();
        CorpusRecipe recipe = Recipe(folder);
        folder.Write("out/" + mine, "mine"u8);
        Refuses();
        File.Delete(folder["out/" + mine]);
        Build(recipe with { Split = new() }, folder["out"]); // makes no validation.jsonl
        bool isOthers = mine is "validation.jsonl" or "README.md";
        if (isOthers)
        {
            folder.Write("out/" + mine, "mine"u8);
            Refuses();
        }

        void Refuses()
        {
            var build = new CorpusBuild(folder["out"], 1, _ => { }, default) { Descriptions = ["README.md"] };
            string[] before = Directory.GetFiles(folder["out"], "*", SearchOption.AllDirectories);
            string said = Assert.Throws<DataException>(() => build.Run(CorpusStages.OfText(recipe))).Message;
            Assert.Contains($"{mine} is in the way", said, StringComparison.Ordinal);
            Assert.Equal("mine", File.ReadAllText(folder["out/" + mine]));
            Assert.Equal(before, Directory.GetFiles(folder["out"], "*", SearchOption.AllDirectories));
        }
    }

    [Fact]
    public void A_marker_that_names_what_lies_outside_of_the_corpus_is_none()
    {
        using var folder = new TemporaryFolder();
        folder.Write("mine.txt", "mine"u8);
        CorpusRecipe recipe = Recipe(folder);
        Build(recipe, folder["out"]);
        foreach (string path in (string[])["../mine.txt", folder["mine.txt"], "..", "", "work/../../mine.txt"])
            File.WriteAllText(Path.Combine(folder["out"], CorpusBuild.Work, $"x{path.Length}.json"), $$"""{"Key":"","Outputs":["{{path}}"]}""");
        Build(recipe with { Steps = [new Spaces()] }, folder["out"]);
        Assert.True(File.Exists(folder["mine.txt"]));
    }

    [Fact]
    public void What_an_earlier_build_has_made_and_this_one_does_not_goes()
    {
        using var folder = new TemporaryFolder();
        CorpusRecipe recipe = Recipe(folder);
        Build(recipe, folder["out"]);
        Build(recipe with { Split = new(), NearDuplicates = null }, folder["out"]);
        Assert.Equal([folder["out/train.jsonl"]], Directory.GetFiles(folder["out"]));
        Assert.Equal(
            ["build", "clean", "decontamination", "repeated_lines", "split"],
            Directory.GetFiles(folder["out/work"]).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_describes_a_corpus_goes_before_a_stage_is_done_again()
    {
        using var folder = new TemporaryFolder();
        CorpusRecipe recipe = Recipe(folder);
        Describe(recipe, isThere: false);
        Describe(recipe, isThere: true);
        Describe(recipe with { Split = new() }, isThere: false);

        void Describe(CorpusRecipe recipe, bool isThere)
        {
            new CorpusBuild(folder["out"], 1, _ => { }, default) { Descriptions = ["README.md"] }.Run(CorpusStages.OfText(recipe));
            Assert.Equal(isThere, File.Exists(folder["out/README.md"]));
            folder.Write("out/README.md", "a card"u8);
        }
    }

    static IReadOnlyList<StageReport> Build(CorpusRecipe recipe, string folder, int threads = 2, int stopAt = -1)
    {
        using var stop = new CancellationTokenSource();
        int stage = 0;
        return new CorpusBuild(folder, threads, _ => StopAt(stage++), stop.Token).Run(CorpusStages.OfText(recipe));

        void StopAt(int number)
        {
            if (number == stopAt)
                stop.Cancel();
        }
    }

    /// <summary>300 documents of 10 authors, of which 100 end with a notice and one is contaminated; one more is too short, one equal to
    /// another, one nearly equal.</summary>
    static CorpusRecipe Recipe(TemporaryFolder folder)
    {
        var text = new StringBuilder();
        string Words(int document, int from, int count) =>
            string.Join(' ', Enumerable.Range(from, count).Select(i => $"w{KeyedHash.Combine((ulong)document, (ulong)i) % 100_000}"));
        for (int i = 0; i < 300; i++)
            text.Append(Line(Words(i, 0, 60) + (i % 3 == 1 ? "\n" + Notice : ""), $"Author {i % 10}"));
        text.Append(Line("too short", "Author 1"));
        text.Append(Line(Words(6, 0, 60), "Author 2"));
        text.Append(Line(Words(0, 0, 57) + " one two three", "Author 5"));
        folder.Write("books.jsonl", Encoding.UTF8.GetBytes(text.ToString()));
        folder.Write("eval.jsonl", Encoding.UTF8.GetBytes($"{{\"question\":\"{Words(8, 20, 20)}\"}}\n"));
        return new CorpusRecipe
        {
            Name = "small",
            Sources = [new() { Files = [folder["books.jsonl"]], GroupField = "author" }],
            Steps = [.. CleaningRecipe.Basic.Steps, new LengthFilter { MinWords = 5 }],
            RepeatedLines = new() { MinDocuments = 50 },
            NearDuplicates = new() { Threshold = 0.6 },
            Decontamination = new()
            {
                Sets = [new() { Files = [folder["eval.jsonl"]] }],
                Options = new ContaminationOptions { MarginCharacters = 10, MinPieceCharacters = 20 },
            },
            Split = new() { ValidationFraction = 0.1, HeldOutGroups = ["Author 3"] },
        };
    }

    static string Line(string text, string author) => $"{{\"author\":\"{author}\",\"text\":\"{text.Replace("\n", "\\n", StringComparison.Ordinal)}\"}}\n";
}
