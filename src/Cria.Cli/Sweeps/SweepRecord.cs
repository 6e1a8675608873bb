using System.Text.Json;
using System.Text.Json.Serialization;
using Cria.Cli.Results;
using Cria.Cli.Runs;
using Cria.Training;

namespace Cria.Cli.Sweeps;

/// <summary>One line of sweep.jsonl: a run that was finished, or looked at on its way.</summary>
/// <param name="Run">Its folder under runs/.</param>
/// <param name="Recipe">The recipe's file name.</param>
/// <param name="Values">What was put into the recipe.</param>
/// <param name="IsComplete">Whether it went to the end of the recipe.</param>
/// <param name="Loss">Nats a token on the whole validation set.</param>
sealed record SweepLine(
    string Run, string Recipe, IReadOnlyDictionary<string, string> Values, ulong Seed, int Steps, bool IsComplete, double Loss,
    double BitsPerByte, long Parameters, long Tokens, double Flops, double Seconds)
{
    public static SweepLine Of(SweepJob job)
    {
        var result = ResultFile.Read(job.ResultPath);
        var values = job.Trial.Values.ToDictionary(value => value.Path, value => value.Value);
        return new(job.Name, Path.GetFileName(job.Trial.RecipePath), values, job.Seed,
            result.Steps, job.IsComplete, result.Validation.NatsPerToken, result.Validation.BitsPerByte, result.Parameters,
            result.Tokens, result.TrainingFlops, result.TrainingSeconds);
    }
}

/// <summary>sweep.json: what a sweep was asked to do.</summary>
sealed record SweepRecord
{
    public const string FileName = "sweep.json", LinesName = "sweep.jsonl";

    const long MostBytes = 64 << 20;

    public int Version { get; init; } = 1;

    public required IReadOnlyList<string> Recipes { get; init; }

    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Points drawn at random; 0 for a grid.</summary>
    public required int Random { get; init; }

    public Halving? Halving { get; init; }

    /// <summary>The values of the best point; null while none is finished.</summary>
    public SweepBest? Best { get; init; }

    public static bool Is(string folder) => File.Exists(Path.Combine(folder, FileName));

    public void Write(string folder, IReadOnlyList<SweepLine> lines)
    {
        WholeFile.Write(Path.Combine(folder, LinesName), string.Concat(lines.Select(line =>
            JsonSerializer.Serialize(line, SweepLineJson.Default.SweepLine) + "\n")));
        WholeFile.Write(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, SweepRecordJson.Default.SweepRecord).ReplaceLineEndings("\n") + "\n");
    }

    /// <exception cref="TrainingException">They cannot be read.</exception>
    public static (SweepRecord Sweep, IReadOnlyList<SweepLine> Lines) Read(string folder)
    {
        string path = Path.Combine(folder, FileName), lines = Path.Combine(folder, LinesName);
        try
        {
            if (new[] { path, lines }.FirstOrDefault(file => new FileInfo(file) is { Exists: true, Length: > MostBytes }) is { } huge)
                throw new TrainingException($"{huge} has more than {MostBytes:N0} bytes, and no sweep has; is it the right file?");
            var sweep = JsonSerializer.Deserialize(File.ReadAllText(path), SweepRecordJson.Default.SweepRecord);
            if (sweep is not { Version: 1 })
                throw new TrainingException($"{path} has version {sweep?.Version}; this program reads version 1.");
            return (sweep, [.. File.ReadLines(lines).Select(line => JsonSerializer.Deserialize(line, SweepLineJson.Default.SweepLine)
                ?? throw new JsonException($"a line of {LinesName} says nothing"))]);
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new TrainingException($"{folder} cannot be read as a sweep: {e.Message.TrimEnd('.')}; let `cria sweep --resume` write it again.");
        }
    }
}

/// <param name="Recipe">The file name.</param>
/// <param name="Runs">The runs of its seeds, to their end.</param>
/// <param name="OnTheEdge">Paths whose best value lies on the edge of what was tried.</param>
sealed record SweepBest(
    string Recipe, IReadOnlyDictionary<string, string> Values, double Loss, double BitsPerByte, IReadOnlyList<string> Runs,
    IReadOnlyList<string> OnTheEdge);

[JsonSerializable(typeof(SweepRecord))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true, RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
sealed partial class SweepRecordJson : JsonSerializerContext;

[JsonSerializable(typeof(SweepLine))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
sealed partial class SweepLineJson : JsonSerializerContext;
