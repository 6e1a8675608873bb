using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace;
using Cria.Interop.SentencePiece;

namespace Cria.Interop.Tests;

/// <summary>
/// The ids and texts that Hugging Face's own library gives for every language of the data folder and the golden texts,
/// under real tokenizer.json files and under variants with other parts (every sixth language; CRIA_SLOW=1 takes all).
/// scripts/make-tokenizer-answers.mjs makes them.
/// </summary>
public sealed class TokenizerAnswersTests
{
    static readonly Dictionary<string, string> Texts = ReadTexts();

    static readonly ConcurrentDictionary<string, byte[]> Bases = [];

    public static TheoryData<string> Variants => [.. Answer("tokenizer-variants.json").EnumerateObject().Select(variant => variant.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Ids_and_texts_are_those_of_hugging_faces_library_and_the_file_can_be_written_back(string variant)
    {
        ITokenizer tokenizer = TokenizerJson.Read(File(variant));
        JsonElement answers = Answer("tokenizers.json").GetProperty(variant);
        Assert.True(answers.EnumerateObject().Count() >= 84);
        List<string> wrong = [];
        bool takesAll = !variant.Contains(',', StringComparison.Ordinal) || Environment.GetEnvironmentVariable("CRIA_SLOW") == "1";
        foreach ((int i, JsonProperty answer) in answers.EnumerateObject().Index())
        {
            bool isTaken = takesAll || i % 6 == 0 || answer.Name.StartsWith("golden", StringComparison.Ordinal);
            if (isTaken && Fingerprint(tokenizer, Texts[answer.Name]) is var ours && ours != answer.Value.GetString())
                wrong.Add($"{answer.Name}: {ours} instead of {answer.Value}");
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} texts: {string.Join("; ", wrong)}");

        byte[] written = TokenizerJson.CanonicalBytes(tokenizer);
        ITokenizer again = TokenizerJson.Read(written);
        Assert.Equal(written, TokenizerJson.CanonicalBytes(again));
        foreach ((_, string text) in Texts.Where(text => text.Key.StartsWith("golden", StringComparison.Ordinal)))
        {
            Assert.Equal(tokenizer.Encode(text), again.Encode(text));
            Streams(again, text);
        }
    }

    static void Streams(ITokenizer tokenizer, string text)
    {
        int[] ids = tokenizer.Encode(text);
        StreamingDecoder streaming = new(tokenizer);
        Assert.Equal(tokenizer.Decode(ids), string.Concat(ids.Select(streaming.Next)) + streaming.Flush());
    }

    static string Fingerprint(ITokenizer tokenizer, string text)
    {
        int[] ids = tokenizer.Encode(text, SpecialTokens.Parse);
        return $"{ids.Length} {Digest(string.Join(' ', ids))} {Digest(tokenizer.Decode(ids, showsSpecial: false))}";
    }

    static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    /// <summary>The base of a variant with its parts in the place of the file's own.</summary>
    static byte[] File(string variant)
    {
        JsonElement parts = Answer("tokenizer-variants.json").GetProperty(variant);
        JsonObject file = JsonNode.Parse(Bases.GetOrAdd(parts.GetProperty("base").GetString()!, Base))!.AsObject();
        foreach (JsonProperty part in parts.EnumerateObject())
            if (part.Name == "model")
                foreach (JsonProperty field in part.Value.EnumerateObject())
                    file["model"]![field.Name] = JsonNode.Parse(field.Value.GetRawText());
            else if (part.Name != "base")
                file[part.Name] = JsonNode.Parse(part.Value.GetRawText());
        return Encoding.UTF8.GetBytes(file.ToJsonString());
    }

    static byte[] Base(string name) => name switch
    {
        "gpt2" => System.IO.File.ReadAllBytes(Data("tokenizers", "gpt2", "tokenizer.json")),
        "gpt2 cut" => Cut(System.IO.File.ReadAllBytes(Data("tokenizers", "gpt2", "tokenizer.json"))),
        "mistral" => System.IO.File.ReadAllBytes(Data("tokenizers", "mistral-v1", "tokenizer.json")),
        "stories260K" => System.IO.File.ReadAllBytes(Data("checkpoints", "stories260K-hf", "tokenizer.json")),
        "botchan" => TokenizerJson.CanonicalBytes(SentencePieceFile.Read(Data("sentencepiece", "test_model.model"))),
        _ => TokenizerJson.CanonicalBytes(SentencePieceFile.Read(Data("sentencepiece", "test_ja_model.model"))),
    };

    /// <summary>GPT-2's first 3,000 merges: enough to tell parts apart, and quick to read.</summary>
    static byte[] Cut(byte[] gpt2)
    {
        const int Merges = 3000, End = 256 + Merges;
        JsonObject file = JsonNode.Parse(gpt2)!.AsObject();
        JsonObject model = file["model"]!.AsObject(), vocabulary = [];
        foreach ((string token, JsonNode? id) in model["vocab"]!.AsObject())
            if (id!.GetValue<int>() < End)
                vocabulary[token] = id.GetValue<int>();
        vocabulary[BpeModel.EndOfText] = End;
        model["vocab"] = vocabulary;
        model["merges"] = new JsonArray([.. model["merges"]!.AsArray().Take(Merges).Select(merge => merge!.DeepClone())]);
        file["added_tokens"]![0]!["id"] = End;
        return Encoding.UTF8.GetBytes(file.ToJsonString());
    }

    static Dictionary<string, string> ReadTexts()
    {
        Dictionary<string, string> texts = [];
        string declarations = Path.Combine(TestData.Root, "multilingual", "udhr_40.txt");
        string golden = Path.Combine(TestData.Root, "tokenizers", "golden.json");
        if (!System.IO.File.Exists(declarations) || !System.IO.File.Exists(golden))
            return texts;
        foreach (string part in ("\n" + System.IO.File.ReadAllText(declarations)).Split("\n=== ").Skip(1))
        {
            int end = part.IndexOf('\n', StringComparison.Ordinal);
            texts[part[..end].Replace(" ===", "", StringComparison.Ordinal)] = part[(end + 1)..] + "\n";
        }
        string last = texts.Keys.Last();
        texts[last] = texts[last][..^1];
        using JsonDocument entries = JsonDocument.Parse(System.IO.File.ReadAllBytes(golden));
        foreach ((int i, JsonElement entry) in entries.RootElement.EnumerateArray().Index())
            texts[$"golden {i}"] = entry.GetProperty("text").GetString()!;
        return texts;
    }

    static JsonElement Answer(string name)
    {
        using Stream stream = typeof(TokenizerAnswersTests).Assembly.GetManifestResourceStream(name)!;
        using JsonDocument answer = JsonDocument.Parse(stream);
        return answer.RootElement.Clone();
    }

    static string Data(params string[] parts)
    {
        string path = Path.Combine([TestData.Root, .. parts]);
        TestData.Need(path);
        return path;
    }
}
