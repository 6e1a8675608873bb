using System.Globalization;
using System.Text.Json;

namespace Cria.Cli.Tests.Recipes;

/// <summary>The tokenizer of recipes/babyllama/prepare.sh on a small text, fact by fact.</summary>
public sealed class BabyLlamaTokenizerTests : IDisposable
{
    const string Text = """
        The ﬁsh swims! "Where's the fish?" asks 1 cat, #2 asks: $3 (4%) & 5*6+7-8/9 or 0.
        The fish sings. The cat's tail swings; we've seen it, they'll see, I'd say, I'm sure, don't you're.
        The fish swims, the cat sings.

        """;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_the_published_kind_of_tokenizer_part_by_part()
    {
        JsonElement file = Trained("tokenizer", "--learn-prefix-space");
        Assert.Equal([(0, "<pad>"), (1, "<s>"), (2, "</s>")], file.GetProperty("added_tokens").EnumerateArray()
            .Select(token => (token.GetProperty("id").GetInt32(), token.GetProperty("content").GetString()!)));
        Assert.Equal("NFKC", file.GetProperty("normalizer").GetProperty("type").GetString());
        JsonElement words = file.GetProperty("pre_tokenizer"), model = file.GetProperty("model");
        Assert.Equal(("ByteLevel", false, true), (words.GetProperty("type").GetString(), words.GetProperty("add_prefix_space").GetBoolean(), words.GetProperty("use_regex").GetBoolean()));
        Assert.Equal("ByteLevel", file.GetProperty("decoder").GetProperty("type").GetString());
        Assert.Equal("ByteLevel", file.GetProperty("post_processor").GetProperty("type").GetString()); // offsets only, no tokens
        Assert.Equal("BPE", model.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, model.GetProperty("unk_token").ValueKind);
    }

    [Fact]
    public void Ids_are_marks_then_the_bytes_seen_in_the_order_of_their_characters_then_merges()
    {
        JsonElement model = Trained("tokenizer", "--learn-prefix-space").GetProperty("model");
        string[] tokens = Tokens(model);
        int merges = model.GetProperty("merges").GetArrayLength();
        string[] bytes = tokens[3..^merges];
        Assert.All(bytes, token => Assert.Single(token));
        Assert.Equal(bytes.Order(StringComparer.Ordinal), bytes);
        Assert.Equal("!", tokens[3]);
        Assert.Contains("Ġ", bytes);
        Assert.DoesNotContain("ï", bytes); // the first byte of ﬁ, which NFKC takes apart
        Assert.Equal(["Ċ"], tokens.Where(token => token.Contains('Ċ')));
        Assert.Contains("ĠThe", tokens); // lines begin with it, and count as if a space stood before them
    }

    [Fact]
    public void What_it_learns_is_learned_with_a_space_before_every_line_and_what_it_encodes_is_not()
    {
        JsonElement used = Trained("used", "--learn-prefix-space"), always = Trained("always", "--add-prefix-space");
        Assert.Equal(used.GetProperty("model").GetRawText(), always.GetProperty("model").GetRawText());
        Assert.Equal(Encode("always", "The fish"), Encode("used", " The fish"));
        Assert.NotEqual(Encode("always", "The fish"), Encode("used", "The fish"));
        Assert.Equal("The fish", Decode(Encode("used", "The fish")));
        Assert.DoesNotContain("ĠThe", Tokens(Trained("without").GetProperty("model"))); // only one stands inside a line
    }

    [Fact]
    public void No_mark_is_put_anywhere_compatible_forms_are_one_and_bytes_never_seen_vanish()
    {
        Trained("used", "--learn-prefix-space");
        Assert.Equal(Encode("used", "The fish"), Encode("used", "The fish", "--special"));
        Assert.Equal(Encode("used", "The fish"), Encode("used", "The ﬁsh"));
        Assert.Equal("The cat", Decode(Encode("used", "The c€at")));
        Assert.All(Encode("used", "<s> the </s>").Split(' '), id => Assert.True(int.Parse(id, CultureInfo.InvariantCulture) > 2)); // names in a text are text
    }

    [Fact]
    public void The_two_ways_of_a_prefix_space_are_not_asked_for_together()
    {
        string file = _folder.Write("text.txt", Text);
        var (code, output, error) = CriaProcess.Run(
            "tokenizer", "train", file, "--add-prefix-space", "--learn-prefix-space", "--out", _folder["no"]);
        Runs.Refusal.Assert(2, code, output, error, "--learn-prefix-space only in learning");
    }

    JsonElement Trained(string name, params string[] prefix)
    {
        string file = _folder.Write("text.txt", Text);
        CriaProcess.Succeed(["tokenizer", "train", file, "--vocab-size", "120", "--special", "<pad>", "--special", "<s>", "--special", "</s>",
            "--normalize", "nfkc", "--by-line", "--alphabet", "seen", .. prefix, "--out", _folder[name]]);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder[name], "tokenizer.json")));
        return json.RootElement.Clone();
    }

    // In the order of their ids.
    static string[] Tokens(JsonElement model)
    {
        var tokens = model.GetProperty("vocab").EnumerateObject().OrderBy(token => token.Value.GetInt32()).ToArray();
        Assert.Equal(Enumerable.Range(0, tokens.Length), tokens.Select(token => token.Value.GetInt32()));
        return [.. tokens.Select(token => token.Name)];
    }

    string Encode(string name, string text, params string[] more) =>
        CriaProcess.Succeed(["tokenizer", "encode", "--tokenizer", _folder[name], .. more, _folder.Write("line.txt", text)]).Trim();

    string Decode(string ids) =>
        CriaProcess.Succeed(["tokenizer", "decode", "--tokenizer", _folder["used"], .. ids.Split(' ')]).TrimEnd('\n');
}
