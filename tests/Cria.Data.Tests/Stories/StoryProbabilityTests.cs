using System.IO.Compression;
using System.Text;
using Cria.Data.Stories;
using Cria.Data.Stories.Templates;

namespace Cria.Data.Tests.Stories;

public sealed class StoryProbabilityTests
{
    /// <summary>
    /// The price of a derivation is the price of the text only if no other derivation writes the same text. Here all
    /// derivations of a story are searched, by following every choice whose text so far is a beginning of the story.
    /// </summary>
    [Theory]
    [InlineData(0, 3)]
    [InlineData(5_000_000, 3)]
    public void A_story_has_exactly_one_derivation_and_its_probability_is_that_of_the_text(long first, int count)
    {
        var world = new StoryWorld();
        var generator = new StoryGenerator(Corpus.Seed, world);
        Composer composer = world.NewComposer();
        for (long i = first; i < first + count; i++)
        {
            Story story = generator.At(i);
            (int derivations, double bits) = Derivations.Of(story.Text, world.Story, composer);
            Assert.Equal(1, derivations);
            Assert.Equal(story.NegativeLog2Probability, bits, 1e-6);
        }
    }

    [Fact]
    public void No_plot_shape_is_ambiguous()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "Set CRIA_SLOW=1: two minutes.");
        A_story_has_exactly_one_derivation_and_its_probability_is_that_of_the_text(1000, 200);
    }

    [Fact]
    public void The_search_finds_the_second_derivation_of_an_ambiguous_template()
    {
        var world = new StoryWorld();
        Node ambiguous = world.Parse("[one|two|on[e|ly]] more");
        Assert.Equal(2, Derivations.Of("one more", ambiguous, world.NewComposer()).Count);
    }

    [Fact]
    public void The_probabilities_of_a_small_grammar_sum_to_one()
    {
        var world = new StoryWorld();
        Node node = world.Parse("{hero.He} saw {~demo@goods} {goods} [here|there|{~color}]");
        double sum = Derivations.All(node, world.NewComposer()).Sum(bits => Math.Pow(2, -bits));
        Assert.Equal(1, sum, 1e-9);
    }

    [Fact]
    public void The_entropy_floor_lies_where_a_compressor_cannot_reach_it()
    {
        double bits = Corpus.Stories.Sum(story => story.NegativeLog2Probability);
        Assert.InRange(bits / Corpus.SizeInBytes, 0.15, 0.6);
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            foreach (Story story in Corpus.Stories)
                brotli.Write(Encoding.ASCII.GetBytes(story.Text));
        Assert.True(compressed.Length * 8 > bits * 1.1, $"{compressed.Length * 8} bits by Brotli, floor {bits}");
    }
}
