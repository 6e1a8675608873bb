using System.Text.RegularExpressions;
using Cria.Data.Stories;

namespace Cria.Data.Tests.Stories;

public sealed class StoryGeneratorTests
{
    [Fact]
    public void Ten_megabytes_hold_no_story_twice_and_at_least_1500_words()
    {
        Assert.True(Corpus.SizeInBytes >= Corpus.Wanted);
        Assert.Equal(Corpus.Stories.Count, Corpus.Stories.Select(story => story.Text).ToHashSet().Count);
        HashSet<string> words = [.. Corpus.Stories.SelectMany(story => Corpus.WordsOf(story.Text))];
        Assert.True(words.Count >= 1500, $"{words.Count} words");
    }

    [Fact]
    public void There_are_at_least_40_plot_shapes_and_each_occurs()
    {
        var world = new StoryWorld();
        Assert.True(world.PlotNames.Count >= 40, $"{world.PlotNames.Count} plots");
        Assert.Equal(world.PlotNames.Count, world.PlotNames.Distinct().Count());
    }

    [Fact]
    public void A_story_depends_on_seed_and_index_alone()
    {
        var first = new StoryGenerator(7);
        var second = new StoryGenerator(7);
        Story later = second.At(1000);
        for (int i = 0; i < 1000; i++)
            first.Next();
        Assert.Equal(later, first.Next());
        Assert.NotEqual(later.Text, new StoryGenerator(8).At(1000).Text);
    }

    [Fact]
    public void Stories_are_short_plain_text_without_stray_spaces()
    {
        foreach (Story story in Corpus.Stories.Take(2000))
        {
            Assert.InRange(story.Text.Length, 400, 1600);
            Assert.DoesNotContain("  ", story.Text);
            Assert.DoesNotContain('{', story.Text);
            Assert.Equal(story.Text.Trim(), story.Text);
            Assert.True(System.Text.Ascii.IsValid(story.Text));
        }
    }

    /// <summary>What the minimal pairs test must be there to be learnt, so each construction is counted.</summary>
    [Theory]
    [InlineData("a verb beside its subject", "[Tt]he [a-z]+ (still )?[a-z]+ by the [a-z]+[ ,.]")]
    [InlineData("a verb behind another noun", "[Tt]he [a-z]+ near the [a-z]+ (still )?[a-z]+( every|,\")")]
    [InlineData("a verb behind a relative clause", "[Tt]he [a-z]+ who [a-z]+ the [a-z]+ (still )?[a-z]+( every|,\")")]
    [InlineData("a demonstrative", "(at|want|sell|and) (this|these|that|those) [a-z]+[?!,]")]
    [InlineData("an article before a vowel", "\\ban [a-z]+ [a-z]+")]
    [InlineData("a reflexive of a person", "\\b(himself|herself)\\b")]
    [InlineData("a reflexive of animals", "the [a-z]+ (near the [a-z]+ )?[a-z]+ (itself|themselves)")]
    [InlineData("a base form after did not", "did not [a-z]+ the")]
    [InlineData("a past after that", "And that night (he|she|they) [a-z]+ the|, and (he|she|they) [a-z]+ed the")]
    [InlineData("a possessive", "(put on|took) (his|her|their) ")]
    [InlineData("an object pronoun", "(loved|love|wanted) (it|them)\\b")]
    public void Every_tested_construction_is_in_a_fifth_of_the_stories(string construction, string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant);
        int found = Corpus.Stories.Take(3000).Count(story => regex.IsMatch(story.Text));
        Assert.True(found >= 600, $"{construction}: {found} of 3000 stories");
    }

    [Fact]
    public void Articles_fit_the_word_after_them()
    {
        foreach (Story story in Corpus.Stories.Take(2000))
        {
            string[] words = [.. Corpus.WordsOf(story.Text)];
            for (int i = 0; i + 1 < words.Length; i++)
            {
                bool vowel = "aeiou".Contains(words[i + 1][0])
                    && words[i + 1] is not ("unicorn" or "useful" or "ukulele");
                Assert.False(words[i] == "a" && vowel, $"a {words[i + 1]}");
                Assert.False(words[i] == "an" && !vowel, $"an {words[i + 1]}");
            }
        }
    }

    [Fact]
    public void Prompts_are_two_whole_sentences()
    {
        foreach (string prompt in new StoryGenerator(Corpus.Seed).Prompts(20))
        {
            Assert.EndsWith(".", prompt);
            Assert.Equal(2, prompt.Count(c => c == '.'));
        }
    }
}
