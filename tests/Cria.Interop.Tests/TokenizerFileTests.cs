using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Composition;
using Cria.Data.Tokenizers.Models;
using Cria.Data.Tokenizers.SentencePieces;
using Cria.Interop.HuggingFace;
using Cria.Interop.SentencePiece;

namespace Cria.Interop.Tests;

/// <summary>Real tokenizers in every form they are published in, recognised by content, against published ids.</summary>
public sealed class TokenizerFileTests : IDisposable
{
    static readonly ConcurrentDictionary<string, Lazy<TokenizerFile>> Files = [];

    readonly string _folder = Directory.CreateTempSubdirectory("cria-tokenizer-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("gpt2/tokenizer.json", "gpt2", typeof(BpeTokenizer))]
    [InlineData("gpt2/vocab.json", "gpt2", typeof(BpeTokenizer))]
    [InlineData("gpt2/merges.txt", "gpt2", typeof(BpeTokenizer))]
    [InlineData("tiktoken/r50k_base.tiktoken", "gpt2", typeof(BpeTokenizer))]
    [InlineData("tiktoken/cl100k_base.tiktoken", "cl100k_base", typeof(BpeTokenizer))]
    [InlineData("llama2/tokenizer.model", "llama2_no_bos", typeof(SentencePieceTokenizer))]
    [InlineData("mistral-v1/tokenizer.json", "mistral_v1_no_bos", typeof(ComposedTokenizer))]
    public void Golden_texts_have_the_known_ids_and_come_back(string file, string name, Type kind)
    {
        ITokenizer tokenizer = Opened("tokenizers/" + file).Tokenizer;
        Assert.IsType(kind, tokenizer);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Data("tokenizers", "golden.json")));
        Assert.Equal(47, golden.RootElement.GetArrayLength());
        foreach (JsonElement entry in golden.RootElement.EnumerateArray())
        {
            string text = entry.GetProperty("text").GetString()!;
            int[] ids = [.. entry.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(ids, tokenizer.Encode(text));
            Assert.Equal(text, tokenizer.Decode(ids));
        }
    }

    [Theory]
    [InlineData("r50k_base"), InlineData("cl100k_base")]
    public void Rank_files_give_the_ids_of_tiktokens_own_test_plans(string encoding)
    {
        ITokenizer tokenizer = Opened($"tokenizers/tiktoken/{encoding}.tiktoken").Tokenizer;
        string plans = File.ReadAllText(Data("tokenizers", "tiktoken", "TestPlans.txt")).Replace("\r\n", "\n", StringComparison.Ordinal);
        int count = 0;
        foreach (Match match in Regex.Matches(plans, @"EncodingName: (\S+)\nSample: ([\s\S]*?)\nEncoded: \[(.*?)\]\n"))
        {
            if (match.Groups[1].Value != encoding)
                continue;
            count++;
            int[] ids = [.. match.Groups[3].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            Assert.Equal(ids, tokenizer.Encode(match.Groups[2].Value));
        }
        Assert.Equal(64, count);
    }

    [Theory]
    [InlineData("tokenizers/mistral-v1/tokenizer.json"), InlineData("tokenizers/gpt2/vocab.json")]
    [InlineData("tokenizers/tiktoken/cl100k_base.tiktoken"), InlineData("checkpoints/stories260K-hf")]
    public void Arbitrary_bytes_come_back(string file)
    {
        ITokenizer tokenizer = Opened(file).Tokenizer;
        Random random = new(7);
        for (int length = 0; length < 400; length++)
        {
            byte[] text = new byte[length];
            random.NextBytes(text);
            int[] ids = new int[tokenizer.MaxTokens(length)];
            Assert.Equal(text, tokenizer.DecodeBytes(ids.AsSpan(0, tokenizer.Encode(text, ids))));
        }
    }

    [Fact]
    public void Sixty_four_kilobytes_of_one_word_are_no_trap()
    {
        ITokenizer mistral = Opened("tokenizers/mistral-v1/tokenizer.json").Tokenizer;
        foreach (string text in (string[])[new string('a', 1 << 16), new string(' ', 1 << 16), new string('中', 1 << 15)])
            Assert.Equal(text, mistral.Decode(mistral.Encode(text)));
    }

    [Fact]
    public void Llama_2_as_a_tokenizer_json_gives_the_ids_of_its_model()
    {
        ITokenizer model = Opened("tokenizers/llama2").Tokenizer;
        TokenizerJson.WriteFolder(model, _folder);
        TokenizerFile written = TokenizerFile.Open(_folder);
        Assert.Equal((model.BeginOfText, model.EndOfText), (written.Tokenizer.BeginOfText, written.Tokenizer.EndOfText));
        string text = File.ReadAllText(Data("multilingual", "udhr_40.txt"));
        foreach (string line in text.Split('\n').Where((_, i) => i % 7 == 0).Append(text))
            Assert.Equal(model.Encode(line), written.Tokenizer.Encode(line));
        Assert.Equal(TokenizerJson.TokenizerHash(model), TokenizerJson.TokenizerHash(written.Tokenizer));
    }

    [Fact]
    public void A_tokenizer_to_train_with_has_one_mark_between_documents()
    {
        foreach (string file in (string[])["llama2", "mistral-v1/tokenizer.json"])
        {
            ITokenizer tokenizer = Opened("tokenizers/" + file).ToTrainWith();
            Assert.Equal((2, 2), (tokenizer.BeginOfText, tokenizer.EndOfText));
            TokenizerJson.WriteFolder(tokenizer, _folder);
            ITokenizer read = TokenizerFile.Open(_folder).Tokenizer;
            Assert.Equal((2, 2), (read.BeginOfText, read.EndOfText));
            Assert.Equal(TokenizerJson.TokenizerHash(tokenizer), TokenizerJson.TokenizerHash(read));
        }
    }

    [Theory]
    [InlineData("tokenizers/mistral-v1/tokenizer.json"), InlineData("checkpoints/stories260K-hf")]
    public void Llamas_tokenizer_json_as_a_sentencepiece_model_gives_the_same_ids(string file)
    {
        ComposedTokenizer composed = Assert.IsType<ComposedTokenizer>(Opened(file).Tokenizer);
        SentencePieceTokenizer pieces = new(ComposedPieces.Find(composed.Model)!);
        Assert.Equal((composed.BeginOfText, composed.EndOfText), (pieces.BeginOfText, pieces.EndOfText));
        foreach (string line in File.ReadLines(Data("multilingual", "udhr_40.txt")).Where((_, i) => i % 7 == 0))
            Assert.Equal(composed.Encode(line), pieces.Encode(line));
    }

    [Fact]
    public void What_a_sentencepiece_model_cannot_say_is_not_made_one()
    {
        ComposedTokenizer composed = Assert.IsType<ComposedTokenizer>(Opened("checkpoints/stories260K-hf").Tokenizer);
        CharacterBpeModel model = Assert.IsType<CharacterBpeModel>(composed.Model.Model);
        CharacterBpeModel fewer = new()
        {
            Tokens = model.Tokens,
            Merges = [.. model.Merges.SkipLast(1)],
            Marks = model.Marks,
            UnknownId = model.UnknownId,
            ByteFallback = true,
        };
        Assert.Null(ComposedPieces.Find(composed.Model with { Model = fewer }));
        Assert.Null(ComposedPieces.Find(composed.Model with { Normalizer = null }));
    }

    [Theory]
    [InlineData("x.tiktoken", "IQ== 0\nIg== 0\n", "line 2: the rank 0 has been given before")]
    [InlineData("x.tiktoken", "IQ== 0\nIg== two\n", "line 2: expected a token in base 64")]
    [InlineData("x.tiktoken", "IQ== 0\nIg== 7\n", "but 1 is missing")]
    [InlineData("x.tiktoken", "IQ== 0\nIg== 1\n", "like no published encoding")]
    [InlineData("x.txt", "hello", "is no tokenizer that is known")]
    [InlineData("x.txt", "", "is no tokenizer that is known")]
    [InlineData("vocab.json", "{\"a\": 0, \"b\": 0}", "both have 0")]
    [InlineData("vocab.json", "{\"a\": 0}", "merges.txt cannot be read")]
    [InlineData("vocab.json", "{\"中\": 0}", "byte-level characters")]
    [InlineData("tokenizer.json", "{\"model\"", "is not JSON")]
    [InlineData("tokenizer.json", "{\"model\": {\"vocab\": {\"a\": 99999999}}}", "must have the ids")]
    [InlineData("tokenizer.json", "{\"model\": {\"vocab\": {}}, \"added_tokens\": [{\"id\": 99999999, \"content\": \"x\"}]}", "must have the ids")]
    public void What_is_damaged_is_refused_in_one_sentence_with_the_file(string name, string content, string words)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        string message = Assert.Throws<DataException>(() => TokenizerFile.Open(path)).Message;
        Assert.Contains(words, message);
        Assert.Contains(_folder, message);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_and_a_file_that_is_not_there_are_refused()
    {
        Assert.Contains("has no tokenizer", Assert.Throws<DataException>(() => TokenizerFile.Open(_folder)).Message);
        string absent = Path.Combine(_folder, "absent.json");
        Assert.Contains(absent, Assert.Throws<DataException>(() => TokenizerFile.Open(absent)).Message);
    }

    /// <summary>A real tokenizer, read once for all tests.</summary>
    static TokenizerFile Opened(string file)
    {
        string path = Data(file);
        return Files.GetOrAdd(path, _ => new Lazy<TokenizerFile>(() => TokenizerFile.Open(path))).Value;
    }

    static string Data(params string[] parts)
    {
        string path = Path.Combine([TestData.Root, .. parts]);
        TestData.Need(path);
        return path;
    }
}
