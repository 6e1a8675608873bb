using System.Text.Json;
using Cria.Training;
using Cria.Training.Budgets;

namespace Cria.Cli.Budgets;

/// <summary>The fitted law and the runs it was fitted to, as they lie in recipes/budget and in the program.</summary>
static class LawFile
{
    const string Law = "law.json", Runs = "runs.jsonl";

    static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The law that the program carries with it.</summary>
    public static LossLaw Builtin { get; } = JsonSerializer.Deserialize<LossLaw>(Content(Law), Options)!;

    public static IReadOnlyList<LadderRun> BuiltinRuns => Read(Content(Runs), Runs);

    /// <summary>Finished runs, one JSON object a line.</summary>
    /// <exception cref="TrainingException">A line is none.</exception>
    public static IReadOnlyList<LadderRun> ReadRuns(string path) => Read(File.ReadAllText(path), path);

    public static string Text(LadderRun run) => JsonSerializer.Serialize(run, Options);

    static List<LadderRun> Read(string text, string name)
    {
        List<LadderRun> runs = [];
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
                continue;
            try
            {
                runs.Add(JsonSerializer.Deserialize<LadderRun>(lines[i], Options)!);
            }
            catch (JsonException e)
            {
                throw new TrainingException($"{name} is damaged in line {i + 1}, which is no run of a ladder: {e.Message}");
            }
            if (!(runs[^1] is { Body: > 0, Embedding: > 0, SeenBytes: > 0, UniqueBytes: > 0, BitsPerByte: > 0 }))
                throw new TrainingException($"{name} has a run in line {i + 1} that has no size, no text or no loss.");
        }
        return runs;
    }

    static string Content(string name)
    {
        using var stream = typeof(LawFile).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
