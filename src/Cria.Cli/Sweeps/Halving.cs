using Cria.Cli.Frame;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Cli.Sweeps;

/// <summary>
/// Successive halving (Karnin, Koren, Somekh 2013; Jamieson, Talwalkar 2016): all points a short way, the best of them further, and
/// only what is left to the end.
/// </summary>
/// <param name="Eta">Of so many points one goes on, and so many times as far.</param>
/// <param name="FirstSteps">The least length of the first round.</param>
sealed record Halving(double Eta, int FirstSteps)
{
    /// <param name="text"><c>ETA,STEPS</c>.</param>
    public static Halving Parse(string text)
    {
        string[] parts = text.Split(',');
        return parts.Length == 2 && SweepAxis.Number(parts[0]) is { } eta and >= 1.5 and <= 100 && SweepAxis.Number(parts[1]) is { } steps
            && steps >= 1 && steps == Math.Floor(steps) && steps <= int.MaxValue
            ? new(eta, (int)steps)
            : throw new UsageException($"--halving got '{text}'; expected ETA,STEPS, such as 3,100: a first round of about 100 steps, the best third goes on.");
    }

    /// <summary>The lengths of the rounds, the last one the recipe's.</summary>
    public IReadOnlyList<int> Rounds(int steps)
    {
        var rounds = new List<int>();
        for (double length = steps; Math.Round(length) >= FirstSteps || rounds.Count == 0; length /= Eta)
            rounds.Insert(0, (int)Math.Round(length));
        return rounds;
    }

    /// <summary>How many points of a round go on.</summary>
    public int Survivors(int points) => Math.Max(1, (int)Math.Ceiling(points / Eta));

    /// <summary>
    /// Whether a run may be looked at on its way and then go on. Where the learning rate falls from the beginning, a run that is
    /// stopped early has not had its decay, and the order of such runs is not the order of their ends.
    /// </summary>
    public static bool Continues(Recipe recipe) => recipe.Schedule is ConstantRecipe or WsdRecipe or InverseSqrtRecipe;

    /// <summary>The same recipe over a shorter way, warm-up and all.</summary>
    public static Recipe Shortened(Recipe recipe, int steps)
    {
        double share = (double)steps / recipe.Steps;
        return recipe with
        {
            Steps = steps,
            Schedule = recipe.Schedule with { WarmupSteps = (int)Math.Round(recipe.Schedule.WarmupSteps * share) },
        };
    }
}
