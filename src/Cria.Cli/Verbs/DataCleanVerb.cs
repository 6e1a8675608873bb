using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Data.Cleaning;
using Cria.Data.Readers;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data clean</c>: text in, cleaner text out, divided, with a report.</summary>
static class DataCleanVerb
{
    static readonly Argument<string[]> Inputs = DataVerb.Inputs();
    static readonly Option<string> Recipe = new("--recipe")
    {
        HelpName = "NAME",
        Description = $"What is done: {string.Join(", ", CleaningRecipe.All.Select(recipe => recipe.Name))}.",
        DefaultValueFactory = _ => CleaningRecipe.Basic.Name,
    };

    static readonly Option<string> Out = DataVerb.Out("DIR", "The folder for train, validation and report.json.");
    static readonly Option<double> ValidationFraction = DataVerb.ValidationFraction(0.01);

    public static Command Create()
    {
        Recipe.AcceptOnlyFromAmong([.. CleaningRecipe.All.Select(recipe => recipe.Name)]);
        return new Verb(
            "clean",
            "Normalise text, drop exact duplicates, hold some documents out, and say what changed.",
            "cria data clean --recipe basic books.txt --out clean")
        {
            Inputs, Recipe, Out, ValidationFraction, GlobalOptions.Json,
        }.Does(Run);
    }

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        DocumentReader reader = DocumentReader.Open(parsed.GetRequiredValue(Inputs));
        double fraction = parsed.GetValue(ValidationFraction);
        CorpusSplit split = new() { ValidationFraction = fraction, Seed = parsed.GetValue(GlobalOptions.Seed) ?? 0 };
        CorpusCleaner cleaner = new(CleaningRecipe.ByName(parsed.GetRequiredValue(Recipe)), split, parsed.ThreadCount());

        string folder = parsed.GetRequiredValue(Out);
        string ending = reader.Files.Any(file => file.Contains(".jsonl", StringComparison.OrdinalIgnoreCase)) ? ".jsonl" : ".txt";
        string training = Path.Combine(folder, "train" + ending), validation = Path.Combine(folder, "validation" + ending);
        string report = Path.Combine(folder, "report.json");
        Directory.CreateDirectory(folder);
        DataVerb.RefuseExisting(report);
        using (CorpusWriter kept = new(training))
        using (CorpusWriter held = new(validation))
        {
            ProgressBar.While("cleaning", reader.TotalBytes, () => reader.BytesRead, () =>
            {
                foreach (CleanDocument document in DataVerb.Until(cleaner.Clean(reader), cancellation))
                    (document.IsValidation ? held : kept).Add(document.Text);
                return 0;
            });
            if (held.Documents > 0)
                held.Complete();
            kept.Complete();
        }

        File.WriteAllText(report + ".tmp", Output.JsonText(new { cleaner.Report, Reader = reader.Statistics }));
        File.Move(report + ".tmp", report);
        DataVerb.Complain(reader.Statistics);
        if (cleaner.Report.Validation.Documents == 0 && fraction > 0)
            Output.Warn($"no document fell into validation at a fraction of {fraction}; raise it or add documents.");
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Folder = folder, cleaner.Report, Reader = reader.Statistics });
        else
            Output.Line(cleaner.Report.ToString().TrimEnd());
        return 0;
    }
}
