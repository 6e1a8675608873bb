using Cria.Training.Recipes;

namespace Cria.Training.Stopping;

/// <summary>What a run has to do beside its steps, known before it begins.</summary>
sealed record Workload
{
    /// <summary>Steps between evaluations; 0 evaluates at the end only.</summary>
    public int EvaluateEvery { get; init; }

    /// <summary>Tokens of one of these, every set of weights counted.</summary>
    public long EvaluatedTokens { get; init; }

    /// <summary>Tokens of the evaluation at the end, every set of weights counted.</summary>
    public long FinalTokens { get; init; }

    /// <summary>Steps between checkpoints; 0 saves at the end only.</summary>
    public int SaveEvery { get; init; }

    /// <summary>Bytes of a checkpoint.</summary>
    public long CheckpointBytes { get; init; }

    /// <summary>Bytes of the model that is left behind.</summary>
    public long ModelBytes { get; init; }

    public long TokensPerStep { get; init; } = 1;

    public static Workload Of(Recipe recipe, TrainerParts parts, MemoryAccount memory, long tokensPerStep)
    {
        long all = parts.Validation?.Tokens ?? 0, some = recipe.Evaluate.Tokens == 0 ? all : Math.Min(all, recipe.Evaluate.Tokens);
        int weights = 1 + recipe.Average.Length;
        return new()
        {
            EvaluateEvery = recipe.Evaluate.Every,
            EvaluatedTokens = some * weights,
            FinalTokens = all * weights,
            SaveEvery = recipe.Checkpoint.Every,
            CheckpointBytes = parts.Checkpoints is null ? 0 : memory.Weights + memory.Optimizer + memory.Averages,
            ModelBytes = parts.Checkpoints is null ? 0 : memory.Weights,
            TokensPerStep = tokensPerStep,
        };
    }
}
