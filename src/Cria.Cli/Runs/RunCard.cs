using System.Globalization;
using System.Text;
using Cria.Cli.Recipes;
using Cria.Data.Shards;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Reports;
using Cria.Reports.Charts;
using Cria.Training.Checkpoints;
using Cria.Training.Recipes;
using Cria.Training.Schedules;

namespace Cria.Cli.Runs;

/// <summary>The model card of a run: its recipe, its data and what was measured, from the files of its folder.</summary>
static class RunCard
{
    /// <summary>How far above a checkpoint its run's folder lies, at most: <c>RUN/checkpoints/step-N</c>.</summary>
    const int Levels = 2;

    /// <summary>The same contents with a card, where the checkpoint is of a run and has none; it ends at the checkpoint's step.</summary>
    public static CheckpointContents AddTo(CheckpointContents contents, string checkpoint)
    {
        if (contents.Files.ContainsKey(ModelCard.FileName) || RunOf(checkpoint) is not { } run)
            return contents;
        string state = Path.Combine(checkpoint, "training", "state.json");
        int last = File.Exists(state) ? TrainingState.Read(state).Step : int.MaxValue;
        byte[] card = Encoding.UTF8.GetBytes(Of(RecipeFile.Read(new RunFiles(run).Recipe, []), run, last).Text());
        return contents with { Files = new Dictionary<string, byte[]>(contents.Files) { [ModelCard.FileName] = card } };
    }

    /// <param name="recipe">Resolved.</param>
    /// <param name="run">The run's folder.</param>
    /// <param name="last">The model's step: what the run did after it is not the model's.</param>
    public static ModelCard Of(Recipe recipe, string run, int last = int.MaxValue)
    {
        var metrics = MetricsFile.Read(new RunFiles(run).Metrics, last);
        using var model = ModelCatalog.Create(recipe.Model, CpuDevice.Instance); // recorded, not allocated
        int tokens = recipe.Batch.TokensPerStep;
        int steps = metrics.Loss.Count == 0 ? 0 : (int)metrics.Loss[^1].X;
        var config = recipe.Model;
        return new()
        {
            Name = recipe.Name,
            ModelType = config.ModelType,
            Data = Source(recipe),
            // Of these very weights: an earlier validation stands in the table with its step, and not here.
            Figures = metrics.Validation is [.., var held] && held.X == steps
                ? [("loss", "validation loss, nats a token", held.Y), ("perplexity", "validation perplexity a token", Math.Exp(held.Y))]
                : [],
            Tables =
            [
                ("Model",
                [
                    ("parameters", Text(model.Parameters.Count)), ("vocabulary", Text(config.VocabSize)), ("context", Text(config.MaxPositionEmbeddings)),
                    ("hidden size", Text(config.HiddenSize)), ("layers", Text(config.NumHiddenLayers)),
                ]),
                ("Training", [.. Training(recipe, metrics, steps, tokens)]),
                ("Data", [.. Data(recipe, run)]),
                ("Figures",
                [
                    ("training loss, last step", metrics.Loss.Count == 0 ? "–" : Human.Number(metrics.Loss[^1].Y, 4)),
                    ("validation loss", metrics.Validation is [.., var newest] ? Validation(newest, steps) : "–"),
                ]),
            ],
        };
    }

    static string Validation(DataPoint held, int steps) =>
        $"{Human.Number(held.Y, 4)} nats a token{(held.X == steps ? "" : $", after step {Text((long)held.X)}")}";

    static string? RunOf(string checkpoint)
    {
        string? folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint));
        for (int level = 0; folder is not null && level <= Levels; level++, folder = Path.GetDirectoryName(folder))
            if (Pages.RecordedRun.Is(folder))
                return folder;
        return null;
    }

    static IEnumerable<(string, string)> Training(Recipe recipe, MetricsFile metrics, int steps, int tokens)
    {
        yield return ("steps", $"{Text(steps)} of {Text(tokens)} tokens");
        yield return ("tokens", Human.Count(metrics.Tokens));
        yield return ("sequence length", Text(recipe.Data.SequenceLength));
        yield return ("optimizer", Optimizer(recipe.Optimizer));
        yield return ("learning rate", LearningRate(recipe));
        yield return ("seed", recipe.Seed.ToString(CultureInfo.InvariantCulture));
        yield return ("time", Human.Duration(TimeSpan.FromSeconds(metrics.Seconds)));
    }

    static string LearningRate(Recipe recipe)
    {
        string end = recipe.Schedule is DecayingScheduleRecipe decaying
            ? string.Create(CultureInfo.InvariantCulture, $" to {decaying.Minimum(recipe.Optimizer.LearningRate)}")
            : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{recipe.Optimizer.LearningRate}, {recipe.Schedule.Type}{end} after {recipe.Schedule.WarmupSteps} steps of warm-up");
    }

    // Its constants under their names in recipes; the learning rate has a line of its own.
    static string Optimizer(OptimizerRecipe optimizer) => string.Join(", ", RecipeKeys.Of(optimizer.GetType())
        .Where(key => key.Value.Name != nameof(OptimizerRecipe.LearningRate) && key.Value.GetValue(optimizer) is ValueType)
        .Select(key => $"{key.Key.Replace('_', ' ')} {RecipeScalars.Text(key.Value.GetValue(optimizer)!)}")
        .Prepend(optimizer.Type));

    static IEnumerable<(string, string)> Data(Recipe recipe, string run)
    {
        yield return ("source", Source(recipe));
        foreach (string part in (string[])["train", "validation"])
        {
            string folder = Path.Combine(run, "data", part);
            if (!File.Exists(Path.Combine(folder, ShardManifest.FileName)))
                continue;
            using var shards = ShardSet.Open(folder);
            yield return (part, $"{Text(shards.Manifest.Documents)} documents, {Human.Bytes(shards.Manifest.TextBytes)}, {Text(shards.Tokens)} tokens");
        }
    }

    // Names of files without their folders, which are nobody's business but the owner's.
    static string Source(Recipe recipe) => recipe.Data.Synth is { } synth
        ? $"stories of Cria's embedded generator, {Text(synth.Stories)} of seed {synth.Seed}"
        : string.Join(", ", recipe.Data.Train.Concat(recipe.Data.Mixture.Select(source => source.Train)).Select(path => Path.GetFileName(Path.TrimEndingDirectorySeparator(path))));

    static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
