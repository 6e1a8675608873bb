using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Reports;
using Cria.Reports.Pages;

namespace Cria.Cli.Pages;

/// <summary>Data, memory, machine and recipe.</summary>
static class FactsSection
{
    public static void Add(ReportSection section, RecordedRun run)
    {
        var (session, metrics) = (run.Session, run.Metrics);
        if (session.Data.Count > 0)
            section.Facts("Data", [.. session.Data.Select(fact => (fact.Key, fact.Value))]);
        section.Facts("Run",
        [
            ("training time", Human.Duration(TimeSpan.FromSeconds(metrics.Seconds))),
            ("steps", session.TokensPerStep > 0 ? $"{run.StepsDone:N0} of {session.TokensPerStep:N0} tokens" : $"{run.StepsDone:N0}"),
            ("tokens", Human.Count(metrics.Tokens)),
            ("processes", $"{Math.Max(1, metrics.Sessions.Count):N0}"),
            .. run.FlopsPerToken > 0 ? [("training FLOPs", Human.Count(run.FlopsPerToken * metrics.Tokens))] : Array.Empty<(string, string)>(),
        ]);
        if (session.Memory.Count > 0)
            section.Facts("Memory",
            [
                .. session.Memory.Select(part => (part.Key, Human.Bytes(part.Value))),
                .. metrics.PeakMemory > 0 ? [("process, at most", Human.Bytes(metrics.PeakMemory))] : Array.Empty<(string, string)>(),
            ]);
        if (SessionText.Lines(session) is { Count: > 1 } environment)
            section.Facts("Environment", environment);
        section.Table(["recipe.yaml"], RecipeFile.Text(run.Recipe).TrimEnd().Split('\n').Select(line => (IReadOnlyList<string>)[line]));
    }
}
