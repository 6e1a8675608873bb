using System.Text.RegularExpressions;
using Cria.Data.Tokenizers;

namespace Cria.Data.Tests.Tokenizers;

/// <summary>The definition of BPE training, without any cleverness: count all pairs anew for every merge.</summary>
static class NaiveBpeTrainer
{
    public static List<string> Merges(IEnumerable<byte[]> documents, BpeTrainerOptions options)
    {
        List<List<string>> words = [.. documents.SelectMany(document => Words(document, options))];
        List<string> vocabulary = [.. options.SpecialTokens];
        foreach (byte b in ByteCharacters.InOrder)
            vocabulary.Add(ByteCharacters.Print([b]));

        List<string> merges = [];
        while (vocabulary.Count < options.VocabSize)
        {
            Dictionary<(string Left, string Right), long> counts = [];
            foreach (List<string> word in words)
                for (int i = 0; i + 1 < word.Count; i++)
                    counts[(word[i], word[i + 1])] = counts.GetValueOrDefault((word[i], word[i + 1])) + 1;
            List<(string Left, string Right)> best = [.. counts
                .Where(pair => pair.Value >= options.MinFrequency && pair.Value == counts.Values.Max())
                .Select(pair => pair.Key)];
            if (best.Count == 0)
                break;
            (string left, string right) = options.Ties == MergeTies.SmallestIds
                ? best.MinBy(pair => (vocabulary.IndexOf(pair.Left), vocabulary.IndexOf(pair.Right)))
                : best.MaxBy(pair => (Hex(pair.Left), Hex(pair.Right)));
            merges.Add($"{left} {right}");
            if (!vocabulary.Contains(left + right))
                vocabulary.Add(left + right);
            words = [.. words.Select(word => Merged(word, left, right))];
        }
        return merges;
    }

    static IEnumerable<List<string>> Words(byte[] document, BpeTrainerOptions options)
    {
        string text = System.Text.Encoding.UTF8.GetString(document);
        if (options.AddPrefixSpace && text.Length > 0 && text[0] != ' ')
            text = " " + text;
        return Regex.Matches(text, options.Splitter.Pattern).Select(match =>
            System.Text.Encoding.UTF8.GetBytes(match.Value).Select(b => ByteCharacters.Print([b])).ToList());
    }

    static List<string> Merged(List<string> word, string left, string right)
    {
        List<string> merged = [];
        for (int i = 0; i < word.Count; i++)
        {
            bool joins = i + 1 < word.Count && word[i] == left && word[i + 1] == right;
            merged.Add(joins ? left + right : word[i]);
            if (joins)
                i++;
        }
        return merged;
    }

    // Bytes compare as their hexadecimal does, and strings of it ordinally: a prefix is the smaller.
    static OrdinalString Hex(string printed) =>
        new(Convert.ToHexString(ByteCharacters.TryParse(printed, out byte[] bytes) ? bytes : []));

    readonly record struct OrdinalString(string Text) : IComparable<OrdinalString>
    {
        public int CompareTo(OrdinalString other) => string.CompareOrdinal(Text, other.Text);
    }
}
