using Cria.Evaluation.Pairs;

namespace Cria.Cli.Evaluations;

/// <summary>What is asked of an evaluation by minimal pairs.</summary>
/// <param name="Pairs">How texts become tokens.</param>
/// <param name="Batch">The most texts of a pass.</param>
/// <param name="Examples">Mistakes that are shown of every field.</param>
sealed record PairEvaluationOptions(PairOptions Pairs, int Batch, int Examples);
