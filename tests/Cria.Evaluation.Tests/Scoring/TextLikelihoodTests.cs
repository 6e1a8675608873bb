using Cria.Evaluation.NGram;
using Cria.Evaluation.Scoring;

namespace Cria.Evaluation.Tests.Scoring;

public sealed class TextLikelihoodTests
{
    [Fact]
    public void A_uniform_model_over_256_ids_costs_eight_bits_a_token()
    {
        var scorer = new KneserNeyScorer(new TrigramCounter(256, 0).Build());
        var text = TextLikelihood.Measure(scorer, [[0, 65, 66, 67, 0], [0, 68, 0]], bytes: 4);

        Assert.Equal(6, text.Tokens);
        Assert.Equal(Math.Log(256), text.NatsPerToken, 1e-12);
        Assert.Equal(256, text.Perplexity, 1e-9);
        Assert.Equal(12, text.BitsPerByte, 1e-12); // six tokens of eight bits over four bytes
    }

    [Fact]
    public void Two_texts_together_weigh_by_their_bytes()
    {
        TextLikelihood sum = new TextLikelihood(Math.Log(2) * 10, 5, 10) + new TextLikelihood(Math.Log(2) * 60, 5, 30);

        Assert.Equal(70.0 / 40, sum.BitsPerByte, 1e-12);
        Assert.Equal(10, sum.Tokens);
    }

    [Theory]
    [InlineData(0.9, 0), InlineData(0.4, 1), InlineData(0.5, 0.8), InlineData(1.0, -0.2)]
    public void The_way_runs_from_the_baseline_to_the_floor(double reached, double share) =>
        Assert.Equal(share, TextLikelihood.ShareOfTheWay(0.9, 0.4, reached), 1e-12);

    [Fact]
    public void A_scorer_without_room_for_its_scores_says_so() =>
        Assert.Throws<ArgumentException>(
            () => new KneserNeyScorer(new TrigramCounter(4, 0).Build()).Score([[0, 1]], new double[2]));
}
