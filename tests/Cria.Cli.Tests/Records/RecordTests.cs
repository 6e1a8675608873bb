using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cria.Cli.Recipes;
using Cria.Cli.Records;
using Cria.Cli.Tests.Runs;
using Cria.Training;

namespace Cria.Cli.Tests.Records;

/// <summary>Records in a folder of their own, with a track of seconds.</summary>
public sealed class RecordTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public RecordTests()
    {
        Stories("train.txt", count: 60, seed: 7);
        Stories("valid.txt", count: 6, seed: 8);
        Directory.CreateDirectory(_folder["records"]);
        _folder.Write("records/README.md", "# Records\n\n<!-- entries -->\nold\n<!-- /entries -->\n\nThe end.\n");
        _folder.Write("records/tracks.yaml", $$"""
            corpus:
              train: {file: {{_folder["train.txt"]}}, bytes: {{Bytes("train.txt").Length}}, sha256: {{Hash(Bytes("train.txt"))}}}
              validation: {file: {{_folder["valid.txt"]}}, bytes: {{Bytes("valid.txt").Length}}, sha256: {{Hash(Bytes("valid.txt"))}}}
            tracks:
              - {name: seconds, time: 2s, grace: 100s, threads: 2, noise: 0.01}
              - {name: part, time: 2s, grace: 100s, threads: 2, first_bytes: {{Part}}, first_sha256: {{Hash(Bytes("train.txt").AsSpan(0, Part))}}}
            """);
    }

    int Part => Bytes("train.txt").Length / 2;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_timed_entry_is_trained_verified_written_trained_again_to_the_bit_and_put_into_the_table()
    {
        SlowTests.Only();
        string recipe = _folder.Write("mine.yaml", Recipe("stop: {time: 1s}"));
        string made = CriaProcess.Succeed("record", "seconds", recipe, "--out", _folder["run"], "--records", _folder["records"], "--json");
        string folder = JsonDocument.Parse(made).RootElement.GetProperty("entry").GetString()!;
        Assert.Equal(["entry.json", "recipe.yaml"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order());
        var entry = RecordEntry.Read(folder);
        Assert.Equal(("seconds", "tiny", 2), (entry.Track, entry.Name, entry.Threads));
        Assert.InRange(entry.Seconds, 0.3, 100);
        Assert.NotEmpty(entry.Estimates);
        Assert.Equal(entry.Steps, entry.Estimates[^1].LastStep);
        Assert.True(entry.PeakGflops > 0);
        Assert.DoesNotContain(_folder.Root, File.ReadAllText(Path.Combine(folder, "recipe.yaml")), StringComparison.Ordinal);

        CriaProcess.Succeed("record", "verify", folder, "--records", _folder["records"]);
        var again = JsonNode.Parse(CriaProcess.Succeed(
            "record", "verify", folder, "--rerun", "--out", _folder["again"], "--records", _folder["records"], "--json"))!;
        Assert.True((bool)again["is_same_model"]!);
        Assert.Equal(0, (double)again["difference"]!);

        CriaProcess.Succeed("record", "table", "--records", _folder["records"]);
        string readme = File.ReadAllText(_folder["records/README.md"]);
        Assert.Contains($"[{entry.FolderName}](seconds/{entry.FolderName})", readme, StringComparison.Ordinal);
        Assert.Contains("### part\n\nNo entries yet.\n\n<!-- /entries -->\n\nThe end.\n", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("old", readme, StringComparison.Ordinal);

    }

    [Fact]
    public void A_figure_that_is_too_good_with_a_checksum_that_fits_is_met_by_training_again()
    {
        var entry = Enter("seconds", Recipe("steps: 3"));
        string folder = Path.Combine(_folder["records"], "seconds", entry.FolderName);
        double better = entry.Nats * 0.99;
        var forged = entry with { Nats = better, BitsPerByte = better / Math.Log(2) / entry.ValidationBytes };
        File.WriteAllText(Path.Combine(folder, "entry.json"), forged.Text());
        EntryCheck.Read(_folder["records"], folder);
        Assert.Contains("the entry does not hold", Refused(() =>
            SecondTraining.Of(_folder["records"], folder, _folder["again"], false, CancellationToken.None)), StringComparison.Ordinal);
        Assert.Contains("choose another --name", Refused(() => Enter("seconds", Recipe("steps: 3"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_track_of_fixed_data_reads_the_first_documents_and_no_others()
    {
        var entry = Enter("part", Recipe("steps: 3"));
        string first = File.ReadAllText(_folder["run/corpus/first.txt"]);
        Assert.Equal(Part, first.Length);
        Assert.Equal(Hash(Bytes("train.txt").AsSpan(0, Part)), entry.TrainSha256);
        Assert.Equal(3, entry.Steps);
        Assert.Empty(entry.Estimates);
        Assert.Equal(Bytes("train.txt")[..Part], File.ReadAllBytes(_folder["run/corpus/first.txt"]));
    }

    [Theory]
    [InlineData("tokenizer: {path: mine.json}", "leave tokenizer.path out")]
    [InlineData("loss: {type: distillation, teachers: [other]}", "leave loss.teachers, loss.targets and chain out")]
    [InlineData("stop: {time: 3s}", "is longer than track seconds allows")]
    [InlineData("checkpoint: {best: true}", "leave checkpoint.best out")]
    [InlineData("data: {train: mine.txt, sequence_length: 32}", "names a text of its own")]
    [InlineData("data: {validation: mine.txt, sequence_length: 32}", "names a text of its own")]
    [InlineData("data: {synth: {stories: 5}, sequence_length: 32}", "names a text of its own")]
    [InlineData("data: {separator: '---', sequence_length: 32}", "leave data.separator and data.text_column out")]
    public void A_recipe_that_breaks_a_rule_is_refused_before_it_is_trained(string section, string said)
    {
        Assert.Contains(said, Refused(() => Enter("seconds", Recipe(section))), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public void A_corpus_in_which_one_byte_is_another_is_refused()
    {
        byte[] bytes = Bytes("valid.txt");
        bytes[10] ^= 1;
        File.WriteAllBytes(_folder["valid.txt"], bytes);
        Assert.Contains("records are made on that text alone", Refused(() => Enter("seconds", Recipe())), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_took_longer_than_its_track_allows_is_no_entry()
    {
        var track = new Track { Name = "seconds", Time = TimeSpan.FromSeconds(2), Grace = TimeSpan.FromSeconds(1) };
        TrackRun.CheckTime(track, 3);
        Assert.Contains("allows 2", Refused(() => TrackRun.CheckTime(track, 3.1)), StringComparison.Ordinal);
        Refused(() => TrackRun.CheckTime(track, double.NaN));
    }

    [Fact]
    public void An_entry_that_was_edited_is_refused_in_a_sentence_that_says_what_does_not_fit()
    {
        var entry = Enter("seconds", Recipe("steps: 3"));
        string folder = Path.Combine(_folder["records"], "seconds", entry.FolderName), file = Path.Combine(folder, "entry.json");
        string honest = File.ReadAllText(file);
        Assert.Equal(entry.Text(), honest);

        File.WriteAllText(file, honest.Replace("\"steps\": 3", "\"steps\": 2", StringComparison.Ordinal));
        Assert.Contains("was changed after it was written", Verify(), StringComparison.Ordinal);
        Assert.Contains("ln 2", Sealed(entry with { BitsPerByte = 1 }), StringComparison.Ordinal);
        Assert.Contains("allows 2", Sealed(entry with { Seconds = 200 }), StringComparison.Ordinal);
        Assert.Contains("planned to end after step 3", Sealed(entry with { Steps = 4 }), StringComparison.Ordinal);
        Assert.Contains("FLOPs", Sealed(entry with { Flops = 1 }), StringComparison.Ordinal);
        Assert.Contains("on another text", Sealed(entry with { TrainSha256 = entry.ValidationSha256 }), StringComparison.Ordinal);
        Assert.Contains("is called", Sealed(entry with { Name = "other" }), StringComparison.Ordinal);
        Assert.Contains("has no such track", Sealed(entry with { Track = "hours" }), StringComparison.Ordinal);
        Assert.Contains("threads", Sealed(entry with { Threads = 64 }), StringComparison.Ordinal);

        File.WriteAllText(file, honest);
        File.AppendAllText(Path.Combine(folder, "recipe.yaml"), "# harmless\n");
        Assert.Contains("is not the recipe", Verify(), StringComparison.Ordinal);

        string Sealed(RecordEntry edited)
        {
            File.WriteAllText(file, edited.Text());
            return Verify();
        }

        string Verify() => Refused(() => EntryCheck.Read(_folder["records"], folder));
    }

    [Fact]
    public void An_unknown_track_is_answered_with_the_nearest_and_other_threads_than_the_tracks_are_wrong_use()
    {
        string recipe = _folder.Write("mine.yaml", Recipe());
        (int code, string output, string error) = CriaProcess.Run("record", "second", recipe, "--records", _folder["records"]);
        Refusal.Assert(2, code, output, error, "seconds");
        (code, output, error) = CriaProcess.Run("record", "seconds", recipe, "--records", _folder["records"], "--threads", "3");
        Refusal.Assert(2, code, output, error, "leave it out");
    }

    [Fact]
    public void The_committed_tracks_are_read_and_every_committed_entry_holds()
    {
        string records = Path.Combine(Repository(), "records");
        var tracks = TrackList.Read(records);
        Assert.Equal(["5-minutes", "20-minutes", "60-minutes", "fixed-data"], tracks.Tracks.Select(track => track.Name));
        foreach (var track in tracks.Tracks.Where(track => Directory.Exists(Path.Combine(records, track.Name))))
            foreach (string entry in Directory.EnumerateDirectories(Path.Combine(records, track.Name)))
                Assert.Equal(track.Name, EntryCheck.Read(records, entry).Entry.Track);
    }

    [Fact]
    public void The_committed_hashes_are_those_of_the_corpus()
    {
        TestData.Need(Path.Combine(TestData.Root, "classics", "children_train.txt"));
        Assert.SkipWhen(Environment.GetEnvironmentVariable("CRIA_DATA") is not { Length: > 0 }, "CRIA_DATA is not set");
        var tracks = TrackList.Read(Path.Combine(Repository(), "records"));
        var corpus = TrackCorpus.Open(tracks, tracks.Find("fixed-data"), _folder["part"]);
        Assert.EndsWith("\n<|endoftext|>\n", File.ReadAllText(corpus.Train), StringComparison.Ordinal); // whole documents
    }

    RecordEntry Enter(string track, string recipe)
    {
        var read = RecipeFile.Parse(recipe, "mine.yaml", _folder.Root);
        return new EntryRun(_folder["records"], track, "tiny").Train(read, _folder["run"], false, CancellationToken.None)!.Value.Entry;
    }

    static string Refused(Action act) => Assert.Throws<TrainingException>(act).Message;

    static string Refused<T>(Func<T> act) => Refused(() => { act(); });

    // A small model; a section replaces the one of its name.
    static string Recipe(string section = "")
    {
        string key = section.Split(':')[0] + ":";
        string[] lines =
        [
            "name: tiny", "seed: 5",
            "model: {hidden_size: 32, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 48, max_position_embeddings: 32}",
            "tokenizer: {vocab_size: 300}", "data: {sequence_length: 32}", "batch: {micro_batch_size: 2, tokens_per_step: 128}",
            "schedule: {warmup_steps: 2}", "evaluate: {every: 0}",
        ];
        return string.Concat(lines.Where(line => section.Length == 0 || !line.StartsWith(key, StringComparison.Ordinal)).Append(section)
            .Select(line => line + "\n"));
    }

    void Stories(string name, int count, ulong seed)
    {
        var generator = new Data.Stories.StoryGenerator(seed);
        File.WriteAllText(_folder[name], string.Concat(Enumerable.Range(0, count).Select(i => generator.At(i).Text + "\n<|endoftext|>\n")));
    }

    byte[] Bytes(string name) => File.ReadAllBytes(_folder[name]);

    static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cria.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
