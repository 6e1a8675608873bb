using Cria.Evaluation.NGram;

namespace Cria.Evaluation.Tests.NGram;

public sealed class KneserNeyTrigramTests
{
    [Theory]
    [InlineData(1, 0, 5), InlineData(3, 4, 6), InlineData(40, 30, 12), InlineData(300, 60, 300)]
    public void Every_history_seen_or_not_has_a_distribution_that_sums_to_one(int documents, int longest, int usedIds)
    {
        int vocabSize = usedIds + 7; // ids that never occur have their share too
        var model = KneserNeyTrigram.Train(Corpus.Random(documents, longest, usedIds, 1), vocabSize, Corpus.EndOfText);

        int step = Math.Max(1, vocabSize / 17);
        for (int a = 0; a < vocabSize; a += step)
        {
            for (int b = 0; b < vocabSize; b += step)
                Assert.Equal(1, Total(model, a, b), 1e-9);
        }
    }

    [Theory]
    [InlineData(1, 3, 4), InlineData(5, 9, 6), InlineData(30, 25, 9), InlineData(60, 40, 30)]
    public void Agrees_with_the_formula_written_out_naively(int documents, int longest, int usedIds)
    {
        for (uint seed = 1; seed <= 3; seed++)
        {
            List<int[]> corpus = Corpus.Random(documents, longest, usedIds, seed);
            int vocabSize = usedIds + 2;
            var model = KneserNeyTrigram.Train(corpus, vocabSize, Corpus.EndOfText);
            var naive = new NaiveKneserNey(corpus, vocabSize, Corpus.EndOfText);

            foreach (int[] document in Corpus.Random(4, 12, vocabSize, seed + 100))
            {
                for (int i = 2; i < document.Length; i++)
                {
                    (int a, int b, int c) = (document[i - 2], document[i - 1], document[i]);
                    Assert.Equal(Math.Log(naive.Probability(a, b, c)), model.LogProbability(a, b, c), 1e-10);
                }
            }
        }
    }

    [Fact]
    public void Equals_the_numbers_worked_out_by_hand()
    {
        // Two documents, "1 2" and "1 1", over four ids of which 3 never occurs. No order has all counts of counts, so
        // the discounts are 1/2, 1 and 3/2. Unigrams: continuation counts 2, 2, 1, 0 of 5, half the mass uniform.
        var model = KneserNeyTrigram.Train([[0, 1, 2, 0], [0, 1, 1, 0]], vocabSize: 4, endOfText: 0);

        double p1 = (1.0 / 5) + (0.5 / 4), p2 = (0.5 / 5) + (0.5 / 4); // 0.325, 0.225
        Assert.Equal(0.5 + (0.5 * (0.5 + (0.5 * p1))), P(0, 0, 1), 1e-12); // 0.83125
        Assert.Equal(0.25 + (0.5 * ((0.5 / 3) + (0.5 * p2))), P(0, 1, 2), 1e-12); // 0.3895833
        Assert.Equal(0.5 * ((0.5 / 3) + (0.5 * p1)), P(0, 1, 0), 1e-12); // 0.1645833
        Assert.Equal(0.5 * 0.5 * 0.125, P(0, 1, 3), 1e-12);
        Assert.Equal(0.125, P(3, 3, 3), 1e-12);
        Assert.Equal(-Math.Log(P(0, 0, 1) * P(0, 1, 2) * P(1, 2, 0)), model.Nats([0, 1, 2, 0]), 1e-12);

        double P(int a, int b, int c) => Math.Exp(model.LogProbability(a, b, c));
    }

    [Fact]
    public void Discounts_are_those_of_chen_and_goodman()
    {
        int[] counts = [.. Enumerable.Repeat(1, 10), 2, 2, 2, 2, 3, 3, 4, 9, 9, 0, 0];
        var discounts = Discounts.From(counts);

        Assert.Equal(5.0 / 9, discounts.One, 1e-12);
        Assert.Equal(7.0 / 6, discounts.Two, 1e-12);
        Assert.Equal(17.0 / 9, discounts.ThreeOrMore, 1e-12);
        Assert.Equal(Discounts.Fallback, Discounts.From([1, 1, 2, 4])); // no count of three
        Assert.Equal(Discounts.Fallback, Discounts.From([1, 2, 3, 3, 3, 3, 3, 3, 4])); // would exceed the count itself
    }

    [Fact]
    public void A_stream_of_documents_counts_and_scores_as_the_documents_do()
    {
        List<int[]> documents = [[0, 5, 6, 7, 0], [0, 5, 2, 0], [0, 6, 6, 3, 0]];
        int[] stream = [0, 5, 6, 7, 0, 5, 2, 0, 6, 6, 3, 0];
        var apart = KneserNeyTrigram.Train(documents, 9, 0);
        var together = KneserNeyTrigram.Train([stream], 9, 0);

        Assert.Equal(apart.DistinctTrigrams, together.DistinctTrigrams);
        Assert.Equal(documents.Sum(d => apart.Nats(d)), together.Nats(stream), 1e-12);
        Assert.Equal(apart.LogProbability(0, 0, 5), apart.LogProbability(8, 0, 5));
    }

    [Fact]
    public void Nothing_counted_is_uniform_and_short_sequences_cost_nothing()
    {
        KneserNeyTrigram model = new TrigramCounter(8, 0).Build();

        Assert.Equal(-Math.Log(8), model.LogProbability(1, 2, 3), 1e-12);
        Assert.Equal(0, model.Nats([]));
        Assert.Equal(0, model.Nats([3]));
    }

    [Fact]
    public void The_largest_vocabulary_keeps_its_ids_apart()
    {
        const int Last = (1 << 21) - 1;
        var model = KneserNeyTrigram.Train([[0, Last, Last - 1, Last, 0]], 1 << 21, 0);

        Assert.Equal(4, model.DistinctTrigrams);
        Assert.True(model.LogProbability(0, Last, Last - 1) > model.LogProbability(0, Last, Last) + 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrigramCounter((1 << 21) + 1, 0));
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_refused_by_name()
    {
        var counter = new TrigramCounter(8, 0);
        ArgumentOutOfRangeException error =
            Assert.Throws<ArgumentOutOfRangeException>(() => counter.Add([0, 8, 0]));

        Assert.Contains("Token id 8", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Build().Nats([0, -1]));
    }

    [Fact]
    public void Three_million_tokens_are_counted_in_seconds_and_stay_small()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; set CRIA_SLOW=1");
        List<int[]> corpus = Corpus.Random(30_000, 200, 4096, 5);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var model = KneserNeyTrigram.Train(corpus, 4096, 0);
        double built = watch.Elapsed.TotalSeconds;
        double nats = corpus.Sum(d => model.Nats(d));

        TestContext.Current.SendDiagnosticMessage(
            $"{model.TrainingTokens} tokens: built in {built:F2} s, scored by {watch.Elapsed.TotalSeconds:F2} s, " +
            $"{model.SizeInBytes >> 20} MiB, {nats / model.TrainingTokens:F3} nats a token");
        Assert.True(built < 6, $"took {built} s");
        Assert.True(model.SizeInBytes < 100L << 20);
    }

    static double Total(KneserNeyTrigram model, int a, int b)
    {
        double sum = 0;
        for (int c = 0; c < model.VocabSize; c++)
            sum += Math.Exp(model.LogProbability(a, b, c));
        return sum;
    }
}
