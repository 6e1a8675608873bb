using System.Text.Json;
using Cria.Reports.Charts;

namespace Cria.Cli.Runs;

/// <summary>The curves of a run, read from its metrics.jsonl.</summary>
sealed record MetricsFile(
    IReadOnlyList<DataPoint> Loss,
    IReadOnlyList<DataPoint> Validation,
    IReadOnlyList<DataPoint> LearningRate,
    double Seconds,
    int Skipped)
{
    public static MetricsFile Read(string path)
    {
        var loss = new List<DataPoint>();
        var validation = new List<DataPoint>();
        var learningRate = new List<DataPoint>();
        double seconds = 0;
        int skipped = 0;
        foreach (string line in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            double step = row.GetProperty("step").GetDouble();
            if (row.TryGetProperty("validation_loss", out var held))
            {
                Add(validation, step, held);
                continue;
            }
            if (row.GetProperty("gradient_norm").ValueKind == JsonValueKind.Null)
                skipped++;
            Add(loss, step, row.GetProperty("loss"));
            Add(learningRate, step, row.GetProperty("learning_rate"));
            seconds += row.GetProperty("seconds").GetDouble();
        }
        return new(loss, validation, learningRate, seconds, skipped);
    }

    static void Add(List<DataPoint> points, double step, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
            points.Add(new(step, value.GetDouble()));
    }
}
