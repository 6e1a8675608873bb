using Cria.Cli.Runs;
using Cria.Training;

namespace Cria.Cli.Benchmarks;

/// <summary>Where the time of training steps went, by timers in the process.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="TokensPerStep">Padding included.</param>
/// <param name="Steps">That were timed.</param>
/// <param name="StepMilliseconds">The mean, with all that lies between two steps but evaluations.</param>
/// <param name="Phases">Their seconds are those of the timed steps, all of them.</param>
/// <param name="Checkpoints">That were due in these steps.</param>
/// <param name="CheckpointEvery">Steps between them here; 0 for none.</param>
/// <param name="RecipeCheckpointEvery">Steps between them in the recipe.</param>
/// <param name="CheckpointMilliseconds">For which training stood still for one of them; null where there was none.</param>
/// <param name="OverheadShare">Of the step time, what lies outside forward, backward, clip and update: data, norms, metrics and
/// displays, checkpoints, the loop.</param>
/// <param name="OverheadShareAtRecipesPace">The same with checkpoints as seldom as the recipe has them.</param>
sealed record LoopResult(
    string Recipe, long Parameters, int TokensPerStep, int Threads, string Kernels, int Steps, double StepMilliseconds,
    IReadOnlyList<LoopPhase> Phases, int Checkpoints, int CheckpointEvery, int RecipeCheckpointEvery, double? CheckpointMilliseconds,
    double OverheadShare, double OverheadShareAtRecipesPace)
{
    static readonly (string Name, Phase[] Phases)[] Rows =
    [
        ("forward and backward", [Phase.Gradients]),
        ("clip and update", [Phase.Clip, Phase.Update]),
        ("reading data", [Phase.Data]),
        ("norms", [Phase.Norms]),
        ("metrics and displays", [Phase.Observers]),
        ("checkpoints", [Phase.Checkpoint]),
        ("the loop", [Phase.Loop]),
        ("evaluation", [Phase.Evaluation]),
    ];

    /// <param name="run">Trained to the end of what is watched.</param>
    /// <param name="watch">What its phases took.</param>
    /// <param name="threads">That computed.</param>
    /// <param name="recipesPace">Steps between the checkpoints of the recipe that is measured; 0 for none.</param>
    public static LoopResult Of(PretrainRun run, PhaseWatch watch, int threads, int recipesPace)
    {
        var checkpoint = run.Recipe.Checkpoint;
        // That of the last step is only taken after it, when the time has been read; that of the first is in it.
        int saved = Enumerable.Range(watch.First, watch.Steps).Count(checkpoint.IsDue);
        return Of(watch, saved, recipesPace) with
        {
            Recipe = run.Recipe.Name,
            Parameters = run.Model.Parameters.Count,
            TokensPerStep = run.Trainer.TokensPerStep,
            Threads = threads,
            Kernels = run.Kernels.Name,
            CheckpointEvery = checkpoint.Every,
        };
    }

    /// <summary>What follows from the clock alone.</summary>
    public static LoopResult Of(PhaseWatch watch, int saved, int recipesPace)
    {
        double steps = Sum(Rows[..^1]), overhead = Sum(Rows[2..^1]), saving = watch.Seconds(Phase.Checkpoint);
        double seldom = saved == 0 || recipesPace == 0 ? 0 : saving / saved * watch.Steps / recipesPace;
        return new("", 0, 0, 0, "", watch.Steps, steps / watch.Steps * 1000,
            [.. Rows.Select(row => new LoopPhase(row.Name, Seconds(row), Seconds(row) / watch.Steps * 1000, Seconds(row) / steps))],
            saved, 0, recipesPace, saved == 0 ? null : saving / saved * 1000, overhead / steps,
            (overhead - saving + seldom) / (steps - saving + seldom));

        double Seconds((string, Phase[] Phases) row) => row.Phases.Sum(watch.Seconds);

        double Sum(IEnumerable<(string, Phase[])> rows) => rows.Sum(row => Seconds(row));
    }
}

/// <summary>A part of what a run does.</summary>
/// <param name="Name">In words.</param>
/// <param name="Seconds">Of all timed steps.</param>
/// <param name="MillisecondsPerStep">The mean.</param>
/// <param name="Share">Of the step time, in which evaluations are not counted.</param>
sealed record LoopPhase(string Name, double Seconds, double MillisecondsPerStep, double Share);
