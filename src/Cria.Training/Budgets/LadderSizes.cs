namespace Cria.Training.Budgets;

/// <summary>The rungs of a ladder: sizes a factor apart around a plan's pick, over its vocabulary.</summary>
public static class LadderSizes
{
    /// <param name="planner">Of the pick.</param>
    /// <param name="pick">The middle rung, or the one above the middle where their number is even.</param>
    /// <param name="sizes">How many.</param>
    /// <param name="factor">Parameters of a rung over those of the one below; above 1.</param>
    public static IReadOnlyList<StepShape> Of(BudgetPlanner planner, StepShape pick, int sizes, double factor)
    {
        List<StepShape> shapes = [.. CandidateShapes.Of(pick.Model.VocabSize, pick.Length).Select(planner.Shape)];
        double aspect = (double)pick.Model.HiddenSize / pick.Model.NumHiddenLayers;
        List<StepShape> rungs = [];
        for (int i = 0; i < sizes; i++)
        {
            double wanted = pick.Parameters * Math.Pow(factor, i - sizes / 2);
            rungs.Add(i == sizes / 2 ? pick : shapes.MinBy(Distance)!);

            // The parameters first; of shapes that are equally near, the one of the pick's proportions.
            double Distance(StepShape shape) => Math.Abs(Math.Log(shape.Parameters / wanted))
                + 0.1 * Math.Abs(Math.Log((double)shape.Model.HiddenSize / shape.Model.NumHiddenLayers / aspect));
        }
        return [.. rungs.Distinct()];
    }
}
