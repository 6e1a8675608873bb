using Cria.Data.Tokenizers;

namespace Cria.Data.Tests.Tokenizers;

/// <summary>Every way of merging against the plain rule: the lowest rank of all, the leftmost of equals.</summary>
public sealed class LongWordTests
{
    [Fact]
    public void Words_of_any_length_merge_as_the_plain_rule_says_under_gpt2()
    {
        BpeTables tables = Tables(TokenizerData.FromVocabularyAndMerges(
            TokenizerData.Require("tokenizers", "gpt2", "vocab.json"), TokenizerData.Require("tokenizers", "gpt2", "merges.txt")));
        RandomText random = new(4);
        foreach (string alphabet in (string[])["a", "-", " ", "\n", "0", "ab", "=-", "aeinorst", "abcdefghijklmnopqrstuvwxyz", "\u00C3\u0082"])
            foreach (int length in (int[])[1, 2, 17, 127, 128, 129, 400, 700, 1500])
                SameAsPlain(tables, Word(random, alphabet, length));
    }

    [Fact]
    public void Words_of_any_length_merge_as_the_plain_rule_says_under_random_merges()
    {
        RandomText random = new(5);
        for (int i = 0; i < 300; i++)
        {
            BpeTables tables = Tables(RandomModel(random, letters: 1 + random.Below(4), merges: random.Below(60)));
            for (int j = 0; j < 4; j++)
                SameAsPlain(tables, Word(random, "abcd", 100 + random.Below(600)));
        }
    }

    [Fact]
    public void A_token_longer_than_the_windows_is_found()
    {
        BpeModel model = RandomModel(new(6), letters: 1, merges: 0);
        List<byte[]> tokens = [.. model.Tokens];
        List<BpeMerge> merges = [];
        for (int left = Array.IndexOf(ByteCharacters.InOrder.ToArray(), (byte)'a'); tokens[left].Length < 1500; left = tokens.Count - 1)
        {
            merges.Add(new BpeMerge(left, left, tokens.Count));
            tokens.Add([.. tokens[left], .. tokens[left]]);
        }
        BpeTables tables = Tables(model with { Tokens = tokens, Merges = merges });
        foreach (int length in (int[])[1000, 2048, 4095, 5000])
            SameAsPlain(tables, Word(new(7), "a", length));
    }

    [Fact]
    public void A_choice_that_travels_the_whole_way_to_the_left_is_made_as_the_plain_rule_makes_it()
    {
        // Of a chain of characters each pair is better than the one before it, so that the last one decides them all.
        BpeModel model = RandomModel(new(8), letters: 1, merges: 0);
        byte[] chain = [.. Enumerable.Range(0, 250).Select(i => (byte)i)];
        List<byte[]> tokens = [.. model.Tokens];
        List<BpeMerge> merges = [];
        int Id(byte b) => Array.IndexOf(ByteCharacters.InOrder.ToArray(), b);
        for (int i = chain.Length - 2; i >= 0; i--)
        {
            merges.Add(new BpeMerge(Id(chain[i]), Id(chain[i + 1]), tokens.Count));
            tokens.Add([chain[i], chain[i + 1]]);
        }
        BpeTables tables = Tables(model with { Tokens = tokens, Merges = merges });
        for (int length = 126; length <= 250; length++)
            SameAsPlain(tables, [.. chain.AsSpan(0, length)]);
        SameAsPlain(tables, [.. chain, .. chain, .. chain.AsSpan(0, 77)]);
    }

    [Fact]
    public void The_heap_and_the_looking_through_agree()
    {
        RandomText random = new(9);
        for (int i = 0; i < 300; i++)
        {
            BpeTables tables = Tables(RandomModel(random, letters: 1 + random.Below(4), merges: random.Below(60)));
            int[] heap = [.. Word(random, "abcd", 1 + random.Below(WordMerger.MostLookedThrough)).Select(b => tables.ByteIds[b])];
            int[] looked = [.. heap];
            new MergeHeap(tables).Merge(heap);
            new WordMerger(tables).MergeInPlace(looked);
            Assert.Equal(heap, looked);
        }
    }

    static void SameAsPlain(BpeTables tables, byte[] word)
    {
        int[] ids = new int[word.Length];
        int count = new WordMerger(tables).Merge(word, ids);
        Assert.Equal(Plain(tables, word), ids[..count]);
    }

    static List<int> Plain(BpeTables tables, byte[] word)
    {
        List<int> ids = [.. word.Select(b => tables.ByteIds[b])];
        while (true)
        {
            int best = -1, rank = int.MaxValue;
            for (int i = 0; i + 1 < ids.Count; i++)
                if (tables.Ranks[ids[i], ids[i + 1]] is int found && found < rank)
                    (best, rank) = (i, found);
            if (best < 0)
                return ids;
            ids[best] = tables.Result(ids[best], ids[best + 1], rank);
            ids.RemoveAt(best + 1);
        }
    }

    /// <summary>Merges in no order that training would give: results may merge sooner than what they are made of.</summary>
    static BpeModel RandomModel(RandomText random, int letters, int merges)
    {
        List<byte[]> tokens = [.. ByteCharacters.InOrder.ToArray().Select(b => new[] { b })];
        List<int> parts = [.. Enumerable.Range('a', letters).Select(c => tokens.FindIndex(token => token[0] == c))];
        List<BpeMerge> made = [];
        while (made.Count < merges)
        {
            int left = parts[random.Below(parts.Count)], right = parts[random.Below(parts.Count)];
            byte[] joined = [.. tokens[left], .. tokens[right]];
            int result = tokens.FindIndex(token => token.AsSpan().SequenceEqual(joined));
            if (result < 0)
            {
                (result, _) = (tokens.Count, tokens.Count);
                tokens.Add(joined);
                parts.Add(result);
            }
            made.Add(new BpeMerge(left, right, result));
        }
        for (int i = made.Count - 1; i > 0; i--)
        {
            int j = random.Below(4) == 0 ? random.Below(i + 1) : i;
            (made[i], made[j]) = (made[j], made[i]);
        }
        return new BpeModel { Tokens = tokens, Merges = made, SpecialIds = [] };
    }

    static byte[] Word(RandomText random, string alphabet, int length)
    {
        byte[] word = new byte[length];
        for (int i = 0; i < length; i++)
            word[i] = (byte)alphabet[random.Below(alphabet.Length)];
        return word;
    }

    static BpeTables Tables(BpeModel model) => new(model, BpeModelCheck.ByteIds(model));
}
