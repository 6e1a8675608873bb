using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Schedules;

/// <summary>The learning rate of every step: a pure function, so that resume needs no state.</summary>
public interface ISchedule
{
    /// <param name="step">Counted from 0.</param>
    float LearningRate(int step);
}

public static class ScheduleCatalog
{
    public static ISchedule Create(Recipe recipe)
    {
        var schedule = recipe.Schedule;
        if (schedule.WarmupSteps < 0 || schedule.WarmupSteps > recipe.Steps)
            throw new ConfigException($"schedule.warmup_steps {schedule.WarmupSteps} does not lie between 0 and steps {recipe.Steps}.");
        return schedule.Type switch
        {
            "cosine" => new Cosine(recipe.Optimizer.LearningRate, schedule.MinLearningRate, schedule.WarmupSteps, recipe.Steps),
            _ => throw new ConfigException($"schedule.type '{schedule.Type}' is not known; there is cosine."),
        };
    }
}
