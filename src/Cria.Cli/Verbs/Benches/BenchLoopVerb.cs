using System.CommandLine;
using System.Globalization;
using System.Text;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Training.Recipes;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench loop</c>: what the loop, logging and checkpoints cost beside the plan and the optimizer.</summary>
static class BenchLoopVerb
{
    static readonly Argument<string?> RecipePath = new("RECIPE")
    {
        Description = "A recipe; the quickstart and lilLM-39M at 4 × 512 if not given.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<int> Steps = Numbers.Count("--steps", "N", "Steps to time, in the place of --seconds.", 1);
    static readonly Option<double> Seconds = Numbers.Real("--seconds", "S", "About how long the timed steps of each recipe take.", 20, 1, 86_400);
    static readonly Option<string> Scratch = BenchVerb.Scratch("Where the runs are trained and removed again.", "cria-bench-loop");

    public static Command Create() => new Verb(
        "loop",
        "What the loop, logging and checkpoints of real runs cost beside forward, backward and the optimizer.",
        "cria bench loop recipes/quickstart.yaml --seconds 30")
    {
        RecipePath, Set, Steps, Seconds, Scratch, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        IReadOnlyList<Recipe> recipes = parsed.GetValue(RecipePath) is { } path ? [RecipeOptions.Read(parsed, path, Set)] : Usual(parsed);
        foreach (var recipe in recipes)
        {
            if (recipe.Chain is not null)
                throw new UsageException($"{recipe.Name} is a chain of several runs, and the loop of one is measured; leave chain out.");
            RecipeRules.Check(recipe);
        }
        string scratch = parsed.GetRequiredValue(Scratch);
        DataVerb.RefuseExisting(scratch);
        var results = new List<LoopResult>();
        try
        {
            foreach (var recipe in recipes)
                results.Add(new LoopBench(recipe, parsed.ThreadCount(), Path.Combine(scratch, recipe.Name))
                    .Run(parsed.GetValue(Steps), parsed.GetValue(Seconds), cancellation));
        }
        finally
        {
            if (Directory.Exists(scratch))
                Directory.Delete(scratch, recursive: true);
        }
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Recipes = results });
        else
            Output.Line(string.Join("\n\n", results.Select(Text)));
        return 0;
    }

    // One micro-batch a step: the loop's share is the larger, the less a step computes.
    static IReadOnlyList<Recipe> Usual(ParseResult parsed)
    {
        string[] overrides = parsed.GetValue(Set) ?? [];
        return
        [
            BuiltinRecipes.Read("quickstart.yaml", overrides),
            BuiltinRecipes.Read("lillm-39m.yaml", ["batch.tokens_per_step=0", .. overrides]),
        ];
    }

    static string Text(LoopResult r)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"{r.Recipe}: {r.Parameters:N0} parameters, {r.TokensPerStep:N0} tokens a step, {r.Threads} threads ({r.Kernels}); {r.Steps:N0} steps of {r.StepMilliseconds:F1} ms\n"));
        text.Append(CultureInfo.InvariantCulture, $"{"",-22} {"seconds",9} {"ms a step",11} {"share",9}\n");
        foreach (var phase in r.Phases)
            text.Append(CultureInfo.InvariantCulture,
                $"{phase.Name,-22} {phase.Seconds,9:F3} {phase.MillisecondsPerStep,11:F4} {phase.Share,9:P2}\n");
        text.Append(CultureInfo.InvariantCulture, $"outside forward, backward, clip and update: {r.OverheadShare:P2} of a step");
        if (r.CheckpointMilliseconds is { } pause)
            text.Append(CultureInfo.InvariantCulture,
                $", with {r.Checkpoints} checkpoints, one every {r.CheckpointEvery:N0} steps, of {pause:F1} ms each; {r.OverheadShareAtRecipesPace:P2} with one every {r.RecipeCheckpointEvery:N0}, as the recipe has them");
        return text.ToString();
    }
}
