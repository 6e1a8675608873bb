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
