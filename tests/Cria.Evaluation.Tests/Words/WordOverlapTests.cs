using Cria.Evaluation.Words;

namespace Cria.Evaluation.Tests.Words;

public sealed class WordOverlapTests
{
    [Fact]
    public void Words_are_runs_of_letters_and_apostrophes_in_lower_case()
    {
        var overlap = new WordOverlap();
        overlap.Learn("The cat's 'old' hat; ÉTÉ!");

        Assert.Equal(5, overlap.KnownWords);
        WordOverlapResult result = overlap.Measure("the CAT’S old-hat été 42 ' '' dog, dog");

        Assert.Equal(7, result.Words);
        Assert.Equal(5, result.Found);
        Assert.Equal(["dog"], result.Unknown);
        Assert.Equal(5.0 / 7, result.Share, 1e-12);
    }

    [Fact]
    public void No_words_have_no_share() => Assert.True(double.IsNaN(new WordOverlap().Measure("12 ... ''").Share));

    [Fact]
    public void A_word_longer_than_the_buffer_stays_whole()
    {
        string word = new('w', 1000);
        var overlap = new WordOverlap();
        overlap.Learn($"a {word} b");

        Assert.Equal(1, overlap.Measure(word.ToUpperInvariant()).Found);
    }
}
