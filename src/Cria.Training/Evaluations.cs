using Cria.Training.Averaging;
using Cria.Training.Stopping;

namespace Cria.Training;

/// <summary>The validation set under the weights in training and under every average of them.</summary>
sealed class Evaluations(TrainerParts parts, Averages averages, PhaseClock clock, TimeBudget? budget)
{
    /// <param name="step">Steps done.</param>
    /// <param name="tokens">About how many to take from the set's beginning; 0 takes all.</param>
    /// <param name="cancellation">Ends it between two forward passes.</param>
    /// <returns>The weights in training first; empty without a validation set, null when cancelled.</returns>
    public IReadOnlyList<EvaluationMetrics>? Run(int step, long tokens, CancellationToken cancellation)
    {
        if (parts.Validation is not { } validation)
            return [];
        var before = clock.Enter(Phase.Evaluation);
        var all = new List<EvaluationMetrics>();
        bool isWhole = true;
        averages.Evaluate(parts.Kernels, name =>
        {
            if (validation.Run(parts.Kernels, step, tokens, cancellation) is { } metrics)
                all.Add(metrics with { Weights = name });
            else
                isWhole = false;
        });
        clock.Enter(before);
        if (!isWhole)
            return null;
        budget?.Evaluated(all.Sum(metrics => metrics.Tokens));
        return all;
    }

    /// <summary>
    /// Tells of each while the model has the weights it is of, which whoever looks on may save or let write. Only of a whole
    /// evaluation, so that one that is given up and made again later is told once.
    /// </summary>
    /// <param name="all">Of this step, in the order in which <see cref="Run"/> gave them.</param>
    /// <param name="tell">Must leave the weights as they are.</param>
    public void Tell(IReadOnlyList<EvaluationMetrics> all, Action<EvaluationMetrics> tell)
    {
        int next = 0;
        var before = clock.Enter(Phase.Evaluation);
        if (all.Count > 0)
            averages.Evaluate(parts.Kernels, _ => tell(all[next++]));
        clock.Enter(before);
    }
}
