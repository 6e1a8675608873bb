using Cria.Cli.Recipes;
using Cria.Training;
using Cria.Training.Budgets;
using Cria.Training.Recipes;

namespace Cria.Cli.Budgets;

/// <summary>A plan as the document of <c>--json</c>, which is also kept beside planned runs.</summary>
static class BudgetJson
{
    public static object Of(BudgetPlan plan, Recipe recipe, MemoryAccount memory) => new
    {
        plan.Question.Seconds,
        CorpusBytes = plan.Question.Corpus.Bytes,
        BytesPerToken = plan.Question.Corpus.BytesPerToken.Select(pair => new { VocabSize = pair.Key, BytesPerToken = pair.Value }),
        Pick = Of("pick", plan.Pick),
        Spread = plan.Spread(),
        Candidates = plan.Rows().Select(row => Of(row.Why, row.Candidate)),
        Measured = plan.Survey.Fitted.Select(time => Of(time, plan.Survey.Cost)),
        HeldOut = plan.Survey.HeldOut.Select(time => Of(time, plan.Survey.Cost)),
        SecondsAUnitOfWork = plan.Survey.Cost.Rates,
        plan.Law,
        MemoryBytes = memory.Total,
        Reasons = BudgetText.Reasons(plan, recipe),
        Recipe = RecipeFile.Text(recipe),
    };

    static object Of(string why, Candidate c) => new
    {
        Why = why,
        c.Shape.Model.NumHiddenLayers,
        c.Shape.Model.HiddenSize,
        c.Shape.Model.VocabSize,
        c.Shape.Parameters,
        c.TokensPerSecond,
        c.IsMeasured,
        c.Steps,
        c.TokensPerStep,
        c.Tokens,
        c.TokensPerParameter,
        c.Epochs,
        c.BitsPerByte,
        c.Seconds,
    };

    static object Of(StepTime time, StepCost cost) => new
    {
        time.Shape.Model.NumHiddenLayers,
        time.Shape.Model.HiddenSize,
        time.Shape.Model.VocabSize,
        StepMilliseconds = time.Seconds * 1000,
        PredictedMilliseconds = cost.Seconds(time.Shape) * 1000,
    };
}
