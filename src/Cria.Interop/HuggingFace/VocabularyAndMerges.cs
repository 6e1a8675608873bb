using System.Text;
using System.Text.Json;
using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace.TokenizerParts;

namespace Cria.Interop.HuggingFace;

/// <summary>GPT-2's older pair of files: vocab.json, token → id, and merges.txt, one merge a line in the order of ranks.</summary>
public static class VocabularyAndMerges
{
    public const string VocabularyName = "vocab.json", MergesName = "merges.txt";

    const long LargestFile = 512L << 20;

    /// <summary>Reads both; the words are GPT-2's, for which these files were made.</summary>
    /// <exception cref="DataException">A file is absent or damaged, or they contradict each other.</exception>
    public static BpeTokenizer Read(string vocabularyPath, string mergesPath)
    {
        string[] tokens = Vocabulary(vocabularyPath, out VocabularyJson ids);
        byte[][] bytes = new byte[tokens.Length][];
        List<int> special = [];
        for (int id = 0; id < tokens.Length; id++)
        {
            bool isSpecial = tokens[id].StartsWith("<|", StringComparison.Ordinal) && tokens[id].EndsWith("|>", StringComparison.Ordinal);
            if (isSpecial)
                special.Add(id);
            if (isSpecial || !ByteCharacters.TryParse(tokens[id], out bytes[id]))
                bytes[id] = isSpecial
                    ? Encoding.UTF8.GetBytes(tokens[id])
                    : throw new DataException($"{vocabularyPath}: the token '{tokens[id]}' is not written in byte-level characters.");
        }
        try
        {
            return new BpeTokenizer(new BpeModel { Tokens = bytes, SpecialIds = special, Merges = Merges(mergesPath, ids) });
        }
        catch (DataException e) when (!e.Message.StartsWith(mergesPath, StringComparison.Ordinal))
        {
            throw new DataException($"{vocabularyPath}: {e.Message}", e);
        }
    }

    static string[] Vocabulary(string path, out VocabularyJson ids)
    {
        ids = new VocabularyJson(path);
        try
        {
            using JsonDocument json = JsonDocument.Parse(SmallFile.Read(path, LargestFile));
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new DataException($"{path} is no object of tokens and ids.");
            foreach (JsonProperty token in json.RootElement.EnumerateObject())
                ids.Add(token.Name, TokenizerJsonFields.Id(path, token.Value, token.Name));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataException($"{path} is not JSON: {e.Message} Fetch or write it again.", e);
        }
        return ids.Tokens();
    }

    static List<BpeMerge> Merges(string path, VocabularyJson ids)
    {
        List<BpeMerge> merges = [];
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(SmallFile.Read(path, LargestFile)).Split('\n'))
        {
            number++;
            string text = line.TrimEnd('\r');
            if (text.Length == 0 || (number == 1 && text.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            if (text.Split(' ') is not [var left, var right])
                throw new DataException($"{path}, line {number}: '{text}' is not two tokens.");
            merges.Add(new BpeMerge(Known(left), Known(right), Known(left + right)));
        }
        return merges;

        int Known(string token) => ids.Find(token)
            ?? throw new DataException($"{path}, line {number}: '{token}' is not in the vocabulary.");
    }
}
