using System.Text.Json;
using Cria.Cli.Frame;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Interop;
using Cria.Reports;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Budgets;

/// <summary>Trains the rungs of a ladder, one after another; each leaves a line, and what has its line is not trained again.</summary>
sealed class LadderExecution(string folder, Recipe template, LadderOptions options, int threads, CancellationToken cancellation)
{
    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    string Entries => Path.Combine(folder, "runs.jsonl");

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
        var shared = SharedCorpus.Prepare(recipe, Path.Combine(folder, "data"), threads, Output.Log, cancellation).For(recipe);
        int vocabulary = TokenizerFile.Open(shared.Tokenizer.Path!).ToTrainWith().VocabSize;
        double uniqueBytes = CorpusSurvey.Of(shared, threads, cancellation).Bytes;

        var done = Finished();
        ulong first = template.Seed;
        for (ulong seed = first; seed < first + (ulong)options.Seeds; seed++)
            foreach (var rung in plan.Rungs.Where(rung => !done.Exists(entry => entry.Name == rung.Name && entry.Seed == seed)))
            {
                Output.Log($"{rung.Name}, seed {seed}: {Human.Count(rung.Parameters)} parameters, {rung.Steps:N0} steps");
                if (Train(plan, rung, plan.Recipe(rung, shared, seed), vocabulary, uniqueBytes) is not { } entry)
                    return null;
                File.AppendAllText(Entries, JsonSerializer.Serialize(entry, Json) + "\n");
                done.Add(entry);
            }
        return (plan, done);
    }

    LadderEntry? Train(LadderPlan plan, Rung rung, Recipe recipe, int vocabulary, double uniqueBytes)
    {
        string path = Path.Combine(folder, "runs", $"{rung.Name}-seed{recipe.Seed}");
        RunOptions brief = new() { Resume = true, Threads = threads, Brief = true, Silent = true };
        if (ChainExecution.RunOnce(recipe, path, brief, cancellation) != 0)
            return null;
        var finished = ResultFile.Read(ResultFile.In(path));
        long embedding = (long)vocabulary * rung.Width;
        var entry = new LadderEntry
        {
            Name = rung.Name,
            Seed = finished.Seed,
            Body = finished.Parameters - embedding,
            Embedding = embedding,
            Vocabulary = vocabulary,
            Tokens = finished.Tokens,
            SeenBytes = finished.Tokens * plan.BytesPerToken,
            UniqueBytes = uniqueBytes,
            BitsPerByte = finished.Validation.BitsPerByte,
            Seconds = finished.TrainingSeconds,
            PlannedSeconds = recipe.Stop is null ? rung.Steps * rung.SecondsPerStep : options.Seconds,
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
