namespace Cria.Data.Tests.Cleaning.Duplicates;

/// <summary>Texts with near-copies of a known number of changes among them.</summary>
static class PlantedCopies
{
    const int Vocabulary = 5000;

    /// <summary>Words drawn from a vocabulary of five thousand.</summary>
    public static string RandomText(ulong seed, int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(i => $"w{KeyedHash.Below(KeyedHash.Combine(seed, (ulong)i), Vocabulary)}"));

    /// <summary>A copy in which a share of the words is replaced, left out or preceded by a new one, each a third of
    /// the time.</summary>
    public static string Change(string text, double share, ulong seed, string[]? vocabulary = null)
    {
        string[] words = text.Split(' ');
        int changes = (int)Math.Round(share * words.Length);
        var permutation = new KeyedPermutation(seed, words.Length);
        for (int i = 0; i < changes; i++)
        {
            int at = (int)permutation[i];
            ulong draw = KeyedHash.Combine(seed, (ulong)at);
            string other = vocabulary is null
                ? $"n{KeyedHash.Below(draw, Vocabulary)}"
                : vocabulary[KeyedHash.Below(draw, vocabulary.Length)];
            words[at] = (KeyedHash.Mix(draw) % 3) switch { 0 => other, 1 => "", _ => $"{other} {words[at]}" };
        }

        return string.Join(' ', words.Where(word => word.Length > 0));
    }

    /// <summary>A corpus a third of which are near-copies of earlier documents.</summary>
    public static string[] Corpus(int documents, int words)
    {
        var corpus = new List<string>();
        for (ulong i = 0; corpus.Count < documents; i++)
        {
            corpus.Add(i % 3 == 2 ? Change(corpus[(int)(KeyedHash.Mix(i) % (ulong)corpus.Count)], i % 2 == 0 ? 0.02 : 0.06, i)
                : RandomText(i, words));
        }

        return [.. corpus];
    }
}
