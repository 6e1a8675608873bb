using System.Text;
using System.Text.Json;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace;

namespace Cria.Interop.Tests;

public sealed class TokenizerJsonTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("cria-tokenizer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Gpt2s_file_gives_the_known_ids()
    {
        BpeTokenizer gpt2 = Read(DataFile("tokenizers", "gpt2", "tokenizer.json"));
        Assert.Equal(50257, gpt2.VocabSize);
        Assert.Equal(50256, gpt2.EndOfText);
        Assert.False(gpt2.Model.AddPrefixSpace);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(DataFile("tokenizers", "golden.json")));
        foreach (JsonElement entry in golden.RootElement.EnumerateArray())
            Assert.Equal(
                entry.GetProperty("gpt2").EnumerateArray().Select(id => id.GetInt32()),
                gpt2.Encode(entry.GetProperty("text").GetString()!));
    }

    [Theory]
    [InlineData(false, "gpt2"), InlineData(true, "gpt2"), InlineData(false, "llama3"), InlineData(false, "whole")]
    public void What_is_written_reads_back_the_same(bool addPrefixSpace, string splitter)
    {
        BpeTokenizer written = Trained(addPrefixSpace, splitter switch
        {
            "gpt2" => Gpt2Splitter.Instance,
            "llama3" => Llama3Splitter.Instance,
            _ => WholeTextSplitter.Instance,
        });
        TokenizerJson.WriteFolder(written, _folder);
        BpeTokenizer read = Read(_folder);

        Assert.Equal(written.Model.Tokens, read.Model.Tokens);
        Assert.Equal(written.Model.Merges, read.Model.Merges);
        Assert.Equal(written.Model.SpecialIds, read.Model.SpecialIds);
        Assert.Equal(written.Model.AddPrefixSpace, read.Model.AddPrefixSpace);
        Assert.Same(written.Model.Splitter, read.Model.Splitter);
        Assert.Equal(TokenizerJson.TokenizerHash(written), TokenizerJson.TokenizerHash(read));
        Assert.Equal(["tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_canonical_form_never_changes()
    {
        // Shards and checkpoints carry this hash; a change of it orphans them all.
        Assert.Equal(
            "a16dfd93929201e957e90c2e11217976da4ec0a894b6eae23ab3fb42e286f589",
            TokenizerJson.TokenizerHash(Trained(false, Gpt2Splitter.Instance)));
    }

    [Fact]
    public void The_configuration_names_the_end_of_text()
    {
        TokenizerJson.WriteFolder(Trained(true, Gpt2Splitter.Instance), _folder, maxTokens: 512);
        using JsonDocument config =
            JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "tokenizer_config.json")));
        JsonElement root = config.RootElement;
        Assert.Equal("PreTrainedTokenizerFast", root.GetProperty("tokenizer_class").GetString());
        foreach (string role in (string[])["bos_token", "eos_token", "unk_token"])
            Assert.Equal("<|endoftext|>", root.GetProperty(role).GetString());
        Assert.True(root.GetProperty("add_prefix_space").GetBoolean());
        Assert.Equal(512, root.GetProperty("model_max_length").GetInt32());
    }

    [Fact]
    public void Merges_may_be_strings_or_pairs()
    {
        BpeTokenizer trained = Trained(false, Gpt2Splitter.Instance);
        string text = Encoding.UTF8.GetString(TokenizerJson.CanonicalBytes(trained));
        string pairs = text.Replace("\"a b\"", "[\"a\", \"b\"]", StringComparison.Ordinal);
        Assert.NotEqual(text, pairs);
        Assert.Equal(trained.Model.Merges, Read(Written(pairs)).Model.Merges);
    }

    [Theory]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"Unigram\"", "'vocab' that is no array")]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"WordLevel\"", "'WordLevel', which is not supported; known are BPE, Unigram, WordPiece")]
    [InlineData("\"normalizer\": null", "\"normalizer\": {\"type\": \"Nmt\"}", "normalizer is a 'Nmt'")]
    [InlineData("\"normalizer\": null", "\"normalizer\": {\"type\": \"Replace\", \"pattern\": {\"Regex\": \"(\"}, \"content\": \"\"}", "'(' is not understood")]
    [InlineData("\"normalizer\": null", "\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"}", "damaged")]
    [InlineData("\"post_processor\": null", "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": []}", "0 times")]
    [InlineData("\"decoder\": {", "\"decoder\": { \"type\": \"CTC\" }, \"older\": {", "decoder is a 'CTC'")]
    [InlineData("\"dropout\": null", "\"dropout\": 0.1", "dropout '0.1'")]
    [InlineData("\"end_of_word_suffix\": null", "\"end_of_word_suffix\": \"</w>\"", "end_of_word_suffix '</w>'")]
    [InlineData("\"pre_tokenizer\": { \"type\": \"By", "\"pre_tokenizer\": { \"type\": \"by", "'byteLevel'")]
    [InlineData("\"a b\"", "\"a zz\"", "names 'zz'")]
    [InlineData("\"a b\"", "\"a b c\"", "is not two tokens")]
    [InlineData("\"#\": 4", "\"#\": 5", "each once")]
    [InlineData("\"#\": 4", "\"#\": -3", "expected a number from 0")]
    [InlineData("\"#\": 4", "\"#\": 99999", "must have the ids")]
    [InlineData("\"#\": 4", "\"\\ud800\": 4", "not Unicode text")]
    [InlineData("\"vocab\": {", "\"vocab\": [", "not JSON")]
    public void What_is_not_understood_is_refused_in_one_sentence_with_the_file(string from, string to, string words)
    {
        string good = Encoding.UTF8.GetString(TokenizerJson.CanonicalBytes(Trained(false, Gpt2Splitter.Instance)));
        Assert.Contains(from, good);
        string path = Written(good.Replace(from, to, StringComparison.Ordinal));
        string message = Assert.Throws<DataException>(() => TokenizerJson.Read(path)).Message;
        Assert.Contains(words, message);
        Assert.Contains(path, message);
    }

    [Fact]
    public void A_file_that_is_missing_empty_or_no_object_is_refused()
    {
        Assert.Throws<DataException>(() => TokenizerJson.Read(Path.Combine(_folder, "absent.json")));
        Assert.Throws<DataException>(() => TokenizerJson.Read(Written("")));
        Assert.Throws<DataException>(() => TokenizerJson.Read(Written("[1]")));
        Assert.Throws<DataException>(() => TokenizerJson.Read(Written("{\"model\": 1}")));
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_nothing_behind()
    {
        string absent = Path.Combine(_folder, "absent", "tokenizer.json");
        string message = Assert.Throws<DataException>(
            () => TokenizerJson.Write(Trained(false, Gpt2Splitter.Instance), absent)).Message;
        Assert.Contains(absent, message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        string file = Written("");
        Assert.Contains(file, Assert.Throws<DataException>(
            () => TokenizerJson.WriteFolder(Trained(false, Gpt2Splitter.Instance), file)).Message);
    }

    [Fact]
    public void Sentence_pieces_of_a_real_file_encode_and_decode()
    {
        string path = DataFile("checkpoints", "stories260K-hf", "tokenizer.json");
        ITokenizer pieces = TokenizerJson.Read(Path.GetDirectoryName(path)!);
        Assert.Equal(512, pieces.VocabSize);
        Assert.Equal([403, 407, 261, 378], pieces.Encode("Once upon a time"));
        Assert.Equal("Once upon a time", pieces.Decode([1, 403, 407, 261, 378], showsSpecial: false));
        Assert.Equal([0x0A], pieces.TokenBytes(13).ToArray()); // <0x0A>
        Assert.Equal((1, 2), (pieces.BeginOfText, pieces.EndOfText));
        Assert.True(pieces.IsSpecial(1));
    }

    [Fact]
    public void The_name_of_a_mark_is_text_unless_it_is_parsed()
    {
        ITokenizer pieces = TokenizerJson.Read(DataFile("checkpoints", "stories260K-hf", "tokenizer.json"));
        Assert.DoesNotContain(pieces.Encode("a</s>b"), pieces.IsSpecial);
        Assert.Equal([2], pieces.Encode("a</s>b", SpecialTokens.Parse).Where(pieces.IsSpecial));
        Assert.Equal("a</s>b", pieces.Decode(pieces.Encode("a</s>b")));
    }

    static BpeTokenizer Read(string path) => Assert.IsType<BpeTokenizer>(TokenizerJson.Read(path));

    static BpeTokenizer Trained(bool addPrefixSpace, IWordSplitter splitter) => BpeTrainer.Train(
        [Encoding.UTF8.GetBytes("ab abc \"abcd\" é é 42 \\ \\ ab\n\nab\n\nabc")],
        new BpeTrainerOptions
        {
            VocabSize = 270,
            SpecialTokens = ["<|endoftext|>", "<\"ü\">"],
            AddPrefixSpace = addPrefixSpace,
            Splitter = splitter,
        });

    string Written(string text)
    {
        string path = Path.Combine(_folder, "written.json");
        File.WriteAllText(path, text);
        return path;
    }

    static string DataFile(params string[] parts)
    {
        string folder = Environment.GetEnvironmentVariable("CRIA_DATA") ?? BesideRepository();
        string path = Path.Combine([folder, .. parts]);
        Assert.SkipUnless(File.Exists(path), $"{path} is missing; set CRIA_DATA to the data folder.");
        return path;
    }

    static string BesideRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Cria.slnx")))
                return Path.Combine(folder.FullName, "..", "shared", "data");
        return "shared/data";
    }
}
