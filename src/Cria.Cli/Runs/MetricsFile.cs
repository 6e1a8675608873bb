using System.Text.Json;
using Cria.Reports.Charts;
using Cria.Training;

namespace Cria.Cli.Runs;

/// <summary>The curves of a run, read from its metrics.jsonl, which may still be open for writing.</summary>
sealed record MetricsFile(
    IReadOnlyList<DataPoint> Loss,
    IReadOnlyList<DataPoint> Validation,
    IReadOnlyList<DataPoint> LearningRate,
    double Seconds,
    double Tokens,
    int Skipped)
{
    /// <summary>Reads the file up to a step; a last line that was torn while it was written is left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="last">What stands there of later steps is left out.</param>
    /// <exception cref="TrainingException">A line that others follow is damaged.</exception>
    public static MetricsFile Read(string path, int last = int.MaxValue)
    {
        var loss = new List<DataPoint>();
        var validation = new List<DataPoint>();
        var learningRate = new List<DataPoint>();
        double seconds = 0, tokens = 0;
        int skipped = 0;
        foreach (var row in Rows(path).TakeWhile(row => row.Step <= last))
        {
            Add(row.IsValidation ? validation : loss, row.Step, row.Loss);
            Add(learningRate, row.Step, row.LearningRate);
            seconds += row.Seconds;
            tokens = row.IsValidation ? tokens : row.Tokens;
            skipped += row.IsSkipped ? 1 : 0;
        }
        return new(loss, validation, learningRate, seconds, tokens, skipped);
    }

    static IEnumerable<Row> Rows(string path)
    {
        // The run that reads its own metrics has them open for writing, and Windows asks the reader to allow that.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var lines = new StreamReader(file);
        for (int number = 1; lines.ReadLine() is { } line; number++)
        {
            if (Parse(line) is { } row)
                yield return row;
            else if (!lines.EndOfStream)
                throw new TrainingException($"{path} is damaged in line {number}, which is no row of metrics; restore the file from a copy.");
        }
    }

    /// <summary>A line's row; null where it is none.</summary>
    static Row? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            double step = row.GetProperty("step").GetDouble();
            return row.TryGetProperty("validation_loss", out var held)
                ? new(step, IsValidation: true, Number(held))
                : new(step, IsValidation: false, Number(row.GetProperty("loss")), Number(row.GetProperty("learning_rate")),
                    row.GetProperty("seconds").GetDouble(), row.GetProperty("tokens").GetDouble(),
                    row.GetProperty("gradient_norm").ValueKind == JsonValueKind.Null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null; // the caller knows which line it is, and whether it was torn
        }
    }

    static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static void Add(List<DataPoint> points, double step, double? value)
    {
        if (value is { } number)
            points.Add(new(step, number));
    }

    /// <summary>Of a step of training, or of a validation, which has a loss alone.</summary>
    readonly record struct Row(
        double Step, bool IsValidation, double? Loss, double? LearningRate = null, double Seconds = 0, double Tokens = 0,
        bool IsSkipped = false);
}
