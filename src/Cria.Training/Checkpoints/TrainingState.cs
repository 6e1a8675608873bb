using System.Text.Json;
using System.Text.Json.Serialization;
using Cria.Engine.Tensors;
using Cria.Training.Guards;
using Cria.Training.Stopping;

namespace Cria.Training.Checkpoints;

/// <summary>What a run must know besides weights and optimizer state to go on as if it had never stopped.</summary>
public sealed record TrainingState
{
    /// <summary>Version 1 had no guard and no good step, and hashed the recipe in another way.</summary>
    public const int CurrentVersion = 2, OldestVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Optimizer steps done.</summary>
    public required int Step { get; init; }

    /// <summary>The global number of the next sample: where the data goes on.</summary>
    public required long Samples { get; init; }

    public required long Tokens { get; init; }

    /// <summary>Steps that made an update, which optimizers count by; null in states of earlier versions, which counted all.</summary>
    public int? Updates { get; init; }

    /// <summary>The last step of the plan, which the schedule was made for.</summary>
    public required int PlannedSteps { get; init; }

    /// <summary>How that step was estimated, in order; none where the recipe names it.</summary>
    public IReadOnlyList<StepEstimate> Estimates { get; init; } = [];

    /// <summary>Of training so far, which a budget of time has been spent on; 0 in states of earlier versions.</summary>
    public double Seconds { get; init; }

    /// <summary>What its budget of time has measured; null where it has none, and in states of earlier versions.</summary>
    public PaceState? Pace { get; init; }

    public string RecipeHash { get; init; } = "";

    public string ManifestHash { get; init; } = "";

    /// <summary>The step that a roll-back would go to, whose checkpoint is kept for that; null for this one.</summary>
    public int? GoodStep { get; init; }

    /// <summary>What the guard knows.</summary>
    public GuardState Guard { get; init; } = new();

    /// <summary>Whether this step was due to be evaluated, and the run was stopped before that was done.</summary>
    public bool AwaitsEvaluation { get; init; }

    /// <summary>Bytes of metrics.jsonl when this was written.</summary>
    public long MetricsLength { get; init; }

    /// <exception cref="CheckpointException">It is damaged, or of a version that this program does not read.</exception>
    public static TrainingState Read(string path)
    {
        try
        {
            string text = File.ReadAllText(path);
            // Before anything else: what the fields of a later version mean, nobody knows here.
            int version = JsonSerializer.Deserialize(text, TrainingStateJson.Default.StateVersion)?.Version ?? CurrentVersion;
            if (version is < OldestVersion or > CurrentVersion)
                throw new CheckpointException($"{path} has version {version}, and this program reads versions {OldestVersion} to " +
                    $"{CurrentVersion}; go on with the version of the program that wrote it.");
            var state = JsonSerializer.Deserialize(text, TrainingStateJson.Default.TrainingState)
                ?? throw new CheckpointException($"{path} is empty; restore it, or resume from another checkpoint.");
            return state with { Estimates = state.Estimates ?? [], Guard = state.Guard ?? new() }; // earlier versions had none
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path} cannot be read: {e.Message}");
        }
    }

    public void Write(string path) =>
        File.WriteAllText(path, JsonSerializer.Serialize(this, TrainingStateJson.Default.TrainingState) + "\n");
}

/// <summary>Of a state, whatever else is in it.</summary>
sealed record StateVersion
{
    public int Version { get; init; } = TrainingState.CurrentVersion;
}

[JsonSerializable(typeof(TrainingState))]
[JsonSerializable(typeof(StateVersion))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
sealed partial class TrainingStateJson : JsonSerializerContext;
