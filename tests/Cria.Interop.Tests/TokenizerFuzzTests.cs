using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Cria.Data;
using Cria.Data.Tokenizers;

namespace Cria.Interop.Tests;

/// <summary>
/// Corrupted tokenizers, half of them where it hurts (lengths, ids, counts, parts): each is read or refused in one
/// sentence, and what is read encodes and decodes. CRIA_SLOW=1 tries 10,000 of each kind.
/// </summary>
public sealed class TokenizerFuzzTests : IDisposable
{
    static readonly int Count = Environment.GetEnvironmentVariable("CRIA_SLOW") == "1" ? 10_000 : 60;

    static readonly string[] Values =
    [
        "-1", "0", "1", "3", "511", "512", "2147483647", "4294967296", "1e999", "null", "true", "\"\"", "\"▁\"", "\"a\"", "[]", "{}", "[[]]",
        "\"<0x41>\"", "\"Sequence\"", "\"(a+)+$\"", "\"\\ud800\"", "[\"a\",\"b\"]", "{\"type\":\"ByteLevel\"}", "{\"Regex\":\"\"}", "{\"String\":\"\"}",
    ];

    readonly string _folder = Directory.CreateTempSubdirectory("cria-tokenizer-fuzz-").FullName;
    readonly Random _random = new(2026);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_corrupted_tokenizer_json_is_read_or_refused_in_one_sentence()
    {
        byte[] file = File.ReadAllBytes(Data("checkpoints", "stories260K-hf", "tokenizer.json"));
        string text = Encoding.UTF8.GetString(file);
        for (int i = 0; i < Count; i++)
            Try("tokenizer.json", i % 2 == 0 ? WithOtherBytes(file) : Encoding.UTF8.GetBytes(WithOtherValue(text)), i);
    }

    [Fact]
    public void A_corrupted_sentencepiece_model_is_read_or_refused_in_one_sentence()
    {
        byte[] file = SmallModel();
        for (int i = 0; i < Count; i++)
            Try("tokenizer.model", i % 2 == 0 ? WithOtherBytes(file) : WithOtherLengths(file), i);
    }

    [Fact]
    public void A_corrupted_rank_file_is_refused_in_one_sentence()
    {
        byte[] file = File.ReadAllBytes(Data("tokenizers", "tiktoken", "r50k_base.tiktoken"))[..20_000];
        for (int i = 0; i < Count; i++)
            Try("x.tiktoken", WithOtherBytes(file), i);
    }

    void Try(string name, byte[] corrupted, int number)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, corrupted);
        long began = Stopwatch.GetTimestamp();
        try
        {
            ITokenizer tokenizer = TokenizerFile.Open(path).Tokenizer;
            int[] ids = tokenizer.Encode("Once upon a time, <s>é 中😀\u0000 \uFFFD", SpecialTokens.Parse);
            _ = tokenizer.Decode(ids);
        }
        catch (DataException e)
        {
            Assert.DoesNotContain("\n", e.Message.Split("Parsing")[0].TrimEnd());
        }
        catch (Exception e)
        {
            Assert.Fail($"number {number}: {e}");
        }
        Assert.True(Stopwatch.GetElapsedTime(began).TotalSeconds < 60, $"number {number} hangs");
    }

    byte[] WithOtherBytes(byte[] file)
    {
        byte[] other = file[..(_random.Next(4) == 0 ? _random.Next(file.Length) : file.Length)];
        for (int i = _random.Next(1, 6); i > 0 && other.Length > 0; i--)
            other[_random.Next(other.Length)] = (byte)_random.Next(256);
        return other;
    }

    /// <summary>Some value anywhere in the tree, but rather near the root, becomes another.</summary>
    string WithOtherValue(string text)
    {
        JsonNode root = JsonNode.Parse(text)!;
        JsonNode place = root;
        for (int depth = 0; ; depth++)
        {
            if (place is JsonObject fields && fields.Count > 0)
            {
                string key = fields.ElementAt(_random.Next(Math.Min(fields.Count, 40))).Key;
                if (fields[key] is JsonObject or JsonArray && _random.Next(5) > 0)
                {
                    place = fields[key]!;
                    continue;
                }
                fields[key] = "@";
            }
            else if (place is JsonArray items && items.Count > 0)
            {
                int at = _random.Next(items.Count);
                if (items[at] is JsonObject or JsonArray && _random.Next(5) > 0)
                {
                    place = items[at]!;
                    continue;
                }
                items[at] = "@";
            }
            break;
        }
        return root.ToJsonString().Replace("\"@\"", Values[_random.Next(Values.Length)], StringComparison.Ordinal);
    }

    /// <summary>A byte that may be a length or a tag becomes a great one, a small one, or its neighbour.</summary>
    byte[] WithOtherLengths(byte[] file)
    {
        byte[] other = [.. file];
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            int[] places = [.. Enumerable.Range(0, other.Length - 1).Where(at => other[at] is 0x0A or 0x12 or 0x1A or 0x15 or 0x18)];
            int place = places[_random.Next(places.Length)] + _random.Next(2);
            other[place] = _random.Next(4) switch { 0 => 0xFF, 1 => 0, 2 => (byte)(other[place] + 1), _ => (byte)(other[place] - 1) };
        }
        return other;
    }

    /// <summary>A unigram model with a character map, cut to a few pieces.</summary>
    static byte[] SmallModel()
    {
        byte[] file = File.ReadAllBytes(Data("sentencepiece", "test_model.model"));
        int at = 0;
        for (int piece = 0; piece < 40; piece++)
            at += 2 + file[at + 1];
        int rest = at;
        while (file[rest] == 0x0A)
            rest += 2 + file[rest + 1];
        return [.. file[..at], .. file[rest..]];
    }

    static string Data(params string[] parts)
    {
        string path = Path.Combine([TestData.Root, .. parts]);
        TestData.Need(path);
        return path;
    }
}
