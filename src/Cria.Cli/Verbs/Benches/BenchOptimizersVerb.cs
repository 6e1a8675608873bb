using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Engine.Kernels;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench optimizers</c>: what an update costs, beside AdamW's and beside the step it is part of.</summary>
static class BenchOptimizersVerb
{
    static readonly Argument<string?> RecipePath = new("RECIPE")
    {
        Description = "A recipe, of which the model and the batch are used; the quickstart's if not given.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<int> Rounds = Numbers.Count("--rounds", "N", "Rounds of updates by all optimizers in turns; 7 if not given.", 1, example: 7);

    public static Command Create() => new Verb(
        "optimizers", "Every optimizer's update beside AdamW's, and its share of a training step.", "cria bench optimizers --threads 2")
    {
        RecipePath, Set, Rounds, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var recipe = (parsed.GetValue(RecipePath) is { } path
            ? RecipeOptions.Read(parsed, path, Set)
            : BuiltinRecipes.Read("quickstart.yaml", parsed.GetValue(Set) ?? [])).WithVocabulary();
        int threads = parsed.ThreadCount(), rounds = parsed.GetValue(Rounds) is > 0 and var given ? given : 7;
        var kernels = KernelChoice.Best(threads);
        using var bench = new OptimizersBench(recipe, kernels);
        bench.Warm();
        for (int round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            bench.Round();
        }
        var results = bench.Results();
        (kernels as IDisposable)?.Dispose();
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new
            {
                Recipe = recipe.Name,
                bench.Parameters,
                bench.TokensPerStep,
                Threads = threads,
                Kernels = kernels.Name,
                Rounds = rounds,
                bench.PassMilliseconds,
                Optimizers = results,
            });
        else
            Show(bench, recipe.Name, threads, kernels.Name, results);
        return 0;
    }

    static void Show(OptimizersBench bench, string recipe, int threads, string kernels, IReadOnlyList<OptimizerResult> results)
    {
        Output.Line(string.Create(CultureInfo.InvariantCulture,
            $"{recipe}: {bench.Parameters:N0} parameters, {bench.TokensPerStep:N0} tokens a step, {threads} threads ({kernels})"));
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"forward, backward and clip take {bench.PassMilliseconds:F1} ms"));
        Output.Line($"{"optimizer",-28} {"ms",9} {"× adamw",8} {"of a step",10} {"first ms",9} {"bytes/parameter",16}");
        foreach (var r in results)
            Output.Line(string.Create(CultureInfo.InvariantCulture,
                $"{r.Name,-28} {r.Milliseconds,9:F2} {r.TimesAdamW,8:F2} {r.ShareOfStep,10:P1} {r.FirstMilliseconds,9:F1} {r.StateBytesPerParameter,16:F1}"));
    }
}
