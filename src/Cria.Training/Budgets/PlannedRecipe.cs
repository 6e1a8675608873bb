using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Budgets;

/// <summary>The recipe of a planned run.</summary>
public static class PlannedRecipe
{
    /// <summary>Evaluations and checkpoints on the way.</summary>
    const int Looks = 5;

    const int TokensOfALook = 20_000;

    /// <summary>Where the learning rate ends, as a share of its peak: decayed to nearly nothing, and never less (Bergsma et al. 2025 decay to 0).</summary>
    const float LastShare = 0.01f;

    /// <param name="template">Names the data, the seed and what is sampled.</param>
    /// <param name="plan">The model and its steps.</param>
    public static Recipe Of(Recipe template, Candidate plan)
    {
        float rate = TrainingRules.LearningRate(plan.Shape.Model.HiddenSize, plan.TokensPerStep);
        int sequences = Math.Min(plan.Shape.Sequences, plan.TokensPerStep / plan.Shape.Length);
        return template with
        {
            Model = plan.Shape.Model with { VocabSize = 0 },
            Tokenizer = template.Tokenizer with { VocabSize = plan.Shape.Model.VocabSize },
            Data = template.Data with { SequenceLength = plan.Shape.Length },
            Batch = new() { MicroBatchSize = sequences, TokensPerStep = plan.TokensPerStep },
            Steps = plan.Steps,
            Optimizer = template.Optimizer is AdamWRecipe adam
                ? adam with { LearningRate = rate, Beta2 = TrainingRules.Beta2(plan.TokensPerStep) }
                : template.Optimizer with { LearningRate = rate },
            Schedule = template.Schedule with { WarmupSteps = TrainingRules.WarmupSteps(plan.Steps), MinLearningRate = rate * LastShare },
            Evaluate = new() { Every = Math.Max(1, plan.Steps / Looks), Tokens = TokensOfALook },
            Checkpoint = new() { Every = Math.Max(1, plan.Steps / Looks), Keep = 1 },
        };
    }

    /// <summary>Seconds that looks and the last evaluation take, beside the steps: a forward pass is a third of a step.</summary>
    /// <param name="plan">Its speed.</param>
    /// <param name="validationTokens">All of them, which are evaluated at the end.</param>
    public static double LookingSeconds(Candidate plan, double validationTokens)
    {
        double looks = (Looks - 1) * Math.Min(TokensOfALook, validationTokens);
        return (looks + validationTokens) / plan.TokensPerSecond / 3;
    }
}
