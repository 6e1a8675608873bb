using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Reports;
using Cria.Training;
using Cria.Training.Recipes;

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
        using var teachers = new Teachers(RecipeOptions.Read(parsed, parsed.GetRequiredValue(RecipePath), Set));
        var recipe = teachers.Recipe.WithVocabulary();
        var device = CpuDevice.Instance;
        using var model = ModelCatalog.Create(recipe.Model, device);
        using var plan = TrainingPlan.Record(model, recipe.Batch.MicroBatchSize, recipe.Data.SequenceLength, recipe.PlanOptions(),
            loss: recipe.Loss.Create(teachers.Models)).Plan;
        using var validation = new LossPass(model, Validation.RowsFor(recipe), recipe.Data.SequenceLength);
        var kernels = KernelChoice.Best(parsed.ThreadCount());
        var memory = MemoryAccount.Of(recipe, model, kernels, plan, validation.Plan).With(teachers.Models);
        (kernels as IDisposable)?.Dispose();
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Parameters = model.Parameters.Count,
                WeightBytes = memory.Weights,
                GradientBytes = memory.Gradients,
                OptimizerBytes = memory.Optimizer,
                ArenaBytes = memory.Arena,
                plan.UnsharedBytes,
                TableBytes = memory.Tables,
                ScratchBytes = memory.Scratch,
                TeacherBytes = memory.Teachers,
                TotalBytes = memory.Total,
                Steps = PlanReport.Rows(plan),
            });
            return 0;
        }
        Output.Line(PlanReport.Text(plan).TrimEnd());
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"""

            {model.Parameters.Count:N0} parameters, {recipe.Batch.MicroBatchSize} × {recipe.Data.SequenceLength} tokens at once, {parsed.ThreadCount()} threads
            weights                    {memory.Weights,15:N0} bytes
            gradients                  {memory.Gradients,15:N0}
            optimizer ({recipe.Optimizer.Type})          {memory.Optimizer,15:N0}
            activations, one arena     {memory.Arena,15:N0}  ({Human.Bytes(plan.UnsharedBytes)} without sharing)
            tables                     {memory.Tables,15:N0}
            kernels' scratch           {memory.Scratch,15:N0}
            teachers                   {memory.Teachers,15:N0}
            together                   {memory.Total,15:N0}  = {Human.Bytes(memory.Total)}, and the runtime's own 100 MiB or so
            """));
        return 0;
    }
}
