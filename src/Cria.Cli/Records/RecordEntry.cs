using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cria.Cli.Runs;
using Cria.Training;

namespace Cria.Cli.Records;

/// <summary>entry.json: what an entry reached, and all that is needed to train it again.</summary>
sealed record RecordEntry
{
    public const string FileName = "entry.json", RecipeName = "recipe.yaml";

    const int CurrentVersion = 1, MaxBytes = 1 << 20;

    static readonly RecordEntryJson Options =
        new(new JsonSerializerOptions(RecordEntryJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public int Version { get; init; } = CurrentVersion;

    public required string Track { get; init; }

    public required string Name { get; init; }

    /// <summary>Of the day on which it was trained, in UTC.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>On all of the held-out text: nats / ln 2 / bytes.</summary>
    public required double BitsPerByte { get; init; }

    public required double Nats { get; init; }

    public required long ValidationTokens { get; init; }

    public required long ValidationBytes { get; init; }

    /// <summary>As <c>stop.time</c> counts them: from the first step to the saved model with its last evaluation.</summary>
    public required double Seconds { get; init; }

    public required int Steps { get; init; }

    /// <summary>Targets learned from.</summary>
    public required long Tokens { get; init; }

    public required long Parameters { get; init; }

    public required long FlopsPerToken { get; init; }

    /// <summary>Tokens × FLOPs a token.</summary>
    public required double Flops { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>How the last step was estimated from the clock, in order: what a second training follows instead.</summary>
    public required IReadOnlyList<StepEstimate> Estimates { get; init; }

    public required int Threads { get; init; }

    public required string Kernels { get; init; }

    public required string Machine { get; init; }

    /// <summary>The best rate of this model's own matrix products on that machine, before the first step.</summary>
    public required double PeakGflops { get; init; }

    /// <summary>Version and commit.</summary>
    public required string Program { get; init; }

    /// <summary>Of the training text and of the held-out text.</summary>
    public required string TrainSha256 { get; init; }

    /// <inheritdoc cref="TrainSha256"/>
    public required string ValidationSha256 { get; init; }

    /// <summary>Of recipe.yaml beside this file.</summary>
    public required string RecipeSha256 { get; init; }

    /// <summary>Of the weights' file.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Of all the rest of this file, so that a slip of the hand is seen. Who means to deceive is met by training again.</summary>
    public string Sha256 { get; init; } = "";

    [JsonIgnore]
    public string FolderName => $"{Date:yyyy-MM-dd}-{Name}";

    /// <summary>The text of the file, sealed.</summary>
    public string Text() => Json(this with { Sha256 = Seal });

    /// <param name="folder">The entry's.</param>
    /// <exception cref="TrainingException">It is not there, of another version, or was changed.</exception>
    public static RecordEntry Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (new FileInfo(path) is not { Exists: true, Length: <= MaxBytes })
            throw new TrainingException($"{path} does not exist, or is larger than any entry; name an entry's folder, such as records/5-minutes/2026-01-31-name.");
        try
        {
            var entry = JsonSerializer.Deserialize(File.ReadAllText(path), Options.RecordEntry);
            if (entry is not { Version: CurrentVersion })
                throw new TrainingException($"{path} has version {entry?.Version}, and this program reads version {CurrentVersion}.");
            return entry.Sha256 == entry.Seal
                ? entry
                : throw new TrainingException($"{path} was changed after it was written: its sha256 is not that of its contents; restore it, or record the entry again.");
        }
        catch (JsonException e)
        {
            throw new TrainingException($"{path} is no entry: {e.Message}");
        }
    }

    string Seal => Results.Sha256.Of(Json(this with { Sha256 = "" }));

    static string Json(RecordEntry entry) => JsonSerializer.Serialize(entry, Options.RecordEntry).ReplaceLineEndings("\n") + "\n";
}

[JsonSerializable(typeof(RecordEntry))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
sealed partial class RecordEntryJson : JsonSerializerContext;
