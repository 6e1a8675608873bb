using System.Text.Json;
using Cria.Cli.Frame;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Reports;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Budgets;

/// <summary>Trains the rungs of a ladder, one after another; each leaves a line, and what has its line is not trained again.</summary>
sealed class LadderExecution(string folder, Recipe template, LadderOptions options, int threads, CancellationToken cancellation)
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    string Entries => Path.Combine(folder, "runs.jsonl");

    string Data => Path.Combine(folder, "data");

    /// <returns>The plan with all its runs; null where it was interrupted, after the run under way was saved.</returns>
    public (LadderPlan Plan, IReadOnlyList<LadderEntry> Runs)? Run()
    {
        Directory.CreateDirectory(folder);
        string kept = Path.Combine(folder, "ladder.json");
        var plan = LadderPlan.Kept(kept, options);
        if (plan is null)
        {
            Output.Log("measuring the machine and planning");
            plan = LadderPlan.Of(options, template, threads, cancellation);
            plan.Write(kept);
        }
        var recipe = template.Tokenizer.Path is null
            ? template with { Tokenizer = new() { VocabSize = plan.PickedRung.Vocabulary } }
            : template;
        var corpus = new CorpusPreparation(recipe, Data, threads, Output.Log, cancellation).Run();
        string tokenizer = template.Tokenizer.Path ?? Path.Combine(Data, "tokenizer");

        var done = Finished();
        ulong first = template.Seed;
        for (ulong seed = first; seed < first + (ulong)options.Seeds; seed++)
            foreach (var rung in plan.Rungs.Where(rung => !done.Exists(entry => entry.Name == rung.Name && entry.Seed == seed)))
            {
                Output.Log($"{rung.Name}, seed {seed}: {Human.Count(rung.Parameters)} parameters, {rung.Steps:N0} steps");
                if (Train(plan, rung, plan.Recipe(rung, template, corpus, tokenizer, seed)) is not { } entry)
                    return null;
                File.AppendAllText(Entries, JsonSerializer.Serialize(entry, Json) + "\n");
                done.Add(entry);
            }
        return (plan, done);
    }

    LadderEntry? Train(LadderPlan plan, Rung rung, Recipe recipe)
    {
        RecipeRules.Check(recipe);
        using var place = RunFolder.Open(Path.Combine(folder, "runs", $"{rung.Name}-seed{recipe.Seed}"), resume: true);
        using var run = new PretrainRun(recipe, place, threads, [], _ => { }, cancellation);
        if (!run.Train(cancellation))
            return null;
        double peak = RunMeasurement.PeakGflops(run.Recipe, run.Kernels, threads);
        var measured = new RunMeasurement(run, MetricsFile.Read(place.Metrics).Seconds, peak, _ => { }).Loss();
        var finished = RunRecording.Write(run, place.Path, measured, threads);
        long embedding = (long)run.Recipe.Model.VocabSize * run.Recipe.Model.HiddenSize;
        var entry = new LadderEntry
        {
            Name = rung.Name,
            Seed = finished.Seed,
            Body = finished.Parameters - embedding,
            Embedding = embedding,
            Vocabulary = run.Recipe.Model.VocabSize,
            Tokens = finished.Tokens,
            SeenBytes = finished.Tokens * plan.BytesPerToken,
            UniqueBytes = run.Training.TextBytes ?? plan.CorpusBytes,
            BitsPerByte = measured.Model.BitsPerByte,
            Seconds = finished.TrainingSeconds,
            PlannedSeconds = run.Recipe.Stop is null ? rung.Steps * rung.SecondsPerStep : options.Seconds,
            PlannedTokens = (long)rung.Steps * rung.TokensPerStep,
            PredictedBitsPerByte = rung.PredictedBitsPerByte,
        };
        Output.Log($"{rung.Name}, seed {recipe.Seed}: {entry.BitsPerByte:F4} bits per byte ({rung.PredictedBitsPerByte:F4} predicted) in {Human.Duration(TimeSpan.FromSeconds(entry.Seconds))}");
        return entry;
    }

    List<LadderEntry> Finished()
    {
        if (!File.Exists(Entries))
            return [];
        try
        {
            return [.. File.ReadLines(Entries).Where(line => line.Length > 0)
                .Select(line => JsonSerializer.Deserialize<LadderEntry>(line, Json)!)];
        }
        catch (JsonException e)
        {
            throw new TrainingException($"{Entries} is damaged: {e.Message} Remove the line, and its run is looked at again.");
        }
    }
}
