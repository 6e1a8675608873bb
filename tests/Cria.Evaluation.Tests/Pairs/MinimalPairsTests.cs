using Cria.Data;
using Cria.Data.Tokenizers;
using Cria.Evaluation.Pairs;
using Cria.Evaluation.Scoring;

namespace Cria.Evaluation.Tests.Pairs;

public sealed class MinimalPairsTests
{
    static readonly PairItem[] Pairs =
    [
        new("verb", "agreement", "the cat runs", "the cat run it"),
        new("verb", "agreement", "cats run", "cats runs"),
        new("verb", "agreement", "a!", "b!"),
        new("pronoun", "reference", "Ann saw her", "Ann saw him!"),
        new("noun", "agreement", "two cats", "two cat"),
    ];

    [Fact]
    public void The_shorter_wins_under_a_scorer_that_charges_by_the_token()
    {
        MinimalPairResult result = new MinimalPairs(new Utf8Tokenizer(), Pairs).Evaluate(new LengthScorer());

        Assert.Equal(
            [new("verb", "agreement", 3, 2.5), new("pronoun", "reference", 1, 1), new("noun", "agreement", 1, 0)],
            result.Phenomena);
        Assert.Equal([new("agreement", "agreement", 4, 2.5), new("reference", "reference", 1, 1)], result.Groups);
        Assert.Equal(3.5 / 5, result.Overall.Accuracy, 1e-12);
        Assert.Equal(((2.5 / 3) + 1 + 0) / 3, result.MacroAccuracy, 1e-12);
        Assert.Equal("by length", result.Scorer);
    }

    [Fact]
    public void The_standard_error_is_binomial()
    {
        var accuracy = new PairAccuracy("x", "x", 100, 80);
        var result = new MinimalPairResult("s", [accuracy, accuracy], [], accuracy);

        Assert.Equal(0.04, accuracy.StandardError, 1e-12);
        Assert.Equal(0.04 / Math.Sqrt(2), result.MacroStandardError, 1e-12);
    }

    [Fact]
    public void Sequences_begin_with_end_of_text_and_hold_the_whole_text()
    {
        var scorer = new LengthScorer();
        new MinimalPairs(new Utf8Tokenizer(), [new("p", "g", "é", "<|endoftext|>")]).Evaluate(scorer);

        Assert.Equal([256, 0xC3, 0xA9], scorer.Seen[0]);
        Assert.Equal(14, scorer.Seen[1].Length); // the name of a special token is text, not the token
    }

    [Fact]
    public void A_score_that_is_not_a_number_wins_nothing()
    {
        MinimalPairResult result = new MinimalPairs(new Utf8Tokenizer(), Pairs).Evaluate(new BrokenScorer());
        Assert.Equal(0, result.Overall.Correct);
    }

    [Fact]
    public void Pairs_that_test_nothing_are_refused()
    {
        Assert.Throws<DataException>(() => new MinimalPairs(new Utf8Tokenizer(), [new("p", "g", "same", "same")]));
        Assert.Throws<DataException>(() => new MinimalPairs(new Utf8Tokenizer(), [new("p", "g", "", "b")]));
        Assert.Throws<DataException>(() => new MinimalPairs(new Utf8Tokenizer { EndOfText = null }, Pairs));
    }

    sealed class LengthScorer : IScorer
    {
        public List<int[]> Seen { get; } = [];

        public string Name => "by length";

        public void Score(IReadOnlyList<int[]> sequences, Span<double> nats)
        {
            Seen.AddRange(sequences);
            for (int i = 0; i < nats.Length; i++)
                nats[i] = sequences[i].Length;
        }
    }

    sealed class BrokenScorer : IScorer
    {
        public string Name => "broken";

        public void Score(IReadOnlyList<int[]> sequences, Span<double> nats) => nats.Fill(double.NaN);
    }

    /// <summary>One token a byte; 256 ends a text.</summary>
    sealed class Utf8Tokenizer : ITokenizer
    {
        public int VocabSize => 257;

        public int? EndOfText { get; init; } = 256;

        public int MaxTokens(int utf8Bytes) => utf8Bytes + 3; // generous, so that the unused tail must be cut

        public int Encode(ReadOnlySpan<byte> utf8, Span<int> ids, SpecialTokens policy)
        {
            for (int i = 0; i < utf8.Length; i++)
                ids[i] = utf8[i];
            return utf8.Length;
        }

        public ReadOnlySpan<byte> TokenBytes(int id) => new byte[] { (byte)id };

        public bool IsSpecial(int id) => id == 256;
    }
}
