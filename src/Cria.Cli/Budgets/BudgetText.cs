using System.Globalization;
using System.Text;
using Cria.Reports;
using Cria.Training;
using Cria.Training.Budgets;
using Cria.Training.Recipes;

namespace Cria.Cli.Budgets;

/// <summary>A plan in words: the table of candidates, the pick, and why.</summary>
static class BudgetText
{
    /// <summary>Bytes of text below which predictions lie far outside what the law was fitted to.</summary>
    static readonly double FarFromTheLaw = LawFile.BuiltinRuns.Min(run => run.UniqueBytes) / 10;

    /// <param name="plan">Made.</param>
    /// <param name="recipe">Of the pick.</param>
    /// <param name="memory">That its run allocates.</param>
    public static string Of(BudgetPlan plan, Recipe recipe, MemoryAccount memory)
    {
        var text = new StringBuilder();
        Table(text, plan);
        text.Append('\n');
        foreach (string reason in Reasons(plan, recipe))
            text.Append(reason).Append('\n');
        Line($"Memory: {Human.Bytes(memory.Total)} (weights {Human.Bytes(memory.Weights)}, gradients {Human.Bytes(memory.Gradients)}, optimizer {Human.Bytes(memory.Optimizer)}, activations {Human.Bytes(memory.Arena)}).");
        return text.ToString().TrimEnd();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    static void Table(StringBuilder text, BudgetPlan plan)
    {
        text.Append("                          layers  width  vocabulary  parameters   tokens/s   tokens  a parameter  epochs  bits per byte\n");
        foreach (var (why, c) in plan.Rows())
            text.Append(CultureInfo.InvariantCulture, $"{why,-24}  {c.Shape.Model.NumHiddenLayers,6}  {c.Shape.Model.HiddenSize,5}  {c.Shape.Model.VocabSize,10:N0}  ")
                .Append(CultureInfo.InvariantCulture, $"{Human.Count(c.Shape.Parameters),10}  {(c.IsMeasured ? "" : "≈") + Human.Count(c.TokensPerSecond),9}  {Human.Count(c.Tokens),7}  ")
                .Append(CultureInfo.InvariantCulture, $"{Human.Number(c.TokensPerParameter),11}  {Human.Number(c.Epochs),6}  {c.BitsPerByte,13:F3}\n");
    }

    /// <summary>The reasons of a plan, a sentence each.</summary>
    public static IEnumerable<string> Reasons(BudgetPlan plan, Recipe recipe)
    {
        var (pick, question, survey) = (plan.Pick, plan.Question, plan.Survey);
        var model = pick.Shape.Model;
        yield return Said($"Corpus: {Human.Bytes(question.Corpus.Bytes)} of text, {Human.Count(question.Corpus.Bytes / question.Corpus.BytesPerToken[model.VocabSize])} tokens of {question.Corpus.BytesPerToken[model.VocabSize]:F2} bytes with {model.VocabSize:N0} words.");
        string errors = survey.HeldOut.Count == 0 ? "" : Said($"; of the best candidates, measured afterwards, it had been off by {string.Join(", ", survey.Errors.Select(error => error.ToString("+0.0 %;−0.0 %", CultureInfo.InvariantCulture)))}");
        yield return Said($"Speed: {survey.Fitted.Count} shapes were measured, and the cost of all others follows from what a step is made of{errors}.");
        yield return Said($"Size: {Human.Count(pick.Shape.Parameters)} parameters see {Human.Count(pick.Tokens)} tokens in {Human.Duration(TimeSpan.FromSeconds(pick.Seconds))}, {Human.Number(pick.TokensPerParameter)} for each of them. ")
            + (plan.Beyond is { } beyond ? Bounded(plan, beyond) : AboutTwenty(pick));
        var spread = plan.Spread();
        yield return Said($"Loss: {pick.BitsPerByte:F3} bits per byte are predicted ({spread.Low:F3} to {spread.High:F3} as the law's runs are drawn again) for prose like that of the law; other text ends higher or lower, the comparison of sizes stands.")
            + (question.Corpus.Bytes < FarFromTheLaw ? " The law's runs had far more text than this, so the number is hardly more than a guess." : "");
        yield return pick.Epochs <= 1.05
            ? "Data: every text is seen at most once, which is best."
            : Said($"Data: the text is seen {Human.Number(pick.Epochs)} times, which is worth {Human.Number(EffectiveData.Of(pick.Epochs, 1))} times as much text seen once.");
        if (pick.IsOutOfText)
            yield return Said($"There is too little text for so much time: after {EffectiveData.MostEpochs:F0} epochs nothing more is learned from it, so training ends after {Human.Duration(TimeSpan.FromSeconds(pick.Seconds))}. More text would use the rest.");
        yield return Said($"Batch: {pick.TokensPerStep:N0} tokens a step, {recipe.Batch.MicroBatchSize} sequences of {pick.Shape.Length} at once: small batches learn most from a token, and fewer rows would leave the processor idle. Learning rate {recipe.Optimizer.LearningRate}, by the width; {recipe.Schedule.WarmupSteps:N0} steps of warm-up, then a cosine down to a hundredth.");
    }

    static string Bounded(BudgetPlan plan, Candidate beyond) => Said(
        $"The law alone would take {Human.Count(beyond.Shape.Parameters)}, but its runs had at most {Human.Number(LawFile.BuiltinRuns.Max(run => run.Parameters / run.UniqueBytes), 2)} of a parameter for each byte of their text, and a model that has more than one can learn the text by heart: none above {Human.Count(plan.MostParameters)} was looked at. More text would allow a larger one.");

    static string AboutTwenty(Candidate pick) => pick.TokensPerParameter switch
    {
        < 14 => "Chinchilla's 20 would ask for a smaller model, which this law says ends higher: in so short a run the parameters are what is missing.",
        > 28 => "Chinchilla's 20 would ask for a larger model, which this law says ends higher: it would see too few tokens in the time.",
        _ => "That is about Chinchilla's 20.",
    };

    static string Said(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
