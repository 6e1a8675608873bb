using System.Text.Json;
using Cria.Data.Readers;
using Cria.Data.Shards;

namespace Cria.Cli.Tests.Verbs;

public sealed class DataBuildTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_recipe_becomes_text_tokens_a_report_and_a_card()
    {
        string recipe = Recipe();
        string output = CriaProcess.Succeed("data", "build", recipe, "--out", _folder["corpus"], "--json");
        JsonElement built = JsonDocument.Parse(output).RootElement;
        JsonElement[] parts = [.. built.GetProperty("parts").EnumerateArray()];
        Assert.Equal(["train", "validation", "held_out"], parts.Select(part => part.GetProperty("name").GetString()));
        foreach (JsonElement part in parts)
        {
            string set = part.GetProperty("name").GetString()!;
            using ShardSet shards = ShardSet.Open(_folder[$"corpus/shards/{set}"]);
            shards.Verify();
            Assert.Equal(shards.ManifestHash, part.GetProperty("manifest_hash").GetString());
            Document[] documents = [.. DocumentReader.Open([_folder[$"corpus/{set}.jsonl"]])];
            Assert.Equal(documents.Length, shards.Manifest.Documents);
            Assert.Equal(documents.Sum(document => (long)document.Utf8.Length), shards.Manifest.TextBytes);
            Assert.Contains(shards.ManifestHash, File.ReadAllText(_folder["corpus/README.md"]), StringComparison.Ordinal);
            Assert.Contains(shards.ManifestHash, File.ReadAllText(_folder["corpus/report.html"]), StringComparison.Ordinal);
        }

        JsonElement facts = JsonDocument.Parse(CriaProcess.Succeed("inspect", _folder["corpus"], "--json")).RootElement;
        Assert.True(facts.GetProperty("finished").GetBoolean());
        Assert.True(facts.GetProperty("train_tokens").GetInt64() > 0);

        Assert.Contains("exact duplicates removed", File.ReadAllText(_folder["corpus/report.json"]), StringComparison.Ordinal);
        Assert.Contains("CC0", File.ReadAllText(_folder["corpus/README.md"]), StringComparison.Ordinal);

        (int code, _, string error) = CriaProcess.Run("data", "build", recipe, "--out", _folder["corpus"]);
        Assert.Equal(1, code);
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        (_, _, string told) = CriaProcess.Run("data", "build", recipe, "--out", _folder["corpus"], "--resume", "--set", "tokenizer.vocab_size=400");
        Assert.Equal(["tokenizer", "shards"], told.Split('\n', StringSplitOptions.RemoveEmptyEntries)); // the text is not made again
    }

    [Fact]
    public void A_folder_with_other_things_in_it_stays_as_it_is()
    {
        string recipe = Recipe();
        foreach (string name in (string[])["train.jsonl", "tokenizer/mine.txt", "README.md", "report.json"])
        {
            string mine = _folder[$"{name.Length}/{name}"];
            Directory.CreateDirectory(Path.GetDirectoryName(mine)!);
            File.WriteAllText(mine, "mine");
            Refuses($"{name.Split('/')[0]} is in the way", "data", "build", recipe, "--out", _folder[$"{name.Length}"]);
            Assert.Equal("mine", File.ReadAllText(mine));
        }

        Directory.CreateDirectory(_folder["run"]);
        _folder.Write("run/recipe.yaml", "model: {}"); // as a training run's
        Refuses("recipe.yaml is in the way", "data", "build", recipe, "--out", _folder["run"], "--resume");
        Assert.Equal([_folder["run/recipe.yaml"]], Directory.GetFileSystemEntries(_folder["run"]));
    }

    [Fact]
    public void A_build_that_fails_leaves_no_words_about_a_corpus_that_is_gone()
    {
        string recipe = Recipe();
        CriaProcess.Succeed("data", "build", recipe, "--out", _folder["corpus"]);
        string[] whole = Names();
        Assert.Equal(["README.md", "held_out.jsonl", "recipe.yaml", "report.html", "report.json", "shards", "tokenizer", "train.jsonl", "validation.jsonl", "work"], whole);
        Refuses("no document has that group", "data", "build", recipe, "--out", _folder["corpus"], "--resume", "--set", "split.held_out_groups=[Nobody]");
        Assert.Equal(["work"], Names());
        Refuses("--resume", "data", "build", recipe, "--out", _folder["corpus"]);
        CriaProcess.Succeed("data", "build", recipe, "--out", _folder["corpus"], "--resume");
        Assert.Equal(whole, Names());

        string[] Names() => [.. Directory.GetFileSystemEntries(_folder["corpus"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void A_given_tokenizer_is_opened_first_and_known_by_what_it_is()
    {
        string recipe = Recipe();
        string given = "tokenizer.path=" + _folder["given"];
        Refuses("tokenizer.path of the recipe names it", "data", "build", recipe, "--out", _folder["corpus"], "--set", given);
        Assert.False(Directory.Exists(_folder["corpus"]));
        CriaProcess.Succeed("tokenizer", "train", _folder["books.jsonl"], "--vocab-size", "280", "--out", _folder["given"]);
        CriaProcess.Succeed("data", "build", recipe, "--out", _folder["corpus"], "--set", given);
        Directory.Delete(_folder["given"], recursive: true);
        CriaProcess.Succeed("tokenizer", "train", _folder["books.jsonl"], "--vocab-size", "290", "--out", _folder["given"]);
        CriaProcess.Succeed("data", "build", recipe, "--out", _folder["corpus"], "--set", given, "--resume");
        using ShardSet shards = ShardSet.Open(_folder["corpus/shards/train"]);
        Assert.Equal(290, shards.Manifest.VocabSize);
    }

    [Fact]
    public void Groups_go_from_verb_to_verb()
    {
        Recipe();
        CriaProcess.Succeed("data", "clean", _folder["books.jsonl"], "--group-column", "author", "--out", _folder["clean"], "--validation-fraction", "0");
        CriaProcess.Succeed(
            "data", "contamination", _folder["clean/train.jsonl"], "--against", _folder["eval.jsonl"], "--group-column", "group", "--out", _folder["left.jsonl"]);
        var options = new ReaderOptions { GroupField = "group" };
        Assert.Equal(8, DocumentReader.Open([_folder["left.jsonl"]], options).Select(document => document.Group ?? "none").Distinct().Count());
    }

    [Theory]
    [InlineData("tokenizer.vocab_size=3", "tokenizer.vocab_size is 3")]
    [InlineData("shards.tokens_per_shard=0", "shards.tokens_per_shard is 0")]
    public void A_value_that_cannot_be_is_wrong_use(string set, string words)
    {
        (int code, string output, string error) = CriaProcess.Run("data", "build", Recipe(), "--out", _folder["corpus"], "--set", set);
        Runs.Refusal.Assert(2, code, output, error, words);
        Assert.False(Path.Exists(_folder["corpus"]));
    }

    static void Refuses(string words, params string[] arguments)
    {
        (int code, _, string error) = CriaProcess.Run(arguments);
        Assert.Equal(1, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public void BabyLMs_files_are_cleaned_by_their_names_and_steps_come_from_files()
    {
        Directory.CreateDirectory(_folder["in"]);
        File.WriteAllText(_folder["in/qed.train"], "HELLO YOU.\n\nbye\n");
        CriaProcess.Succeed("data", "clean", _folder["in"], "--recipe", "babylm", "--out", _folder["exact"]);
        Assert.Equal("Hello you.\n\nbye", File.ReadAllText(_folder["exact/qed.train"]));
        string steps = _folder.Write("steps.yaml", "name: mine\nsteps: [spaces, {length: {min_words: 2}}]\n");
        string text = _folder.Write("a.jsonl", "{\"text\":\"two  words\"}\n{\"text\":\"one\"}\n");
        CriaProcess.Succeed("data", "clean", text, "--recipe", steps, "--out", _folder["mine"], "--validation-fraction", "0");
        Assert.Equal("{\"text\":\"two words\"}\n", File.ReadAllText(_folder["mine/train.jsonl"]));
        (int code, _, string error) = CriaProcess.Run("data", "clean", text, "--recipe", "babylmm", "--out", _folder["none"]);
        Assert.Equal(2, code);
        Assert.Contains("did you mean 'babylm'?", error, StringComparison.Ordinal);
    }

    /// <summary>The corpus that records are run on is the same to the bit everywhere.</summary>
    [Fact]
    public void Cria_10m_has_its_hashes()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; set CRIA_SLOW=1");
        TestData.Need(Path.Combine(TestData.Root, "classics", "fiction_train.jsonl.gz"));
        TestData.Need(Path.Combine(TestData.Root, "eval", "blimp", "blimp_compact.jsonl.gz"));
        Environment.SetEnvironmentVariable("CRIA_DATA", TestData.Root);
        string recipe = Path.Combine(LauncherTests.RepositoryRoot(), "recipes", "data", "cria-10m.yaml");
        CriaProcess.Succeed("data", "build", recipe, "--out", _folder["cria-10m"], "--threads", "3");
        string published = File.ReadAllText(recipe);
        foreach (string set in (string[])["train", "validation", "held_out"])
        {
            using ShardSet shards = ShardSet.Open(_folder[$"cria-10m/shards/{set}"]);
            Assert.Contains($"#   {set,-10} {shards.ManifestHash}", published, StringComparison.Ordinal);
        }
    }

    string Recipe()
    {
        IEnumerable<string> lines = Enumerable.Range(0, 200).Select(i =>
            $"{{\"author\":\"A{i % 8}\",\"text\":\"Story number {i}  of {i * 7919 % 1000} words goes on and on until number {i * 104729 % 10007}.\"}}");
        _folder.Write("books.jsonl", string.Join('\n', lines.Append(lines.First())));
        _folder.Write("eval.jsonl", "{\"q\":\"Story number 5 of 595 words goes on and on until number\"}");
        return _folder.Write("corpus.yaml", """
            name: small
            sources: [{files: books.jsonl, group_field: author, licence: CC0}]
            near_duplicates: {threshold: 0.95}
            decontamination: {sets: [{files: eval.jsonl}], options: {ngram_words: 8, mode: document}}
            split: {validation_fraction: 0.1, held_out_groups: [A3]}
            tokenizer: {vocab_size: 300}
            """);
    }
}
