using System.Text.Json;
using Cria.Data.Tokenizers;

namespace Cria.Data.Tests.Tokenizers;

/// <summary>The known answers in the data folder, and models made from other tokenizers' files.</summary>
static class TokenizerData
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("CRIA_DATA") ?? FindBesideRepository();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Folder, .. parts]);

    public static string Require(params string[] parts)
    {
        string path = Path(parts);
        Assert.SkipUnless(File.Exists(path), $"{path} is missing; set CRIA_DATA to the data folder.");
        return path;
    }

    /// <summary>The 47 hard strings with their ids under one tokenizer.</summary>
    public static List<(string Text, int[] Ids)> Golden(string tokenizer)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Require("tokenizers", "golden.json")));
        return [.. golden.RootElement.EnumerateArray().Select(entry => (
            entry.GetProperty("text").GetString()!,
            entry.GetProperty(tokenizer).EnumerateArray().Select(id => id.GetInt32()).ToArray()))];
    }

    /// <summary>A vocabulary.json and merges.txt of GPT-2's kind.</summary>
    public static BpeModel FromVocabularyAndMerges(string vocabularyPath, string mergesPath)
    {
        Dictionary<string, int> vocabulary =
            JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(vocabularyPath))!;
        byte[][] tokens = new byte[vocabulary.Count][];
        foreach ((string text, int id) in vocabulary)
            tokens[id] = ByteCharacters.TryParse(text, out byte[] bytes) ? bytes : throw new InvalidDataException(text);
        return new BpeModel
        {
            Tokens = tokens,
            SpecialIds = [vocabulary[BpeModel.EndOfText]],
            Merges = [.. File.ReadLines(mergesPath)
                .Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))
                .Select(line => line.Split(' '))
                .Select(pair => new BpeMerge(
                    vocabulary[pair[0]], vocabulary[pair[1]], vocabulary[pair[0] + pair[1]]))],
        };
    }

    /// <summary>
    /// A .tiktoken file: tokens in base 64 with their ranks. A token's merge is the last step of encoding its own
    /// bytes with the tokens before it.
    /// </summary>
    public static BpeModel FromRanks(string path, IWordSplitter splitter)
    {
        byte[][] tokens = [.. File.ReadLines(path).Select(line => Convert.FromBase64String(line.Split(' ')[0]))];
        Dictionary<byte[], int> dictionary = new(tokens.Length, ByteSequences.Instance);
        var ids = dictionary.GetAlternateLookup<ReadOnlySpan<byte>>();
        List<BpeMerge> merges = [];
        for (int id = 0; id < tokens.Length; id++)
        {
            ReadOnlySpan<byte> token = tokens[id];
            List<int> cuts = [.. Enumerable.Range(0, token.Length + 1)];
            while (cuts.Count > 3)
            {
                (int at, int lowest) = (-1, int.MaxValue);
                for (int i = 0; i + 2 < cuts.Count; i++)
                    if (ids.TryGetValue(token[cuts[i]..cuts[i + 2]], out int rank) && rank < lowest)
                        (at, lowest) = (i, rank);
                if (at < 0)
                    throw new InvalidDataException($"Token {id} cannot be made from the tokens before it.");
                cuts.RemoveAt(at + 1);
            }
            if (cuts.Count == 3)
                merges.Add(new BpeMerge(ids[token[..cuts[1]]], ids[token[cuts[1]..]], id));
            dictionary[tokens[id]] = id;
        }
        return new BpeModel
        {
            Tokens = tokens,
            Merges = merges,
            SpecialIds = [],
            Splitter = splitter,
            IgnoreMerges = true,
        };
    }

    static string FindBesideRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Cria.slnx")))
                return System.IO.Path.Combine(folder.FullName, "..", "shared", "data");
        return "shared/data";
    }
}
