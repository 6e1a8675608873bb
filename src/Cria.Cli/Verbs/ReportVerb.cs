using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Pages;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;

namespace Cria.Cli.Verbs;

/// <summary><c>cria report</c>: the page of a run, or one page for several, from their folders.</summary>
static class ReportVerb
{
    const string Comparison = "comparison.html";

    static readonly Argument<string[]> Runs = new("RUN")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "A run's folder, finished or not; or several, or a folder of runs such as a sweep's.",
    };

    static readonly Option<string?> Out = new("--out")
    {
        HelpName = "FILE",
        Description = $"The page; report.html in the run's folder, or {Comparison} here for several runs.",
    };

    static readonly Option<bool> TensorBoard = new("--tensorboard") { Description = "Make the event files for TensorBoard anew, and no page." };

    static readonly Option<string?> Picture = new("--picture")
    {
        HelpName = "FILE.svg",
        Description = "Draw the validation losses of all runs by steps into this file, and no page.",
    };

    public static Command Create() => new Verb(
        "report",
        "Make a run's page anew, or compare runs on one page.",
        "cria report runs/quickstart runs/longer --out comparison.html")
    {
        Runs, Out, Picture, TensorBoard, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] folders = parsed.GetRequiredValue(Runs);
        string? path = parsed.GetValue(Out);
        var runs = RecordedRun.OpenAll(folders);
        bool isOne = folders.Length == 1 && RecordedRun.Is(folders[0]), asJson = parsed.GetValue(GlobalOptions.Json);
        string? picture = parsed.GetValue(Picture);
        if (picture is not null && (path is not null || parsed.GetValue(TensorBoard)))
            throw new UsageException($"--picture makes a picture, and {(path is null ? "--tensorboard no" : "--out a")} page; leave one of them out.");
        if (picture is not null && (Directory.Exists(picture) || !picture.EndsWith(".svg", StringComparison.OrdinalIgnoreCase)))
            throw new UsageException($"--picture got '{picture}'; expected a file that ends in .svg, such as losses.svg.");
        if (path is not null && parsed.GetValue(TensorBoard))
            throw new UsageException("--out names a page, and --tensorboard makes none; leave one of them out.");
        if (path is not null)
            PagePath.Check(path);
        string[] written = picture is not null ? [Drawn(runs, picture)]
            : parsed.GetValue(TensorBoard) ? [.. runs.Select(Events)]
            : isOne ? [Page(runs[0], path)]
            : [Together(runs, path ?? Comparison)];
        if (asJson)
            Output.Json(RunTable.Json(runs, written));
        else
            foreach (string file in written)
                Output.Line(file);
        return 0;
    }

    static string Page(RecordedRun run, string? path)
    {
        path ??= new RunFiles(run.Folder).Report;
        WholeFile.Write(path, RunPage.Of(run).ToHtml());
        return path;
    }

    static string Together(List<RecordedRun> runs, string path)
    {
        WholeFile.Write(path, ComparePage.Of(runs).ToHtml());
        return path;
    }

    static string Drawn(List<RecordedRun> runs, string path)
    {
        WholeFile.Write(path, ComparePage.ValidationBySteps(runs).ToSvg(standalone: true));
        return path;
    }

    // A run that goes on has its event file open, and writes it itself.
    static string Events(RecordedRun run)
    {
        using var folder = RunFolder.Open(run.Folder, resume: true);
        using var log = TensorBoardLog.Rebuild(run.Folder, RecipeFile.Text(run.Recipe), folder.Metrics);
        return TensorBoardLog.Files(run.Folder)[0];
    }
}
