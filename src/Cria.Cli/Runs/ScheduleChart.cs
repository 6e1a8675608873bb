using Cria.Reports.Charts;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>The learning rate over the steps of a run that is still to come.</summary>
static class ScheduleChart
{
    const int MostPoints = 2000;

    public static LineChart Of(Recipe recipe, int steps)
    {
        var schedule = recipe.Schedule.Create(recipe.Optimizer.LearningRate);
        StepPlan plan = new(steps);
        int stride = Math.Max(1, steps / MostPoints);
        var rates = Enumerable.Range(0, steps).Where(step => step % stride == 0 || step == steps - 1)
            .Select(step => new DataPoint(step + 1, schedule.LearningRate(step, plan)));
        return new($"schedule: {recipe.Schedule.Type}", new("step") { Format = AxisFormat.Count }, new("learning rate") { Minimum = 0 })
        {
            Series = [new("learning rate", [.. rates])],
            Description = $"The learning rate of {steps} steps by the schedule {recipe.Schedule.Type}.",
        };
    }
}
