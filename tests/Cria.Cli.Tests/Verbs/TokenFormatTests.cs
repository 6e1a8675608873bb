using System.Text.Json;
using Cria.Cli.Tests.Runs;

namespace Cria.Cli.Tests.Verbs;

/// <summary>Text, shards and the token files of other programs, each made of the others by the verbs.</summary>
public sealed class TokenFormatTests(TokenFormatTests.PackedText packed) : IClassFixture<TokenFormatTests.PackedText>, IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bin", "bin", "train.bin"), InlineData("llmc", "llmc", "to_train.bin")]
    [InlineData("litpkds", "litpkds", "to_0000000000.bin")]
    public void Packed_and_converted_to_a_format_and_back_the_ids_are_the_same(string format, string name, string file)
    {
        Directory.CreateDirectory(_folder["packed"]);
        string direct = _folder["packed/to"], converted = _folder["to"], back = _folder["back"];
        CriaProcess.Succeed("data", "pack", packed.Text, "--tokenizer", packed.Tokenizer, "--format", format, "--out", direct);
        CriaProcess.Succeed("data", "convert", packed.Set, "--to", format, "--out", converted);
        Assert.Equal(File.ReadAllBytes(Path.Combine(direct, file)), File.ReadAllBytes(Path.Combine(converted, file)));
        Assert.Equal([direct], Directory.GetFileSystemEntries(_folder["packed"])); // no parts left

        CriaProcess.Succeed("data", "convert", converted, "--to", "cria", "--tokenizer", packed.Tokenizer, "--out", back);
        foreach (string part in (string[])["00000.bin", "00000.idx", "manifest.json"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(packed.Set, part)), File.ReadAllBytes(Path.Combine(back, part)));

        JsonElement facts = Json("inspect", converted, "--json"), stats = Json("data", "stats", converted, "--json").GetProperty("paths")[0];
        Assert.Equal((name, name), (facts.GetProperty("format").GetString(), stats.GetProperty("format").GetString()));
        Assert.Equal(facts.GetProperty("tokens").GetInt64(), stats.GetProperty("stored_tokens").GetInt64());
        long bytes = new FileInfo(Path.Combine(converted, file)).Length;
        Assert.Equal((bytes, bytes), (facts.GetProperty("bytes").GetInt64(), stats.GetProperty("stored_bytes").GetInt64()));
        Assert.Equal(JsonValueKind.Null, facts.GetProperty("documents").ValueKind);
    }

    [Fact]
    public void The_tokenizer_tells_the_documents_and_their_bytes_of_files_that_do_not()
    {
        CriaProcess.Succeed("data", "convert", packed.Set, "--to", "bin", "--out", _folder["one.bin"]);
        JsonElement expected = Json("data", "stats", packed.Set, "--json").GetProperty("paths")[0];
        JsonElement found = Json("data", "stats", _folder["one.bin"], "--tokenizer", packed.Tokenizer, "--json").GetProperty("paths")[0];
        foreach (string count in (string[])["documents", "bytes", "tokens", "vocab_size"])
            Assert.Equal(expected.GetProperty(count).GetInt64(), found.GetProperty(count).GetInt64());
        JsonElement facts = Json("inspect", _folder["one.bin"], "--tokenizer", packed.Tokenizer, "--json");
        Assert.Equal(PackedText.Documents, facts.GetProperty("documents").GetInt32());
        Assert.Equal(PackedText.VocabSize, facts.GetProperty("vocab_size").GetInt32());
        JsonElement set = Json("inspect", packed.Set, "--json");
        Assert.Equal(new DirectoryInfo(packed.Set).GetFiles("0*").Sum(file => file.Length), set.GetProperty("bytes").GetInt64());
    }

    [Fact]
    public void Shards_of_other_programs_are_as_long_as_asked_for_and_one_side_is_read_by_a_pattern()
    {
        CriaProcess.Succeed("data", "pack", packed.Text, "--tokenizer", packed.Tokenizer, "--format", "fineweb", "--shard-tokens", "20",
            "--validation-fraction", "0.4", "--out", _folder["edu"]);
        string[] names = [.. Directory.GetFiles(_folder["edu"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Contains("edu_val_000000.bin", names);
        Assert.True(names.Length > 2);
        Assert.Equal(1024 + 2 * 20, new FileInfo(Path.Combine(_folder["edu"], "edu_val_000000.bin")).Length);
        JsonElement facts = Json("inspect", _folder["edu/edu_train_*.bin"], "--tokenizer", packed.Tokenizer, "--json");
        Assert.Equal(names.Count(name => name.Contains("train", StringComparison.Ordinal)), facts.GetProperty("files").GetInt32());
        Assert.InRange(facts.GetProperty("documents").GetInt32(), 1, PackedText.Documents - 1);
    }

    [Theory]
    [InlineData(1, "name their --tokenizer", "convert {f}/odd.bin --to bin --out {f}/x")]
    [InlineData(1, "no whole ids of 2 bytes", "convert {f}/odd.bin --to cria --tokenizer {t} --out {f}/x")]
    [InlineData(1, "holds the id 1000", "convert {f}/high.bin --to cria --tokenizer {t} --out {f}/x")]
    [InlineData(1, "exists already", "convert {s} --to bin --out {f}/odd.bin")]
    [InlineData(1, "exists already", "convert {s} --to litpkds --out {s}")]
    [InlineData(2, "pickle", "convert {s} --to pickle --out {f}/x")]
    [InlineData(1, "exists already", "pack {txt} --tokenizer {t} --format bin --out {s}")]
    [InlineData(2, "--append", "pack {txt} --tokenizer {t} --format bin --append --out {f}/x")]
    [InlineData(1, "no whole ids of 2 bytes", "stats {f}/odd.bin")]
    [InlineData(1, "names no file", "stats {f}/no-*.bin")]
    public void What_cannot_be_done_is_said_in_a_sentence_and_nothing_is_written(int code, string said, string command)
    {
        File.WriteAllBytes(_folder["odd.bin"], [1, 2, 3]);
        File.WriteAllBytes(_folder["high.bin"], [5, 0, 232, 3]);
        string[] arguments = [.. command.Split(' ').Select(word => word
            .Replace("{f}", _folder.Root, StringComparison.Ordinal).Replace("{t}", packed.Tokenizer, StringComparison.Ordinal)
            .Replace("{s}", packed.Set, StringComparison.Ordinal).Replace("{txt}", packed.Text, StringComparison.Ordinal))];
        (int found, string output, string error) = CriaProcess.Run(["data", .. arguments]);
        Refusal.Assert(code, found, output, error, said);
        Assert.Equal(["high.bin", "odd.bin"], Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Inspecting_refuses_a_file_of_ids_that_is_cut_and_a_tokenizer_for_what_needs_none()
    {
        File.WriteAllBytes(_folder["odd.bin"], [1, 2, 3]);
        (int code, string output, string error) = CriaProcess.Run("inspect", _folder["odd.bin"]);
        Refusal.Assert(1, code, output, error, "no whole ids of 2 bytes");
        (code, output, error) = CriaProcess.Run("inspect", packed.Set, "--tokenizer", packed.Tokenizer);
        Refusal.Assert(2, code, output, error, "--tokenizer is for token files");
    }

    static JsonElement Json(params string[] arguments) => JsonDocument.Parse(CriaProcess.Succeed(arguments)).RootElement;

    /// <summary>Texts, the tokenizer and the shards that all of them begin with.</summary>
    public sealed class PackedText : IDisposable
    {
        public const int Documents = 5, VocabSize = 260;

        readonly TemporaryFolder _folder = new();

        public PackedText()
        {
            _folder.Write("text.txt", string.Join("\n<|endoftext|>\n", "One day Mia went to the garden and ate an apple.",
                "Tom — café, 你好.", "The end of the day was the end of the day.", "a", "Last of all came the rain."));
            CriaProcess.Succeed("tokenizer", "train", Text, "--vocab-size", $"{VocabSize}", "--out", Tokenizer);
            CriaProcess.Succeed("data", "pack", Text, "--tokenizer", Tokenizer, "--out", Set);
        }

        public string Text => _folder["text.txt"];

        public string Tokenizer => _folder["tokenizer"];

        public string Set => _folder["set"];

        public void Dispose() => _folder.Dispose();
    }
}
