using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Cria.Cli.Tests.Verbs;

/// <summary><c>cria eval --tasks</c> on a real checkpoint.</summary>
public sealed class EvalPairsTests : IDisposable
{
    const string Zorro = "look at this cars .\nlook at this car .\nlook at these car .\nlook at these cars .\n";

    readonly TemporaryFolder _folder = new();

    static string Model => Path.Combine(TestData.Root, "checkpoints", "stories260K-hf");

    static string Blimp => Path.Combine(TestData.Root, "eval", "blimp");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tables_documents_and_page_say_the_same_of_two_tasks_and_a_trigram_stands_beside_the_model()
    {
        TestData.Need(Model);
        Directory.CreateDirectory(_folder["data/blimp"]);
        Directory.CreateDirectory(_folder["data/zorro"]);
        _folder.Write("data/zorro/agreement_determiner_noun-between_neighbors.txt", Zorro);
        _folder.Write("data/blimp/toy.jsonl", """
            {"sentence_good":"The dog was happy.","sentence_bad":"The dog were happy.","UID":"was","linguistics_term":"agreement"}
            {"sentence_good":"Zyx qwv jkl <b>.","sentence_bad":"The girl was happy.","UID":"strange","linguistics_term":"words"}
            """);
        string text = _folder.Write("text.txt", "The dog was happy.\n<|endoftext|>\nlook at this car .\n");
        string[] line = ["eval", Model, "--tasks", "blimp,zorro", "--data", _folder["data"], "--trigram", text, "--out", _folder["page.html"]];

        string table = CriaProcess.Succeed(line);
        JsonNode json = JsonNode.Parse(CriaProcess.Succeed([.. line, "--json"]))!;

        Assert.Contains("blimp: 2 pairs of 2 paradigms in 2 fields; context bos, no leading space", table, StringComparison.Ordinal);
        Assert.Contains("Kneser–Ney trigram", table, StringComparison.Ordinal);
        Assert.Contains("    good  Zyx qwv jkl <b>.", table, StringComparison.Ordinal);
        JsonNode model = json["tasks"]![0]!["scorers"]![0]!, trigram = json["tasks"]![1]!["scorers"]![1]!;
        Assert.Equal("stories260K-hf", (string?)model["name"]);
        Assert.Equal(0.5, (double)model["accuracy"]!);
        Assert.Equal("The girl was happy.", (string?)model["mistakes"]![0]!["bad"]);
        Assert.True((double)model["mistakes"]![0]!["margin"]! > 10);
        Assert.Equal("agreement_determiner_noun", (string?)trigram["fields"]![0]!["name"]);
        Assert.Equal("agreement_determiner_noun-between_neighbors", (string?)trigram["paradigms"]![0]!["name"]);
        string page = File.ReadAllText(_folder["page.html"]);
        Assert.Contains("Zyx qwv jkl &lt;b&gt;.", page, StringComparison.Ordinal);
        Assert.Contains("zorro: paradigms", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Blimp_is_the_same_at_every_batch_size_and_number_of_threads()
    {
        TestData.Need(Blimp);
        TestData.Need(Model);
        string all = Path.Combine(Blimp, "blimp_compact.jsonl.gz"), data = _folder["sample.jsonl"];
        using (StreamReader lines = new(new GZipStream(File.OpenRead(all), CompressionMode.Decompress)))
            File.WriteAllLines(data, Lines(lines).Where((_, i) => i % (SlowTests.Run ? 20 : 1000) == 7)); // of every paradigm
        string first = Evaluated("1", "1");
        Assert.Equal(first, Evaluated("7", "2"));
        Assert.Equal(first, Evaluated("64", "3"));
        JsonNode scored = JsonNode.Parse(first)!["tasks"]![0]!["scorers"]![0]!;
        Assert.Equal(67, scored["paradigms"]!.AsArray().Count);
        Assert.Equal(12, scored["fields"]!.AsArray().Count);
        Assert.InRange((double)scored["accuracy"]!, 0.4, 0.7); // of so small a model; 0.53 on all pairs

        static IEnumerable<string> Lines(StreamReader reader)
        {
            while (reader.ReadLine() is { } line)
                yield return line;
        }

        string Evaluated(string batch, string threads) => CriaProcess.Succeed(
            "eval", Model, "--tasks", "blimp", "--data", data, "--batch-size", batch, "--threads", threads, "--examples", "20", "--json");
    }

    [Fact]
    public void Several_models_are_scored_one_by_one_and_as_one()
    {
        TestData.Need(Model);
        string data = _folder.Write("a-b.txt", Zorro);
        JsonNode[] scorers = [.. JsonNode.Parse(CriaProcess.Succeed("eval", Model, Model, "--tasks", "zorro", "--data", data, "--average", "probabilities",
            "--context", "eos", "--leading-space", "--json"))!["tasks"]![0]!["scorers"]!.AsArray().Select(node => node!)];
        Assert.Equal(3, scorers.Length);
        Assert.Equal("mean of probabilities", (string?)scorers[2]["name"]);
        Assert.All(scorers, scorer => Assert.Equal((double)scorers[0]["accuracy"]!, (double)scorer["accuracy"]!));
    }

    [Theory]
    [InlineData(2, "'blmp', which is no task; did you mean 'blimp'?", "--tasks", "blmp", "--data", ".")]
    [InlineData(2, "names blimp twice", "--tasks", "blimp,blimp", "--data", ".")]
    [InlineData(2, "--tasks needs --data", "--tasks", "blimp")]
    [InlineData(2, "has no folder zorro", "--tasks", "zorro,blimp", "--data", ".")]
    [InlineData(2, "nothing is named to be evaluated on", "--batch-size", "3")]
    [InlineData(2, "ask for one at a time", "--tasks", "blimp", "--data", ".", "--text", "x")]
    [InlineData(2, "--context is for --tasks", "--text", "x", "--context", "eos")]
    [InlineData(2, "is a folder; name a file in it", "--tasks", "blimp", "--data", "x", "--out", ".")]
    [InlineData(1, "none.jsonl does not exist", "--tasks", "blimp", "--data", "none.jsonl")]
    public void What_cannot_be_evaluated_is_refused_in_a_sentence(int expected, string said, params string[] options)
    {
        (int code, string output, string error) = CriaProcess.Run(["eval", "no-model", .. options]);
        Assert.Equal(expected, code);
        Assert.Empty(output);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
