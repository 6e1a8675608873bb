using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Engine.Graphs;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Reports;

namespace Cria.Cli.Verbs;

/// <summary><c>cria plan</c>: every operation of a step, with shapes, bytes and lifetimes, and the memory it all takes.</summary>
static class PlanVerb
{
    static readonly Argument<string> RecipePath = new("RECIPE") { Description = "A recipe file (YAML)." };
    static readonly Option<string[]> Set = RecipeOptions.Set();

    public static Command Create() => new Verb(
        "plan",
        "Print the operations and the memory of a training step; nothing is trained.",
        "cria plan recipes/quickstart.yaml --set batch.recompute=true")
    {
        RecipePath, Set, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var recipe = RecipeOptions.Read(parsed, parsed.GetRequiredValue(RecipePath), Set).WithVocabulary();
        var device = CpuDevice.Instance;
        using var model = ModelCatalog.Create(recipe.Model, device);
        PlanOptions options = new(recipe.Batch.Recompute);
        using var plan = TrainingPlan.Record(model, recipe.Batch.MicroBatchSize, recipe.Data.SequenceLength, options).Plan;
        long weights = model.Parameters.FlatLength * sizeof(float);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Parameters = model.Parameters.Count,
                WeightBytes = weights,
                GradientBytes = weights,
                OptimizerBytes = 2 * weights,
                plan.ArenaBytes,
                plan.UnsharedBytes,
                TotalBytes = 4 * weights + plan.ArenaBytes,
                Steps = PlanReport.Rows(plan),
            });
            return 0;
        }
        Output.Line(PlanReport.Text(plan).TrimEnd());
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"""

            {model.Parameters.Count:N0} parameters: weights {Human.Bytes(weights)}, gradients {Human.Bytes(weights)}, AdamW {Human.Bytes(2 * weights)}
            activations and their gradients: {Human.Bytes(plan.ArenaBytes)} in one arena ({Human.Bytes(plan.UnsharedBytes)} without sharing)
            together {Human.Bytes(4 * weights + plan.ArenaBytes)} for {recipe.Batch.MicroBatchSize} × {recipe.Data.SequenceLength} tokens
            """));
        return 0;
    }
}
