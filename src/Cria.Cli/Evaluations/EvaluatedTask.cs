using Cria.Evaluation.Pairs;

namespace Cria.Cli.Evaluations;

/// <summary>A scorer on a task.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="IsModel">It is no baseline.</param>
/// <param name="Result">Its accuracies.</param>
/// <param name="Mistakes">Pairs that it lost by much, field by field.</param>
sealed record ScoredTask(string Name, bool IsModel, MinimalPairResult Result, IReadOnlyList<PairMistake> Mistakes);

/// <summary>A task with what every scorer made of it.</summary>
sealed record EvaluatedTask(PairTask Task, PairSet Set, IReadOnlyList<ScoredTask> Scorers);
