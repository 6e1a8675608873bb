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
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Stopping;

namespace Cria.Cli.Verbs;

/// <summary><c>cria plan</c>: every operation of a step, with shapes, bytes and lifetimes, and the memory it all takes.</summary>
static class PlanVerb
{
    static readonly Argument<string> RecipePath = new("RECIPE") { Description = "A recipe file (YAML)." };
    static readonly Option<string[]> Set = RecipeOptions.Set();

    static readonly Option<string?> ScheduleChart = new("--schedule")
    {
        HelpName = "FILE.svg",
        Description = "Draw the learning rate of every step into this file instead.",
    };

    public static Command Create() => new Verb(
        "plan",
        "Print the operations and the memory of a training step; nothing is trained.",
        "cria plan recipes/quickstart.yaml --set batch.recompute=true")
    {
        RecipePath, Set, ScheduleChart, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var teachers = new PlannedTeachers(RecipeOptions.Read(parsed, parsed.GetRequiredValue(RecipePath), Set));
        var recipe = BatchSplit.Resolved(teachers.Recipe.WithVocabulary());
        if (parsed.GetValue(ScheduleChart) is { } chart)
            return Draw(recipe, chart);
        var device = CpuDevice.Instance;
        var kernels = KernelChoice.Best(parsed.ThreadCount());
        recipe = new MicroBatchSearch(kernels, AvailableMemory.Now(), teachers.Models) { Taught = teachers.Taught }
            .Resolved(recipe, Output.Log);
        using var model = ModelCatalog.Create(recipe.Model, device);
        using var plan = TrainingPlan.Record(model, recipe.Batch.MicroBatchSize, recipe.Data.SequenceLength, recipe.PlanOptions(),
            loss: recipe.Loss.Create(teachers.Models, teachers.Taught)).Plan;
        using var validation = Validation.PassFor(recipe, model, teachers.Models);
        var memory = MemoryAccount.Of(recipe, model, kernels, plan, validation.Plan).With(teachers.Models);
        (kernels as IDisposable)?.Dispose();
        TeacherMemory[] taught = [.. teachers.Models.Select(teacher =>
            TeacherMemory.Of(teacher, recipe.Batch.MicroBatchSize, recipe.Data.SequenceLength))];
        ParameterGroup[] groups = ParameterGroups.Of(recipe, model.Parameters);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Parameters = model.Parameters.Count,
                Groups = groups.Select(group => new
                {
                    group.WeightDecay,
                    group.LearningRateFactor,
                    Parameters = group.Parameters.Select(parameter => parameter.Name),
                }),
                WeightBytes = memory.Weights,
                GradientBytes = memory.Gradients,
                OptimizerBytes = memory.Optimizer,
                AverageBytes = memory.Averages,
                ArenaBytes = memory.Arena,
                plan.UnsharedBytes,
                TableBytes = memory.Tables,
                ScratchBytes = memory.Scratch,
                SnapshotBytes = memory.Snapshot,
                TeacherBytes = memory.Teachers,
                Teachers = taught.Select((teacher, i) => new
                {
                    Path = teachers.Paths[i],
                    Parameters = teachers.Models[i].Parameters.Count,
                    WeightBytes = teacher.Weights,
                    ActivationBytes = teacher.Activations,
                }),
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
            averages of the weights    {memory.Averages,15:N0}
            activations, one arena     {memory.Arena,15:N0}  ({Human.Bytes(plan.UnsharedBytes)} without sharing)
            tables                     {memory.Tables,15:N0}
            kernels' scratch           {memory.Scratch,15:N0}
            copy for checkpoints       {memory.Snapshot,15:N0}
            teachers                   {memory.Teachers,15:N0}
            together                   {memory.Total,15:N0}  = {Human.Bytes(memory.Total)}, and the runtime's own 100 MiB or so

            """));
        for (int i = 0; i < taught.Length; i++)
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"teacher {teachers.Paths[i]}: {teachers.Models[i].Parameters.Count:N0} parameters, " +
                $"{taught[i].Weights:N0} bytes; while it runs, {taught[i].Activations:N0} bytes of the arena"));
        foreach (string line in ParameterGroupLines.Of(groups))
            Output.Line(line);
        return 0;
    }

    static int Draw(Recipe recipe, string path)
    {
        RecipeRules.Check(recipe);
        if (Stops.Steps(recipe, recipe.Batch.TokensPerStep) is not { } steps)
            throw new UsageException("the recipe ends at a time, so nobody knows its steps yet; draw it with --set stop=null --set steps=1000.");
        WholeFile.Write(path, Runs.ScheduleChart.Of(recipe, steps).ToSvg(standalone: true));
        Output.Line($"{path} shows the learning rate of {steps:N0} steps, {recipe.Schedule.Type}");
        return 0;
    }
}
