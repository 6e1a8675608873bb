using System.Text.RegularExpressions;
using Cria.Data.Stories.Pairs;
using Cria.Data.Stories.Words;

namespace Cria.Data.Tests.Stories;

public sealed class MinimalPairTests
{
    static readonly IReadOnlyList<MinimalPair> Pairs = new PairGenerator(Corpus.Seed).Make();

    [Fact]
    public void There_are_at_least_1500_pairs_of_at_least_ten_phenomena_in_every_group()
    {
        Assert.True(Pairs.Count >= 1500, $"{Pairs.Count} pairs");
        Assert.True(Pairs.Select(pair => pair.Phenomenon).Distinct().Count() >= 10);
        Assert.Equal(["across-clauses", "across-sentences", "adjacent", "distractor"],
            Pairs.Select(pair => pair.Group).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Pairs.Count, Pairs.Select(pair => pair.Good).Distinct().Count());
    }

    [Fact]
    public void Good_and_bad_differ_in_exactly_one_word()
    {
        foreach (MinimalPair pair in Pairs)
        {
            string[] good = pair.Good.Split(' '), bad = pair.Bad.Split(' ');
            Assert.Equal(good.Length, bad.Length);
            int differences = good.Zip(bad).Count(words => words.First != words.Second);
            Assert.True(differences == 1, $"{differences} differences: {pair.Good} / {pair.Bad}");
        }
    }

    [Fact]
    public void Every_pair_tests_a_combination_that_ten_megabytes_of_stories_do_not_contain()
    {
        Assert.All(Pairs, pair => Assert.NotEmpty(pair.HeldOut));
        Dictionary<(string, string), Scope> held = [];
        foreach (HeldOutCombination combination in Pairs.SelectMany(pair => pair.HeldOut))
            foreach (string first in combination.First.Forms)
                foreach (string second in combination.Second.Forms)
                    held[Order(first.ToLowerInvariant(), second.ToLowerInvariant())] = combination.Scope;
        HashSet<string> watched = [.. held.Keys.SelectMany(pair => new[] { pair.Item1, pair.Item2 })];

        foreach (string story in Corpus.Stories.Select(story => story.Text))
        {
            FailIfHeld(story, story, Scope.Story);
            foreach (string sentence in Regex.Split(story, "[.!?]"))
                FailIfHeld(sentence, story, Scope.Sentence);
        }

        void FailIfHeld(string text, string story, Scope scope)
        {
            string[] words = [.. Corpus.WordsOf(text).Where(watched.Contains).Distinct()];
            for (int i = 0; i < words.Length; i++)
                for (int j = 0; j < i; j++)
                    Assert.False(held.TryGetValue(Order(words[i], words[j]), out Scope of) && of == scope,
                        $"\"{words[i]}\" and \"{words[j]}\" are held out, but: {story}");
        }
    }

    [Fact]
    public void Every_tested_combination_is_one_the_rule_forbids_and_the_rule_forbids_about_a_tenth()
    {
        Assert.All(Pairs.SelectMany(pair => pair.HeldOut),
            held => Assert.True(HeldOut.Forbids(held.First, held.Second)));
        var world = new Cria.Data.Stories.StoryWorld();
        Word[] names = world[WordKind.Name].Words, things = world[WordKind.Thing].Words;
        double forbidden = names.Sum(name => things.Count(thing => HeldOut.Forbids(name, thing)));
        Assert.InRange(forbidden / (names.Length * things.Length), 0.08, 0.12);
    }

    [Fact]
    public void Pairs_depend_on_the_seed_alone()
    {
        Assert.Equal(Pairs.Select(pair => pair.Good), new PairGenerator(Corpus.Seed).Make().Select(pair => pair.Good));
        Assert.NotEqual(Pairs[0].Good, new PairGenerator(2).Make(1)[0].Good);
    }

    static (string, string) Order(string a, string b) => string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
}
