namespace Cria.Training.Budgets;

/// <summary>The rungs of a ladder: sizes a factor apart around a plan's pick, over its vocabulary.</summary>
public static class LadderSizes
{
    /// <param name="planner">Of the pick.</param>
    /// <param name="pick">The middle rung, or the one above the middle where their number is even; lower where there are no smaller shapes.</param>
    /// <param name="sizes">How many.</param>
    /// <param name="factor">Parameters of a rung over those of the one below; above 1.</param>
    public static IReadOnlyList<StepShape> Of(BudgetPlanner planner, StepShape pick, int sizes, double factor)
    {
        List<StepShape> shapes = [.. CandidateShapes.Of(pick.Model.VocabSize, pick.Length).Select(planner.Shape)];
        double aspect = (double)pick.Model.HiddenSize / pick.Model.NumHiddenLayers;
        List<StepShape> rungs = [];
        for (int step = -(sizes / 2); rungs.Count < sizes && step < 3 * sizes; step++)
        {
            double wanted = pick.Parameters * Math.Pow(factor, step);
            var rung = step == 0 ? pick : shapes.MinBy(Distance)!;
            if (!rungs.Contains(rung) && (step >= 0 || rung.Parameters < pick.Parameters))
                rungs.Add(rung);

            // The parameters first; of shapes that are equally near, the one of the pick's proportions.
            double Distance(StepShape shape) => Math.Abs(Math.Log(shape.Parameters / wanted))
                + 0.1 * Math.Abs(Math.Log((double)shape.Model.HiddenSize / shape.Model.NumHiddenLayers / aspect));
        }
        return rungs;
    }
}
