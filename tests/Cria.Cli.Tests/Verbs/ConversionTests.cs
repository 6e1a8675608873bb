using System.Text.Json.Nodes;
using Cria.Cli.Tests.Runs;

namespace Cria.Cli.Tests.Verbs;

/// <summary><c>cria import</c> and <c>cria export</c>, as a person uses them.</summary>
public sealed class ConversionTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_real_checkpoint_goes_through_in_several_files_and_gives_the_same_logits()
    {
        string source = Stories();
        JsonNode imported = Json("import", source, "--out", _folder["in"], "--json");
        Assert.Equal((260_032, "hf", "f32"), ((int)imported["parameters"]!, (string?)imported["source_format"], (string?)imported["dtype"]));
        Json("export", _folder["in"], "--to", "hf", "--max-shard-size", "200k", "--out", _folder["several"], "--json");
        Assert.True(Directory.GetFiles(_folder["several"], "*.safetensors").Length > 4);
        string logits = Logits(source);
        foreach (string path in (string[])["in", "several", "in/model.safetensors", "several/model.safetensors.index.json"])
            Assert.Equal(logits, Logits(_folder[path]));
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, "tokenizer.json")), File.ReadAllBytes(_folder["several/tokenizer.json"]));
    }

    [Fact]
    public void Half_the_bytes_are_half_the_file_and_inspect_says_so()
    {
        string source = Stories();
        JsonNode exported = Json("export", source, "--to", "hf", "--dtype", "bf16", "--out", _folder["half"], "--json");
        Assert.Equal(2 * 260_032, (long)Json("inspect", _folder["half"], "--json")["bytes"]!);
        Assert.Equal("BF16", (string?)Json("inspect", _folder["half/model.safetensors"], "--json")["weights"]);
        Assert.True((long)exported["bytes"]! < 600_000);
    }

    [Fact]
    public void A_run_is_exported_with_a_card_that_says_what_it_was_trained_on()
    {
        CriaProcess.Succeed("train", _folder.Write("tiny.yaml", TinyRun.Recipe(steps: 4, every: 2)), "--out", _folder["run"]);
        foreach (string path in (string[])["run", "run/checkpoints/step-2"])
        {
            string to = _folder[path.Replace('/', '-') + "-hf"];
            CriaProcess.Succeed("export", _folder[path], "--to", "hf", "--out", to);
            string card = File.ReadAllText(Path.Combine(to, "README.md"));
            Assert.StartsWith("---\nlibrary_name: transformers\npipeline_tag: text-generation\nlicense: unknown\n", card, StringComparison.Ordinal);
            Assert.Contains("# tiny\n", card, StringComparison.Ordinal);
            Assert.Contains("| source | stories of Cria's embedded generator, 200 of seed 1 |", card, StringComparison.Ordinal);
            int steps = path == "run" ? 4 : 2; // the run was validated at its end only
            Assert.Contains($"| steps | {steps} of 128 tokens |", card, StringComparison.Ordinal);
            Assert.Equal(path == "run", card.Contains("type: perplexity", StringComparison.Ordinal));
            Assert.DoesNotContain(_folder.Root, card, StringComparison.Ordinal);
        }
        Assert.Contains("# tiny\n", File.ReadAllText(_folder["run/model/README.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_done_is_refused_and_leaves_nothing()
    {
        string source = Stories();
        Directory.CreateDirectory(_folder["there"]);
        Refused(1, ["there", "exists already"], "import", source, "--out", _folder["there"]);
        Refused(2, ["--to got 'hg'", "'hf'"], "export", source, "--to", "hg", "--out", _folder["new"]);
        Refused(2, ["--dtype got 'q3'", "f32"], "export", source, "--to", "hf", "--dtype", "q3", "--out", _folder["new"]);
        Refused(2, ["--tokenizer got"], "import", source, "--tokenizer", _folder["nowhere"], "--out", _folder["new"]);
        Refused(1, ["does not exist"], "import", _folder["nowhere"], "--out", _folder["new"]);
        File.WriteAllBytes(_folder["pytorch_model.bin"], [.. "PK\u0003\u0004"u8, .. new byte[100]]);
        Refused(1, ["pickle", "runs code", "python -c", "save_file"], "import", _folder["pytorch_model.bin"], "--out", _folder["new"]);
        File.Copy(Path.Combine(source, "config.json"), _folder["config.json"]);
        Refused(1, ["pickle", "python -c"], "import", _folder.Root, "--out", _folder["new"]);
        Assert.False(Path.Exists(_folder["new"]));
    }

    static string Stories()
    {
        string source = Path.Combine(TestData.Root, "checkpoints", "stories260K-hf");
        TestData.Need(source);
        return source;
    }

    static void Refused(int code, string[] said, params string[] arguments)
    {
        (int actual, string output, string error) = CriaProcess.Run(arguments);
        Refusal.Assert(code, actual, output, error, said);
    }

    static JsonNode Json(params string[] arguments) => JsonNode.Parse(CriaProcess.Succeed(arguments))!;

    static string Logits(string path) => CriaProcess.Succeed("logits", path, "--ids", "1,403,407,261,378", "--json");
}
