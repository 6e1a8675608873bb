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
            [new("verb", "agreement", 3, 2.5, Ties: 1), new("pronoun", "reference", 1, 1), new("noun", "agreement", 1, 0)],
            result.Phenomena);
        Assert.Equal([new("agreement", "agreement", 4, 2.5, Ties: 1), new("reference", "reference", 1, 1)], result.Groups);
        Assert.Equal(3.5 / 5, result.Overall.Accuracy, 1e-12);
        Assert.Equal(3.0 / 5, result.Overall.StrictAccuracy, 1e-12);
        Assert.Equal(((2.5 / 3) + 1 + 0) / 3, result.MacroAccuracy, 1e-12);
        Assert.Equal(((2.0 / 3) + 1 + 0) / 3, result.MacroStrictAccuracy, 1e-12);
        Assert.Equal(((2.5 / 4) + 1) / 2, result.GroupAccuracy, 1e-12);
        Assert.Equal("by length", result.Scorer);
    }

    [Fact]
    public void The_standard_error_is_binomial()
    {
        var accuracy = new PairAccuracy("x", "x", 100, 80);
        var result = new MinimalPairResult("s", [accuracy, accuracy], [], accuracy);

        Assert.Equal(0.04, accuracy.StandardError, 1e-12);
        Assert.Equal(0.04 / Math.Sqrt(2), result.MacroStandardError, 1e-12);
        Assert.Equal(0, result.SpreadStandardError);
        Assert.Equal(0.1, new MinimalPairResult("s", [accuracy, accuracy with { Correct = 60 }], [], accuracy).SpreadStandardError, 1e-12);
    }

    [Fact]
    public void Sequences_begin_with_the_token_that_begins_a_text_and_hold_the_whole_text()
    {
        var scorer = new LengthScorer();
        new MinimalPairs(new Utf8Tokenizer(), [new("p", "g", "é", "<|endoftext|>")]).Evaluate(scorer);

        Assert.Contains(scorer.Seen, seen => seen.SequenceEqual([256, 0xC3, 0xA9]));
        Assert.Contains(scorer.Seen, seen => seen.Length == 14); // the name of a special token is text, not the token
    }

    [Theory]
    [InlineData(PairContext.BeginOfText, false, new[] { 255, 97 })]
    [InlineData(PairContext.EndOfText, false, new[] { 256, 97 })]
    [InlineData(PairContext.None, false, new[] { 97 })]
    [InlineData(PairContext.EndOfText, true, new[] { 256, 32, 97 })]
    public void What_stands_before_a_text_can_be_chosen(PairContext context, bool leadingSpace, int[] expected)
    {
        var scorer = new LengthScorer();
        var tokenizer = new Utf8Tokenizer { BeginOfText = 255 };
        new MinimalPairs(tokenizer, [new("p", "g", "a", "b")], new() { Context = context, LeadingSpace = leadingSpace }).Evaluate(scorer);
        Assert.Equal(expected, scorer.Seen[0]);
    }

    [Fact]
    public void Texts_of_the_same_tokens_are_scored_once_in_order_and_in_parts_between_which_one_may_stop()
    {
        PairItem[] items = [.. Enumerable.Range(0, 6000).Select(i => new PairItem("p", "g", $"text {i % 3000}", $"text {i % 3000} x"))];
        var pairs = new MinimalPairs(new Utf8Tokenizer(), items);
        var scorer = new LengthScorer();
        List<int> told = [];
        var scores = pairs.Score(scorer, told.Add);

        Assert.Equal(6000, pairs.Texts);
        Assert.Equal(6000, scorer.Seen.Count);
        Assert.Equal([4096, 6000], told);
        Assert.All(scorer.Seen.Zip(scorer.Seen.Skip(1)), each => Assert.True(each.First.AsSpan().SequenceCompareTo(each.Second) < 0));
        Assert.Equal((7.0, 9.0), scores[3000]); // "text 0", its context before it
        Assert.Equal(6000, scores.Result().Overall.Correct);
        Assert.Throws<OperationCanceledException>(() => pairs.Score(scorer, _ => throw new OperationCanceledException()));
    }

    [Fact]
    public void Mistakes_are_those_of_the_largest_margins_group_by_group()
    {
        PairItem[] items =
        [
            new("p", "g", "a", "b"), new("q", "h", "cc", "c"), new("p", "g", "a long one", "short"), new("p", "g", "longer", "long"),
            new("p", "g", "longest", "long"),
        ];
        var mistakes = new MinimalPairs(new Utf8Tokenizer(), items).Score(new LengthScorer()).Mistakes(2);
        Assert.Equal([items[2], items[4], items[1]], mistakes.Select(mistake => mistake.Pair));
        Assert.Equal([5.0, 3, 1], mistakes.Select(mistake => mistake.Margin));
        Assert.Equal((11.0, 6.0), (mistakes[0].GoodNats, mistakes[0].BadNats));
    }

    [Fact]
    public void A_score_that_is_not_a_number_wins_nothing()
    {
        MinimalPairResult result = new MinimalPairs(new Utf8Tokenizer(), Pairs).Evaluate(new BrokenScorer());
        Assert.Equal(0, result.Overall.Correct);
        Assert.Empty(new MinimalPairs(new Utf8Tokenizer(), Pairs).Score(new BrokenScorer()).Mistakes(5));
    }

    [Fact]
    public void Texts_without_words_and_contexts_without_a_token_are_refused()
    {
        Assert.Throws<DataException>(() => new MinimalPairs(new Utf8Tokenizer(), [new("p", "g", "", "b")]));
        var nameless = new Utf8Tokenizer { EndOfText = null };
        Assert.Throws<DataException>(() => new MinimalPairs(nameless, Pairs));
        Assert.Throws<DataException>(() => new MinimalPairs(nameless, Pairs, new() { Context = PairContext.EndOfText }));
        Assert.Equal(10, new MinimalPairs(nameless, Pairs, new() { Context = PairContext.None }).Texts);
    }

    [Fact]
    public void The_same_text_twice_is_a_tie_because_published_sets_have_it()
    {
        var result = new MinimalPairs(new Utf8Tokenizer(), [new("p", "g", "same", "same")]).Evaluate(new LengthScorer());
        Assert.Equal(new("all", "all", 1, 0.5, Ties: 1), result.Overall);
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

        public int? BeginOfText { get => field ?? EndOfText; init; }

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
