using System.Text.Json.Nodes;
using Cria.Cli.Tests.Runs;

namespace Cria.Cli.Tests.Verbs;

/// <summary><c>cria inspect</c> knows what other verbs take.</summary>
public sealed class InspectTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt2/merges.txt", 50257)]
    [InlineData("gpt2/vocab.json", 50257)]
    [InlineData("gpt2/tokenizer.json", 50257)]
    [InlineData("tiktoken/r50k_base.tiktoken", 50257)]
    [InlineData("llama2/tokenizer.model", 32000)]
    [InlineData("llama2", 32000)]
    public void A_tokenizer_of_any_kind(string file, int size)
    {
        string path = Path.Combine(TestData.Root, "tokenizers", file);
        TestData.Need(path);
        JsonNode facts = JsonNode.Parse(CriaProcess.Succeed("inspect", path, "--json"))!;
        Assert.Equal(("tokenizer", size), ((string?)facts["kind"], (int)facts["vocab_size"]!));
    }

    [Fact]
    public void A_corpus_recipe_says_its_stages_and_sources_also_where_these_are_not_there()
    {
        _folder.Write("a.txt", "words");
        string recipe = _folder.Write("corpus.yaml", """
            name: mine
            sources:
              - files: [a.txt]
              - files: ["${CRIA_TEST_IS_NOT_SET}/b.jsonl"]
            steps: [nfc, length: {min_words: 20}]
            near_duplicates: {threshold: 0.7}
            split: {validation_fraction: 0.1}
            """);
        JsonNode facts = JsonNode.Parse(CriaProcess.Succeed("inspect", recipe, "--json"))!;
        Assert.Equal(("corpus recipe", "mine"), ((string?)facts["kind"], (string?)facts["name"]));
        Assert.Equal(["clean", "near_duplicates", "split", "tokenizer", "shards"], facts["stages"]!.AsArray().Select(name => (string?)name));
        Assert.EndsWith("a.txt (1 file, 5 B)", (string?)facts["sources"]![0], StringComparison.Ordinal);
        Assert.Equal("${CRIA_TEST_IS_NOT_SET}/b.jsonl (not there)", (string?)facts["sources"]![1]);
        Assert.Equal(["train", "validation"], facts["parts"]!.AsArray().Select(name => (string?)name));
        Assert.Contains("clean, near_duplicates, split", CriaProcess.Succeed("inspect", recipe), StringComparison.Ordinal);
        Refused(2, "there is no key 'stepz'", _folder.Write("wrong.yaml", "name: a\nsources: []\nstepz: []\n"));
    }

    [Fact]
    public void What_is_nothing_that_is_known_is_refused_in_a_sentence()
    {
        Refused(1, "tokenizer", _folder.Write("notes.txt", "Buy bread.\n"));
        Refused(1, "no checkpoint that can be read", _folder.Write("torn.gguf", "GGU"));
        Directory.CreateDirectory(_folder["empty"]);
        Refused(2, "neither", _folder["empty"]);
    }

    static void Refused(int code, string said, string path)
    {
        (int actual, string output, string error) = CriaProcess.Run("inspect", path);
        Refusal.Assert(code, actual, output, error, path, said);
    }
}
