using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Cli.Pages;
using Cria.Cli.Runs;
using Cria.Cli.Verbs;
using Cria.Data.Readers;
using Cria.Data.Tokenizers;
using Cria.Evaluation.NGram;
using Cria.Evaluation.Pairs;
using Cria.Evaluation.Scoring;
using Cria.Reports;

namespace Cria.Cli.Evaluations;

/// <summary>Puts tasks of minimal pairs to models, to all of them as one, and to a trigram beside them.</summary>
sealed class PairEvaluation
{
    readonly OpenedEnsemble _opened;
    readonly PairEvaluationOptions _options;
    readonly List<(string Name, IScorer Scorer, bool IsModel)> _scorers = [];

    /// <param name="opened">The models.</param>
    /// <param name="names">What the person called them.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="trigram">A text to count a trigram on; null for none.</param>
    public PairEvaluation(OpenedEnsemble opened, IReadOnlyList<string> names, PairEvaluationOptions options, DocumentReader? trigram,
        CancellationToken cancellation)
    {
        (_opened, _options) = (opened, options);
        var shown = RunNames.Of([.. names.Select(name => Path.GetFullPath(name))]);
        var scorers = opened.SentenceScorers(options.Batch);
        for (int i = 0; i < scorers.Count; i++)
            _scorers.Add((i < names.Count ? shown[i] : scorers[i].Name, scorers[i], true));
        if (trigram is not null)
        {
            var counted = new KneserNeyScorer(Count(trigram, cancellation));
            _scorers.Add((counted.Name, counted, false));
        }
    }

    /// <summary>Scores a task's pairs.</summary>
    public EvaluatedTask Run(PairTask task, PairSet set, CancellationToken cancellation)
    {
        var pairs = new MinimalPairs(_opened.Tokenizer, set.Pairs, _options.Pairs);
        var scored = new List<ScoredTask>();
        foreach (var (name, scorer, isModel) in _scorers)
        {
            var watch = Stopwatch.StartNew();
            long before = (scorer as PrefixScorer)?.ComputedTokens ?? 0;
            int done = 0;
            var scores = ProgressBar.While($"{name} on {task.Name}", pairs.Texts, () => Volatile.Read(ref done), () => pairs.Score(scorer, count =>
            {
                Volatile.Write(ref done, count);
                cancellation.ThrowIfCancellationRequested();
            }));
            string shared = scorer is PrefixScorer { ComputedTokens: var computed } ? $", {Human.Count(computed - before)} of them computed" : "";
            Output.Log($"{name} on {task.Name}: {pairs.Texts:N0} different texts of {pairs.Pairs.Count:N0} pairs, {Human.Count(pairs.Tokens)} tokens{shared}, " +
                $"in {Human.Duration(watch.Elapsed)}");
            scored.Add(new(name, isModel, scores.Result(), scores.Mistakes(_options.Examples)));
        }
        return new(task, set, scored);
    }

    // Its documents stand between the token that the pairs begin with, so that it knows what begins a text.
    KneserNeyTrigram Count(DocumentReader text, CancellationToken cancellation)
    {
        var tokenizer = _opened.Tokenizer;
        var context = _options.Pairs.Context == PairContext.None ? PairContext.BeginOfText : _options.Pairs.Context;
        int mark = MinimalPairs.Context(tokenizer, context)[0];
        var counter = new TrigramCounter(tokenizer.VocabSize, mark);
        ProgressBar.WhileReading("counting trigrams", text, () =>
        {
            foreach (var document in DataVerb.Until(text, cancellation))
                counter.Add([mark, .. tokenizer.Encode(document.Text), mark]);
            return 0;
        });
        DataVerb.Complain(text.Statistics);
        Output.Log($"the trigram is counted on {counter.Tokens:N0} tokens");
        return counter.Build();
    }
}
