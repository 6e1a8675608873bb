using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Training.Stopping;

/// <summary>When a recipe's run ends.</summary>
public static class Stops
{
    /// <exception cref="ConfigException">Not exactly one end is given, or it is out of range.</exception>
    public static void Check(int steps, StopRecipe? stop)
    {
        int given = (steps != 0 ? 1 : 0) + (stop?.Steps is null ? 0 : 1) + (stop?.Tokens is null ? 0 : 1) + (stop?.Time is null ? 0 : 1);
        if (steps < 0 || stop?.Steps < 1 || (steps == 0 && stop is null))
            throw new ConfigException($"steps {stop?.Steps ?? steps} is less than 1, the smallest it can be; " +
                "a run can also end after stop: {tokens: 100M} or stop: {time: 3h}.");
        if (given != 1)
            throw new ConfigException($"the recipe says {(given == 0 ? "nowhere" : $"{given} times")} when the run ends; " +
                "give one of steps, stop.steps, stop.tokens and stop.time, for example stop: {time: 3h}.");
        if (stop?.Tokens < 1)
            throw new ConfigException($"stop.tokens {stop.Tokens} is less than 1, the smallest it can be.");
        if (stop?.Time is { } time && time < TimeSpan.FromSeconds(1))
            throw new ConfigException($"stop.time {time.TotalSeconds}s is less than a second; give for example 3h or 90s.");
    }

    /// <summary>The steps of a recipe; null where its run ends at a time. Tokens become as many whole steps as reach them.</summary>
    /// <param name="recipe">Checked.</param>
    /// <param name="tokensPerStep">Padding included.</param>
    /// <exception cref="ConfigException">They are more than a run can count.</exception>
    public static int? Steps(Recipe recipe, long tokensPerStep)
    {
        if (recipe.Stop is not { } stop)
            return recipe.Steps;
        if (stop.Tokens is not { } tokens)
            return stop.Steps;
        long steps = (tokens - 1) / tokensPerStep + 1;
        return steps < int.MaxValue
            ? (int)steps
            : throw new ConfigException($"stop.tokens {tokens:N0} is {steps:N0} steps of {tokensPerStep:N0} tokens; a run can have {int.MaxValue - 1:N0}.");
    }

    /// <summary>The recipe with its end in steps, which are said, unless it is a time.</summary>
    /// <param name="recipe">With the tokens of a step written out.</param>
    /// <param name="tell">Hears how tokens became steps.</param>
    public static Recipe Resolved(Recipe recipe, Action<string> tell)
    {
        long tokensPerStep = recipe.Batch.TokensPerStep;
        if (Steps(recipe, tokensPerStep) is not { } steps)
            return recipe;
        if (recipe.Stop?.Tokens is { } tokens)
            tell($"{tokens:N0} tokens are {steps:N0} steps of {tokensPerStep:N0}{(tokens % tokensPerStep == 0 ? "" : ", rounded up to whole steps")}");
        return recipe with { Steps = steps, Stop = null };
    }

    /// <summary>The plan that a run begins with.</summary>
    public static StepPlan Plan(Recipe recipe, long tokensPerStep) => Steps(recipe, tokensPerStep) is { } steps ? new(steps) : new([]);
}
