using System.Text.Json;
using Cria.Cli.Tests.Runs;

namespace Cria.Cli.Tests.Verbs;

/// <summary>From nothing to shards through the verbs, each of whose reports is one JSON document.</summary>
public sealed class DataAndTokenizerTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Stories_become_clean_text_a_tokenizer_and_shards()
    {
        string stories = _folder["stories.txt"];
        JsonElement synth = Json("data", "synth", "--stories", "300", "--seed", "7", "--out", stories, "--json");
        Assert.Equal(300, synth.GetProperty("stories").GetInt32());
        Assert.Equal(new FileInfo(stories).Length, synth.GetProperty("bytes").GetInt64() + 300 * "\n<|endoftext|>\n".Length);

        JsonElement clean = Json("data", "clean", stories, "--out", _folder["clean"], "--validation-fraction", "0.2", "--json");
        JsonElement report = clean.GetProperty("report");
        Assert.Equal(300, report.GetProperty("before").GetProperty("documents").GetInt32());
        int kept = report.GetProperty("after").GetProperty("documents").GetInt32();
        Assert.InRange(report.GetProperty("validation").GetProperty("documents").GetInt32(), 20, 100);

        string tokenizer = _folder["tokenizer"], train = Path.Combine(_folder["clean"], "train.txt");
        JsonElement trained = Json("tokenizer", "train", train, "--vocab-size", "400", "--out", tokenizer, "--json");
        Assert.Equal(400, trained.GetProperty("vocab_size").GetInt32());

        string validation = Path.Combine(_folder["clean"], "validation.txt");
        JsonElement packed = Json("data", "pack", "--tokenizer", tokenizer, train, validation, "--out", _folder["shards"], "--json");
        JsonElement set = packed.GetProperty("sets")[0];
        Assert.Equal(kept, set.GetProperty("documents").GetInt32());
        Assert.Equal(trained.GetProperty("sha256").GetString(), set.GetProperty("tokenizer_sha256").GetString());

        JsonElement verified = Json("data", "verify", _folder["shards"], "--json").GetProperty("sets")[0];
        string bin = Path.Combine(_folder["shards"], "00000.bin");
        Assert.Equal(new FileInfo(bin).Length + 8 * kept, verified.GetProperty("bytes").GetInt64());
        Assert.Equal(2, verified.GetProperty("files").GetInt32());

        JsonElement stats = Json("data", "stats", _folder["shards"], "--json").GetProperty("paths")[0];
        Assert.Equal(kept, stats.GetProperty("documents").GetInt32());
        Assert.Equal(set.GetProperty("tokens").GetInt64() - kept - 1, stats.GetProperty("tokens").GetInt64());

        byte[] bytes = File.ReadAllBytes(bin);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(bin, bytes);
        (int code, string output, string error) = CriaProcess.Run("data", "verify", _folder["shards"]);
        Refusal.Assert(1, code, output, error, $"{bin} has SHA-256");
    }

    [Fact]
    public void Tables_are_read_by_column_and_plain_text_by_any_separator()
    {
        string table = _folder.Write("books.csv", "author,body\nNesbit,\"Five, and it\"\nCarroll,Down\nNesbit,Down\n");
        JsonElement stats = Json("data", "stats", table, "--text-column", "body", "--group-column", "author", "--json")
            .GetProperty("paths")[0];
        Assert.Equal(3, stats.GetProperty("documents").GetInt32());
        Assert.Equal(1, stats.GetProperty("duplicates").GetInt32());
        Assert.Equal(2, stats.GetProperty("groups").GetInt32());

        string lines = _folder.Write("lines.txt", "one\ntwo\n\nthree\n");
        foreach ((string separator, int documents) in new[] { ("line", 3), ("blank-line", 2), ("two", 2), ("<|endoftext|>", 1) })
        {
            JsonElement found = Json("data", "stats", lines, "--separator", separator, "--json").GetProperty("paths")[0];
            Assert.Equal(documents, found.GetProperty("documents").GetInt32());
        }

        JsonElement bench = Json("bench", "reading", lines, "--separator", "line", "--json").GetProperty("results")[0];
        Assert.Equal(3, bench.GetProperty("documents").GetInt32());
        Assert.True(bench.GetProperty("bytes_per_second").GetDouble() > 0);

        JsonElement clean = Json("data", "clean", table, "--text-column", "body", "--recipe", "none", "--validation-fraction", "0",
            "--out", _folder["tables"], "--json");
        Assert.Equal(3, clean.GetProperty("report").GetProperty("before").GetProperty("documents").GetInt32());
        Assert.True(File.Exists(Path.Combine(_folder["tables"], "train.jsonl")));
        (int code, _, string error) = CriaProcess.Run("data", "stats", table);
        Assert.Equal(1, code);
        Assert.Contains("no column \"text\"; its columns are author, body", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_spill_beside_a_tokenizer_whose_folder_is_in_folders_that_are_not_there_yet()
    {
        string words = _folder.Write("words.txt", string.Join(' ', Enumerable.Range(0, 60_000).Select(i => $"w{i * 7919L:x}")));
        JsonElement trained = Json("tokenizer", "train", words, "--vocab-size", "300", "--max-memory", "1", "--out", _folder["new/deep/tok"], "--json");
        Assert.True(trained.GetProperty("words").GetProperty("spilled_bytes").GetInt64() > 0);
        Assert.Equal([_folder["new/deep/tok"]], Directory.EnumerateFileSystemEntries(_folder["new/deep"]));
    }

    [Fact]
    public void Encode_prints_one_list_a_line_and_decode_gives_the_lines_back()
    {
        string text = "Mia likes apples.\n\nhéllo <|endoftext|> 你好\nlast";
        string file = _folder.Write("text.txt", text);
        string tokenizer = _folder["tokenizer"];
        CriaProcess.Succeed("tokenizer", "train", file, "--vocab-size", "270", "--out", tokenizer);

        JsonElement ids = Json("tokenizer", "encode", "--tokenizer", tokenizer, "--json", file).GetProperty("ids");
        Assert.Equal(4, ids.GetArrayLength());
        Assert.Equal(0, ids[1].GetArrayLength());
        JsonElement special = Json("tokenizer", "encode", "--tokenizer", tokenizer, "--special", "--json", file).GetProperty("ids");
        Assert.True(special[2].GetArrayLength() < ids[2].GetArrayLength());
        Assert.DoesNotContain(0, ids[2].EnumerateArray().Select(id => id.GetInt32()));
        Assert.Contains(0, special[2].EnumerateArray().Select(id => id.GetInt32()));

        string lines = CriaProcess.Succeed("tokenizer", "encode", "--tokenizer", tokenizer, file);
        (int code, string decoded, _) = CriaProcess.RunWithInput(lines, "tokenizer", "decode", "--tokenizer", tokenizer);
        Assert.Equal(0, code);
        Assert.Equal(text + "\n", decoded);
    }

    [Fact]
    public void A_tokenizer_shows_its_size_and_special_tokens()
    {
        string file = _folder.Write("text.txt", "a rose is a rose is a rose");
        CriaProcess.Succeed("tokenizer", "train", file, "--vocab-size", "260", "--out", _folder["tokenizer"]);
        JsonElement shown = Json("tokenizer", "show", _folder["tokenizer"], "--json");
        Assert.Equal(260, shown.GetProperty("vocab_size").GetInt32());
        Assert.Equal("<|endoftext|>", shown.GetProperty("special_tokens")[0].GetProperty("text").GetString());
        Assert.Equal(64, shown.GetProperty("sha256").GetString()!.Length);
    }

    [Theory]
    [InlineData("gpt2", "byte-level BPE", "15496 995", "15496 995")]
    [InlineData("gpt2/merges.txt", "byte-level BPE", "15496 995", "15496 995")]
    [InlineData("tiktoken/cl100k_base.tiktoken", "byte-level BPE", "9906 1917", "9906 1917")]
    [InlineData("llama2", "SentencePiece BPE with byte fallback", "15043 3186", "15043 3186")]
    [InlineData("mistral-v1", "BPE in parts with byte fallback", "22557 1526", "1 22557 1526")]
    public void Other_peoples_tokenizers_encode_decode_and_show_what_they_are(string file, string kind, string ids, string special)
    {
        string path = Path.Combine(TestData.Root, "tokenizers", file), text = _folder.Write("text.txt", "Hello world");
        TestData.Need(path);
        Assert.Equal(ids + "\n", CriaProcess.Succeed("tokenizer", "encode", "--tokenizer", path, text));
        Assert.Equal(special + "\n", CriaProcess.Succeed("tokenizer", "encode", "--tokenizer", path, "--special", text));
        Assert.Equal("Hello world\n", CriaProcess.Succeed(["tokenizer", "decode", "--tokenizer", path, .. ids.Split(' ')]));
        Assert.Equal(kind, Json("tokenizer", "show", path, "--json").GetProperty("kind").GetString());
    }

    [Fact]
    public void A_sentencepiece_model_packs_text_into_shards()
    {
        string path = Path.Combine(TestData.Root, "tokenizers", "llama2", "tokenizer.model");
        TestData.Need(path);
        string text = _folder.Write("text.txt", "Hello world\n<|endoftext|>\nHello\n");
        JsonElement set = Json("data", "pack", "--tokenizer", path, text, "--out", _folder["shards"], "--json").GetProperty("sets")[0];
        Assert.Equal(2, set.GetProperty("documents").GetInt32());
        Assert.Equal(6, set.GetProperty("tokens").GetInt64()); // </s> Hello world </s> Hello </s>
    }

    [Fact]
    public void A_tokenizer_is_trained_as_the_options_say()
    {
        string file = _folder.Write("text.txt", "the ﬁsh, the ﬁn\nthe ﬁsh\n");
        JsonElement trained = Json(
            "tokenizer", "train", file, "--vocab-size", "16", "--special", "<pad>", "--special", "<s>", "--special", "</s>", "--normalize", "nfkc",
            "--by-line", "--add-prefix-space", "--alphabet", "seen", "--out", _folder["baby"], "--json");
        Assert.Equal((16, 3), (trained.GetProperty("vocab_size").GetInt32(), trained.GetProperty("merges").GetInt32()));
        Assert.Equal(5, trained.GetProperty("words").GetProperty("distinct_words").GetInt32()); // " the", " fish", ",", " fin", "\n"
        Assert.Equal("12 15 12 13", CriaProcess.Succeed("tokenizer", "encode", "--tokenizer", _folder["baby"], _folder.Write("t", "the ﬁ")).Trim());

        Json("tokenizer", "train", file, "--vocab-size", "300", "--special", "--split", "llama3", "--min-frequency", "3", "--out", _folder["plain"], "--json");
        JsonElement shown = Json("tokenizer", "show", _folder["plain"], "--json");
        Assert.True(shown.GetProperty("vocab_size").GetInt32() is > 256 and < 300);
        (int code, _, string error) = CriaProcess.Run("tokenizer", "train", file, "--split", "llama3", "--add-prefix-space", "--out", _folder["no"]);
        Assert.NotEqual(0, code);
        Assert.Contains("--split gpt2", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_was_there_is_written_over()
    {
        string file = _folder.Write("stories.txt", "mine");
        (int code, _, string error) = CriaProcess.Run("data", "synth", "--stories", "1", "--out", file);
        Assert.Equal(1, code);
        Assert.Contains(file, error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void A_full_disk_is_one_sentence()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");
        _folder.Write("text.txt", "some words");
        CriaProcess.Succeed("tokenizer", "train", _folder["text.txt"], "--vocab-size", "258", "--out", _folder["tokenizer"]);
        string full = _folder["full"];
        Directory.CreateDirectory(full);
        File.CreateSymbolicLink(Path.Combine(full, "tokenizer.json.tmp"), "/dev/full");
        (int code, _, string error) = CriaProcess.Run("tokenizer", "train", _folder["text.txt"], "--vocab-size", "258", "--out", full);
        Assert.Equal(1, code);
        Assert.Contains("tokenizer.json", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(Path.Combine(full, "tokenizer.json")));
    }

    [Fact]
    public void The_doctor_reports_cores_and_instruction_sets()
    {
        JsonElement found = Json("doctor", "--json");
        Assert.Equal(Environment.ProcessorCount, found.GetProperty("cores").GetInt32());
        Assert.Contains(found.GetProperty("kernel_width").GetInt32(), (int[])[128, 256, 512]);
        Assert.Equal(4, found.GetProperty("libraries").GetArrayLength());
    }

    /// <summary>All of standard output must be one document: Parse refuses anything after it.</summary>
    static JsonElement Json(params string[] arguments) => JsonDocument.Parse(CriaProcess.Succeed(arguments)).RootElement;
}
