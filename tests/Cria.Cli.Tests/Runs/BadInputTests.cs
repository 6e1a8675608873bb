using System.Text;

namespace Cria.Cli.Tests.Runs;

/// <summary>A small trained run, made once, that tests damage copies of.</summary>
public sealed class TrainedRun : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public TrainedRun()
    {
        Run = _folder["run"];
        Recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 6, every: 3));
        CriaProcess.Succeed("train", Recipe, "--out", Run, "--threads", "1");
    }

    public string Recipe { get; }

    public string Run { get; }

    public string Model => Path.Combine(Run, "model");

    public string Copy(string to)
    {
        foreach (string file in Directory.EnumerateFiles(Run, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(Run, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return to;
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>Wrong files and wrong words through the program itself: one sentence, an exit code, nothing half made.</summary>
public sealed class BadInputTests(TrainedRun trained) : IClassFixture<TrainedRun>, IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("empty", "recipe.yaml")]
    [InlineData("binary", "recipe.yaml")]
    [InlineData("missing", "recipe.yaml")]
    public void A_recipe_that_is_none(string kind, string name)
    {
        string path = _folder[name];
        if (kind != "missing")
            File.WriteAllBytes(path, kind == "empty" ? [] : Binary());
        Refused(kind == "missing" ? 1 : 2, [name], "train", path, "--out", _folder["out"]);
        Refused(2, [name], "inspect", path);
        AssertNothingBut(kind == "missing" ? [] : [name]);
    }

    [Theory]
    [InlineData("optimizer.learning_rat=0.1", 2, "learning_rate")]
    [InlineData("stepps=3", 2, "steps")]
    [InlineData("steps=three", 2, "whole number")]
    [InlineData("steps=0", 2, "steps 0")]
    [InlineData("optimizer.learning_rate=-1", 2, "learning_rate -1 is not above 0")]
    [InlineData("schedule.warmup_steps=100", 2, "schedule.warmup_steps 100")]
    [InlineData("model.num_attention_heads=5", 2, "nearest is 30")]
    [InlineData("model.hidden_size=2000000000", 2, "too large")]
    [InlineData("model.vocab_size=7", 2, "smaller than the tokenizer's 300")]
    [InlineData("tokenizer.vocab_size=3", 2, "tokenizer.vocab_size 3 is less than 257")]
    [InlineData("tokenizer.path=nowhere.json", 1, "nowhere.json")]
    [InlineData("sample.temperature=-1", 2, "temperature")]
    [InlineData("version=3", 2, "version 3 is not known; this program reads recipes of versions 1 to")]
    [InlineData("steps", 2, "PATH=VALUE")]
    public void A_recipe_with_a_wrong_key_or_value(string set, int code, string said)
    {
        Refused(code, [said], "train", trained.Recipe, "--out", _folder["out"], "--set", set);
        Assert.False(File.Exists(Path.Combine(_folder["out"], "recipe.yaml")));
        Assert.False(Directory.Exists(Path.Combine(_folder["out"], "model")));
    }

    [Fact]
    public void A_value_that_cannot_be_is_wrong_use_in_the_file_too()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe().Replace("learning_rate: 1.0e-2", "learning_rate: -1", StringComparison.Ordinal));
        Refused(2, ["learning_rate -1 is not above 0"], "train", recipe, "--out", _folder["out"]);
    }

    [Theory]
    [InlineData("--minutes", "5"), InlineData("--text-column", "story"), InlineData("--separator", "line")]
    public void An_option_of_planned_runs_beside_a_recipe(string option, string value)
    {
        Refused(2, [option, "goes with --text"], "train", trained.Recipe, "--out", _folder["out"], option, value);
        Assert.False(Path.Exists(_folder["out"]));
    }

    [Fact]
    public void Text_that_is_empty_or_not_text()
    {
        foreach (byte[] content in (byte[][])[[], Binary()])
        {
            File.WriteAllBytes(_folder["text.txt"], content);
            Refused(1, [], "quickstart", "--text", _folder["text.txt"], "--out", _folder["out"], "--minutes", "0.01");
            Refused(1, [], "tokenizer", "train", _folder["text.txt"], "--vocab-size", "300", "--out", _folder["tokenizer"]);
            Assert.False(Directory.Exists(Path.Combine(_folder["out"], "model")));
            Assert.False(Path.Exists(_folder["tokenizer"]));
        }
    }

    [Fact]
    public void Bytes_that_are_not_utf_8_are_replaced_and_counted()
    {
        byte[] text = [.. Encoding.UTF8.GetBytes("A good line.\nA bad "), 0xFF, 0xFE, .. Encoding.UTF8.GetBytes(" line.\n")];
        File.WriteAllBytes(_folder["text.txt"], text);
        (int code, string output, string error) = CriaProcess.Run("data", "clean", _folder["text.txt"], "--out", _folder["clean"], "--json");
        Assert.True(code == 0, error);
        using var json = System.Text.Json.JsonDocument.Parse(output);
        Assert.Contains("2", Numbers(json.RootElement, "invalid"));
    }

    [Fact]
    public void Shards_cut_in_the_middle_or_with_another_tokenizer()
    {
        string run = trained.Copy(_folder["copy"]), data = Path.Combine(run, "data"), train = Path.Combine(data, "train");
        string[] arguments =
        [
            "train", trained.Recipe, "--out", _folder["out"], "--set", "data.synth=null", "--set", $"data.train={train}",
            "--set", $"data.validation={Path.Combine(data, "validation")}", "--set", $"tokenizer.path={Path.Combine(data, "tokenizer")}",
        ];
        string shard = Directory.EnumerateFiles(train, "*.bin").First();
        byte[] bytes = File.ReadAllBytes(shard);
        File.WriteAllBytes(shard, bytes[..(bytes.Length / 2)]);
        Refused(1, [shard], arguments);

        File.WriteAllBytes(shard, bytes);
        string manifest = Path.Combine(train, "manifest.json");
        string text = File.ReadAllText(manifest);
        File.WriteAllText(manifest, text[..(text.Length / 2)]);
        Refused(1, [manifest], arguments);
        Refused(1, [manifest], "data", "stats", train);
    }

    [Fact]
    public void A_flipped_byte_in_a_checkpoint_is_passed_over_and_the_older_one_gives_the_same_bits()
    {
        string run = trained.Copy(_folder["copy"]);
        Directory.Delete(Path.Combine(run, "model"), recursive: true);
        string weights = Path.Combine(run, "checkpoints", "step-6", "model.safetensors");
        Flip(weights);
        (int code, _, string error) = CriaProcess.Run("train", trained.Recipe, "--out", run, "--resume", "--threads", "1");
        Assert.True(code == 0, error);
        Assert.Contains(weights, error, StringComparison.Ordinal);
        Assert.Contains("passed over", error, StringComparison.Ordinal);
        TinyRun.AssertSame(trained.Run, run);
        Assert.True(Directory.Exists(Path.Combine(run, "checkpoints", "step-6.damaged")), "the damaged one is kept for a look");
    }

    [Fact]
    public void A_model_that_is_damaged_cut_or_not_there()
    {
        string model = Path.Combine(trained.Copy(_folder["copy"]), "model"), weights = Path.Combine(model, "model.safetensors");
        byte[] whole = File.ReadAllBytes(weights);
        File.WriteAllBytes(weights, whole[..^1000]);
        Refused(1, [weights], "generate", model, "--prompt", "a");
        Refused(1, [weights], "logits", model, "--ids", "1");
        File.WriteAllBytes(weights, Binary());
        Refused(1, [weights], "generate", model, "--prompt", "a");
        File.WriteAllBytes(weights, []);
        Refused(1, [weights], "generate", model, "--prompt", "a");
        File.WriteAllBytes(weights, whole);
        Flip(weights);
        Refused(1, [weights, "damaged"], "generate", model, "--prompt", "a");
        File.WriteAllBytes(weights, whole);
        File.WriteAllText(Path.Combine(model, "config.json"), "{");
        Refused(1, ["config.json"], "generate", model, "--prompt", "a");
        foreach (string verb in (string[])["generate", "logits", "eval"])
            Refused(1, [_folder["nowhere"], "does not exist"], verb, _folder["nowhere"], verb == "generate" ? "--prompt" : verb == "logits" ? "--ids" : "--text", "1");
    }

    [Theory]
    [InlineData(2, "300", "logits", "--ids", "1,300")]
    [InlineData(2, "-1", "logits", "--ids", "1,-1")]
    [InlineData(2, "x", "logits", "--ids", "1,x")]
    [InlineData(2, "--max-tokens", "generate", "--prompt", "a", "--max-tokens", "0")]
    [InlineData(2, "--max-tokens", "generate", "--prompt", "a", "--max-tokens", "many")]
    [InlineData(2, "--threads", "generate", "--prompt", "a", "--threads", "0")]
    [InlineData(2, "--threads", "generate", "--prompt", "a", "--threads", "-3")]
    [InlineData(2, "--threads", "generate", "--prompt", "a", "--threads", "two")]
    [InlineData(2, "--temperature", "generate", "--prompt", "a", "--temperature", "warm")]
    [InlineData(2, "temperature", "generate", "--prompt", "a", "--temperature", "-1")]
    [InlineData(2, "top-p", "generate", "--prompt", "a", "--top-p", "2")]
    [InlineData(2, "top-k", "generate", "--prompt", "a", "--top-k", "-1")]
    [InlineData(2, "--prompt", "generate", "--promt", "a")]
    [InlineData(1, "none.txt", "eval", "--text", "none.txt")]
    public void Words_that_a_verb_cannot_use(int code, string said, string verb, params string[] options) =>
        Refused(code, [said], [verb, trained.Model, .. options]);

    [Fact]
    public void A_folder_of_which_the_output_name_is_a_file()
    {
        string file = _folder.Write("mine", "mine");
        Refused(1, [file], "train", trained.Recipe, "--out", file);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    static void Refused(int expected, string[] said, params string[] arguments)
    {
        (int code, string output, string error) = CriaProcess.Run(arguments);
        Refusal.Assert(expected, code, output, error, said);
    }

    static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    void AssertNothingBut(string[] names) =>
        Assert.Equal(names, Directory.EnumerateFileSystemEntries(_folder.Root).Select(path => Path.GetFileName(path)));

    static IEnumerable<string> Numbers(System.Text.Json.JsonElement element, string name) => element.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name.Contains(name, StringComparison.Ordinal) ? [property.Value.ToString()] : Numbers(property.Value, name)),
        System.Text.Json.JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Numbers(item, name)),
        _ => [],
    };

    static byte[] Binary()
    {
        byte[] bytes = new byte[5000];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(i * 167 + i / 256);
        return bytes;
    }
}
