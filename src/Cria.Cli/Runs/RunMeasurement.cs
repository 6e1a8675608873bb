using Cria.Cli.Benchmarks;
using Cria.Cli.Results;
using Cria.Data.Readers;
using Cria.Data.Stories;
using Cria.Data.Stories.Pairs;
using Cria.Engine.Kernels;
using Cria.Evaluation.NGram;
using Cria.Evaluation.Pairs;
using Cria.Evaluation.Scoring;
using Cria.Evaluation.Words;
using Cria.Reports;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>Puts a trained model beside its baselines, on the same tokens.</summary>
/// <param name="trainingSeconds">Of all steps, however often the run was stopped between them.</param>
/// <param name="peakGflops">As <see cref="PeakGflops"/> measured it.</param>
sealed class RunMeasurement(PretrainRun run, double trainingSeconds, double peakGflops, Action<string> tell)
{
    /// <summary>The model's loss on the validation text, and nothing beside it.</summary>
    public RunResult Loss()
    {
        using var scorer = Scorer();
        return Loss(scorer);
    }

    /// <summary>The loss, the trigram's, the grammar, the samples.</summary>
    /// <param name="prompts">Texts to continue.</param>
    public RunResult Measure(IReadOnlyList<string> prompts)
    {
        using var scorer = Scorer();
        var result = Loss(scorer);
        tell($"training a Kneser–Ney trigram on the same {Human.Count(run.Training.Tokens)} tokens");
        var counter = new TrigramCounter(run.Corpus.Tokenizer.VocabSize, run.Corpus.EndOfText);
        foreach (int[] document in run.Training.Stream())
            counter.Add(document);
        var trigram = new KneserNeyScorer(counter.Build());

        var (modelPairs, trigramPairs) = Pairs(scorer, trigram);
        tell("writing samples");
        var samples = run.Sample(prompts);
        return result with
        {
            Trigram = TextLikelihood.Measure(trigram, run.ValidationDocuments(), run.HeldOutBytes),
            Floor = Floor(),
            ModelPairs = modelPairs,
            TrigramPairs = trigramPairs,
            Words = Words(samples),
            Samples = samples,
        };
    }

    /// <summary>The best rate that the products of this model's step reach, ours or an installed CBLAS's.</summary>
    public static double PeakGflops(Recipe recipe, IKernels kernels, int threads)
    {
        var bench = new MatMulBench(kernels, threads, BlasLibrary.Find(null));
        var shapes = MatMulShape.OfStep(recipe).OrderByDescending(shape => shape.Flops).Take(4).ToList();
        double best = 0;
        for (int round = 0; round < 3; round++) // a busy moment must not pass for the peak
            best = Math.Max(best, bench.Peak(shapes, 0.05));
        return best;
    }

    ModelScorer Scorer() => new(run.Model, run.Kernels, run.Recipe.Data.SequenceLength);

    RunResult Loss(ModelScorer scorer)
    {
        tell("measuring the model on the validation text");
        var (losses, nats) = ChunkLosses.Measure(scorer, run.HeldOut, run.Recipe.Data.SequenceLength);
        return new()
        {
            Parameters = run.Model.Parameters.Count,
            TrainedTokens = run.Trainer.TrainedTokens,
            TrainingSeconds = trainingSeconds,
            ShareOfMatmulPeak = run.Trainer.TrainedTokens / trainingSeconds * run.FlopsPerToken / 1e9 / peakGflops,
            Model = new(nats, losses.TotalTokens, run.HeldOutBytes),
            Losses = losses,
        };
    }

    // The validation stories' own price, which the generator knows.
    double? Floor()
    {
        if (run.Recipe.Data.Synth is not { } synth)
            return null;
        var generator = new StoryGenerator(synth.Seed);
        double bits = 0;
        for (long i = 0; i < synth.ValidationStories; i++)
            bits += generator.At(CorpusPreparation.FirstValidationStory + i).NegativeLog2Probability;
        return bits / run.HeldOutBytes;
    }

    (MinimalPairResult?, MinimalPairResult?) Pairs(IScorer model, IScorer trigram)
    {
        if (run.Recipe.Data.Synth is not { } synth)
            return (null, null);
        tell("checking grammar by minimal pairs");
        var items = new PairGenerator(synth.Seed).Make()
            .Select(pair => new PairItem(pair.Phenomenon, pair.Group, pair.Good, pair.Bad)).ToList();
        var pairs = new MinimalPairs(run.Corpus.Tokenizer, items);
        return (pairs.Evaluate(model), pairs.Evaluate(trigram));
    }

    WordOverlapResult? Words(IReadOnlyList<(string Prompt, string Text)> samples)
    {
        if (run.Corpus.TrainText is not { } path)
            return null;
        var overlap = new WordOverlap();
        foreach (var document in DocumentReader.Open([path]))
            overlap.Learn(document.Text);
        return overlap.Measure(string.Join('\n', samples.Select(sample => sample.Text)));
    }
}
