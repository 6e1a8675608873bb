using System.Text.Json;

namespace Cria.Training.Observation;

/// <summary>A session's facts as an object of metrics.jsonl; what is missing there is not known.</summary>
static class SessionJson
{
    public static void Write(Utf8JsonWriter json, SessionFacts session)
    {
        json.WriteStartObject();
        json.WriteString("version", session.Version);
        json.WriteString("machine", session.Machine);
        json.WriteNumber("machine_memory", session.MachineMemory);
        json.WriteString("kernels", session.Kernels);
        json.WriteNumber("threads", session.Threads);
        json.WriteNumber("planned_steps", session.PlannedSteps);
        json.WriteNumber("tokens_per_step", session.TokensPerStep);
        json.WriteNumber("parameters", session.Parameters);
        json.WriteNumber("flops_per_token", session.FlopsPerToken);
        json.WriteString("flops_formula", session.FlopsFormula);
        json.WriteNumber("peak_gflops", session.PeakGflops);
        json.WriteString("peak_source", session.PeakSource);
        json.WriteStartObject("memory");
        foreach (var (name, bytes) in session.Memory)
            json.WriteNumber(name, bytes);
        json.WriteEndObject();
        json.WriteStartObject("data");
        foreach (var (name, words) in session.Data)
            json.WriteString(name, words);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static SessionFacts Read(JsonElement json, int step) => new()
    {
        Step = step,
        Version = Words(json, "version"),
        Machine = Words(json, "machine"),
        MachineMemory = (long)Number(json, "machine_memory"),
        Kernels = Words(json, "kernels"),
        Threads = (int)Number(json, "threads"),
        PlannedSteps = (int)Number(json, "planned_steps"),
        TokensPerStep = (int)Number(json, "tokens_per_step"),
        Parameters = (long)Number(json, "parameters"),
        FlopsPerToken = Number(json, "flops_per_token"),
        FlopsFormula = Words(json, "flops_formula"),
        PeakGflops = Number(json, "peak_gflops"),
        PeakSource = Words(json, "peak_source"),
        Memory = Fields(json, "memory").ToDictionary(field => field.Name, field => (long)field.Value.GetDouble()),
        Data = Fields(json, "data").ToDictionary(field => field.Name, field => field.Value.GetString() ?? ""),
    };

    static string Words(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    static double Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;

    static IEnumerable<JsonProperty> Fields(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : [];
}
