using System.Globalization;
using Cria.Cli.Recipes;
using Cria.Reports.Charts;
using Cria.Training;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Cli.Runs;

/// <summary>The learning rate over the steps of a run that is still to come.</summary>
static class ScheduleChart
{
    const int MostPoints = 2000;

    public static LineChart Of(Recipe recipe, int steps)
    {
        float peak = recipe.Optimizer.LearningRate;
        var schedule = recipe.Schedule.Create(peak);
        StepPlan plan = new(steps);
        int stride = Math.Max(1, steps / MostPoints);
        var shares = Enumerable.Range(0, steps).Where(step => step % stride == 0 || step == steps - 1)
            .Select(step => new DataPoint(step + 1, schedule.LearningRate(step, plan) / peak));
        string shape = recipe.Schedule is WsdRecipe wsd ? $", {RecipeScalars.Text(wsd.DecayShape)}" : "";
        return new($"{recipe.Schedule.Type}{shape}", new("step"), new("share of the peak") { Minimum = 0, Maximum = 1 })
        {
            Series = [new(string.Create(CultureInfo.InvariantCulture, $"learning rate / {peak}"), [.. shares])],
            Description = $"The learning rate of {steps} steps by the schedule {recipe.Schedule.Type}{shape}, as a share of its peak.",
        };
    }
}
