using System.Text.Json;

namespace Cria.Training.Observation;

/// <summary>Reads metrics.jsonl, of this and of earlier versions; it may still be open for writing.</summary>
public static class MetricsReader
{
    /// <summary>The file's lines in order; a last line that was torn while it was written is left out.</summary>
    /// <exception cref="TrainingException">A line that others follow is damaged.</exception>
    public static IEnumerable<MetricsLine> Lines(string path)
    {
        // The run that reads its own metrics has them open for writing, and Windows asks the reader to allow that.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var text = new StreamReader(file);
        for (int number = 1; text.ReadLine() is { } line; number++)
        {
            if (Parse(line) is { } read)
                yield return read;
            else if (!text.EndOfStream)
                throw new TrainingException($"{path} is damaged in line {number}, which is no row of metrics; restore the file from a copy.");
        }
    }

    /// <summary>What a line says; null where it is none.</summary>
    static MetricsLine? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            int step = row.GetProperty("step").GetInt32();
            double time = Optional(row, "time");
            if (!row.TryGetProperty("validation_loss", out var held))
                return new StepLine(Step(row, step), time);
            if (held.ValueKind == JsonValueKind.Number || row.TryGetProperty("weights", out _))
                return new EvaluationLine(Evaluation(row, step, held), (long)Optional(row, "memory"), time);
            return Other(row, step, time);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null; // the caller knows which line it is, and whether it was torn
        }
    }

    static StepMetrics Step(JsonElement row, int step) =>
        new(step, Number(row.GetProperty("loss")), (float)Number(row.GetProperty("learning_rate")), (float)Number(row.GetProperty("gradient_norm")),
            row.GetProperty("tokens").GetInt64(), row.GetProperty("seconds").GetDouble())
        {
            Parts = row.TryGetProperty("divergence", out var divergence)
                ? new(Number(row.GetProperty("cross_entropy")), Number(divergence)) : null,
            ClipFactor = row.TryGetProperty("clip_factor", out var clip) ? (float)Number(clip) : float.NaN,
            WinRate = row.TryGetProperty("win_rate", out var wins) ? (float)Number(wins) : float.NaN,
            Phases = row.TryGetProperty("phases", out var phases) ? Phases(phases) : default,
            Norms = row.TryGetProperty("norms", out var norms) ? Norms(norms) : [],
        };

    static StepPhases Phases(JsonElement phases) => new()
    {
        Data = (float)Optional(phases, "data"),
        Pass = (float)Optional(phases, "pass"),
        Optimizer = (float)Optional(phases, "optimizer"),
        Norms = (float)Optional(phases, "norms"),
        Observers = (float)Optional(phases, "observers"),
        Evaluation = (float)Optional(phases, "evaluation"),
        Checkpoint = (float)Optional(phases, "checkpoint"),
    };

    static List<GroupNorms> Norms(JsonElement norms)
    {
        var groups = new List<GroupNorms>();
        foreach (var group in norms.EnumerateObject())
            groups.Add(new(group.Name, Number(group.Value[0]), Number(group.Value[1]), Number(group.Value[2])));
        return groups;
    }

    static EvaluationMetrics Evaluation(JsonElement row, int step, JsonElement held)
    {
        bool isOther = row.TryGetProperty("weights", out var weights);
        double loss = Number(isOther ? row.GetProperty("weights_loss") : held);
        long tokens = Math.Max(1, (long)Optional(row, "validation_tokens"));
        double nats = loss * tokens, bits = Optional(row, "bits_per_byte");
        return new(step, nats, tokens, bits > 0 ? (long)Math.Round(nats / Math.Log(2) / bits) : 0)
        {
            Weights = isOther ? weights.GetString()! : "",
            DistillationLoss = row.TryGetProperty("distillation_loss", out var whole) ? Number(whole) : null,
            Divergence = row.TryGetProperty("divergence", out var divergence) ? Number(divergence) : null,
        };
    }

    static MetricsLine Other(JsonElement row, int step, double time)
    {
        if (row.TryGetProperty("session", out var session))
            return new SessionLine(SessionJson.Read(session, step), time);
        if (row.TryGetProperty("sample", out var sample))
            return new SampleLine(new(step, sample.GetProperty("prompt").GetString()!, sample.GetProperty("text").GetString()!), time);
        if (!row.TryGetProperty("event", out var kind))
            return new UnknownLine(step, time);
        var figures = row.EnumerateObject()
            .Where(field => field.Name is not ("step" or "time") && field.Value.ValueKind == JsonValueKind.Number)
            .Select(field => (field.Name, field.Value.GetDouble()));
        string text = row.TryGetProperty("text", out var words) ? words.GetString()! : kind.GetString()!;
        return new EventLine(new(step, kind.GetString()!, text, [.. figures]), time);
    }

    static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.Null => double.NaN,
        _ => throw new FormatException(),
    };

    static double Optional(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
}
