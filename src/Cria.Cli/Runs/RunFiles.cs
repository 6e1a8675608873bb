namespace Cria.Cli.Runs;

/// <summary>Where a run keeps its things.</summary>
/// <param name="path">The run's folder, which need not be there.</param>
class RunFiles(string path)
{
    public const string RecipeName = "recipe.yaml", MetricsName = "metrics.jsonl", CheckpointsName = "checkpoints", ModelName = "model";

    public string Path => path;

    public string Recipe => In(RecipeName);

    public string Metrics => In(MetricsName);

    public string Checkpoints => In(CheckpointsName);

    public string Model => In(ModelName);

    public string Best => In("best");

    public string Samples => In("samples.txt");

    public string Report => In("report.html");

    public string Curve => In("curve.svg");

    public string Data => In("data");

    /// <summary>What the run was after a step where it was told to stop.</summary>
    public string Milestone(int step) => System.IO.Path.Combine(In("milestones"), $"step-{step}");

    string In(string name) => System.IO.Path.Combine(path, name);
}
