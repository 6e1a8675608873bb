using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Training.Budgets;

/// <summary>The recipe of a planned run.</summary>
public static class PlannedRecipe
{
    /// <summary>Evaluations and checkpoints on the way.</summary>
    const int Looks = 5;

    const int TokensOfALook = 20_000;

    /// <summary>Where the learning rate ends, as a share of its peak: decayed to nearly nothing, and never less (Bergsma et al.
    /// 2025 decay to 0).</summary>
    const float LastShare = 0.01f;

    /// <param name="template">Names the data, the seed and what is sampled.</param>
    /// <param name="plan">The model and its steps.</param>
    /// <param name="seconds">When it ends, its last evaluation and saving included; unless its text ends before, and then its steps say it.</param>
    public static Recipe Of(Recipe template, Candidate plan, double seconds)
    {
        float rate = TrainingRules.LearningRate(plan.Shape.Model.HiddenSize, plan.TokensPerStep);
        int sequences = Math.Min(plan.Shape.Sequences, plan.TokensPerStep / plan.Shape.Length);
        return template with
        {
            Model = plan.Shape.Model with { VocabSize = 0 },
            Tokenizer = template.Tokenizer with { VocabSize = plan.Shape.Model.VocabSize },
            Data = template.Data with { SequenceLength = plan.Shape.Length },
            Batch = new() { MicroBatchSize = sequences, TokensPerStep = plan.TokensPerStep },
            Steps = plan.IsOutOfText ? plan.Steps : 0,
            Stop = plan.IsOutOfText ? null : new() { Time = TimeSpan.FromSeconds(Math.Round(seconds, 1)) },
            Optimizer = template.Optimizer is AdamWRecipe adam
                ? adam with { LearningRate = rate, Beta2HalfLife = TrainingRules.Beta2HalfLife(plan.TokensPerStep) }
                : template.Optimizer with { LearningRate = rate },
            Schedule = new CosineRecipe { WarmupSteps = TrainingRules.WarmupSteps(plan.Steps), MinFraction = LastShare },
            Evaluate = new() { Every = Math.Max(1, plan.Steps / Looks), Tokens = TokensOfALook },
            Checkpoint = new() { Every = Math.Max(1, plan.Steps / Looks), Keep = 1 },
        };
    }
}
