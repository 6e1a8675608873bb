using System.Text.Encodings.Web;
using System.Text.Json;
using Cria.Cli.Runs;
using Cria.Training;

namespace Cria.Cli.Results;

/// <summary>Reads and writes <see cref="FinishedRun"/> as result.json in a run's folder.</summary>
static class ResultFile
{
    public const string Name = "result.json";

    const int MaxBytes = 1 << 20;

    static readonly FinishedRunJson Json =
        new(new JsonSerializerOptions(FinishedRunJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string In(string run) => Path.Combine(run, Name);

    /// <summary>Whether a run's folder says that it is finished.</summary>
    public static bool Is(string run) => File.Exists(In(run));

    public static void Write(string path, FinishedRun run) =>
        WholeFile.Write(path, JsonSerializer.Serialize(run, Json.FinishedRun).ReplaceLineEndings("\n") + "\n");

    /// <param name="path">The file.</param>
    /// <exception cref="TrainingException">It is not there, not whole, of another version, or says what cannot be.</exception>
    public static FinishedRun Read(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: <= MaxBytes })
            throw new TrainingException(File.Exists(path)
                ? $"{path} has {new FileInfo(path).Length:N0} bytes, and no result has more than {MaxBytes:N0}; is it the right file?"
                : $"{path} does not exist; a run has it once it is finished: continue the run with --resume.");
        try
        {
            var run = JsonSerializer.Deserialize(File.ReadAllText(path), Json.FinishedRun);
            return Fault(run) is { } fault ? throw new TrainingException($"{path} is damaged: {fault}; run it again.") : run!;
        }
        catch (JsonException e)
        {
            throw new TrainingException($"{path} is no result of a run: {e.Message}");
        }
    }

    static string? Fault(FinishedRun? run) => run switch
    {
        null => "it says nothing",
        { Version: not FinishedRun.CurrentVersion } => $"it has version {run.Version}, and this program reads version {FinishedRun.CurrentVersion}",
        { Parameters: <= 0 } or { Steps: <= 0 } or { Tokens: <= 0 } or { FlopsPerToken: <= 0 } => "a count in it is not above 0",
        { Validation: { Tokens: <= 0 } or { Bytes: < 0 } } => "its validation counts no tokens",
        _ when !(run.TrainingSeconds >= 0) => $"it took {run.TrainingSeconds} seconds",
        _ => null,
    };
}
