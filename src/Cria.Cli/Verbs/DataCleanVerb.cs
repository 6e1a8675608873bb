using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.BabyLm;
using Cria.Data.Readers;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data clean</c>: text in, cleaner text out, divided, with a report.</summary>
static class DataCleanVerb
{
    static readonly string[] Names =
        [.. CleaningRecipe.All.Select(recipe => recipe.Name), BabyLmCorpus.ExactName, BabyLmCorpus.FixedName];

    static readonly Argument<string[]> Inputs = DataVerb.Inputs();
    static readonly Option<string> Recipe = new("--recipe")
    {
        HelpName = "NAME|FILE",
        Description = $"What is done: {string.Join(", ", Names)}, or a file with steps (YAML).",
        DefaultValueFactory = _ => CleaningRecipe.Basic.Name,
    };

    static readonly Option<string> Out =
        DataVerb.Out("DIR", "The folder for train, validation and report.json; of BabyLM's files, each under its own name.");

    static readonly Option<double> ValidationFraction = DataVerb.ValidationFraction(0.01);

    public static Command Create() => new Verb(
        "clean",
        "Normalise text, drop exact duplicates, hold some documents out, and say what changed.",
        "cria data clean --recipe basic books.txt --out clean")
    {
        Inputs, Recipe, Out, ValidationFraction, ReadingOptions.TextColumn, ReadingOptions.GroupColumn,
        ReadingOptions.Separator, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string name = parsed.GetRequiredValue(Recipe), folder = parsed.GetRequiredValue(Out);
        string report = Path.Combine(folder, "report.json");
        DataVerb.RefuseExisting(report);
        return name == BabyLmCorpus.ExactName || name == BabyLmCorpus.FixedName
            ? CleanBabyLm(new BabyLmCorpus(isExact: name == BabyLmCorpus.ExactName), parsed, folder, report, cancellation)
            : Clean(Named(name), parsed, folder, report, cancellation);
    }

    static CleaningRecipe Named(string name)
    {
        if (CleaningRecipe.All.FirstOrDefault(recipe => recipe.Name == name) is { } known)
            return known;
        return name.EndsWith(".yaml", StringComparison.Ordinal) || name.EndsWith(".yml", StringComparison.Ordinal) || File.Exists(name)
            ? RecipeFile.Read<CleaningRecipe>(name)
            : throw new UsageException($"--recipe got '{name}'; {NearestName.Hint(name, Names)} A file of steps ends in .yaml.");
    }

    static int Clean(CleaningRecipe recipe, ParseResult parsed, string folder, string report, CancellationToken cancellation)
    {
        DocumentReader reader = ReadingOptions.Open(parsed, parsed.GetRequiredValue(Inputs));
        double fraction = parsed.GetValue(ValidationFraction);
        CorpusSplit split = new() { ValidationFraction = fraction, Seed = parsed.GetValue(GlobalOptions.Seed) ?? 0 };
        CorpusCleaner cleaner = new(recipe, split, parsed.ThreadCount());

        string ending = reader.IsPlainText ? ".txt" : ".jsonl";
        string training = Path.Combine(folder, "train" + ending), validation = Path.Combine(folder, "validation" + ending);
        Directory.CreateDirectory(folder);
        using (CorpusWriter kept = new(training))
        using (CorpusWriter held = new(validation))
        {
            ProgressBar.WhileReading("cleaning", reader, () =>
            {
                foreach (CleanDocument document in DataVerb.Until(cleaner.Clean(reader), cancellation))
                    (document.IsValidation ? held : kept).Add(document.Text, document.Source.Group);
                return 0;
            });
            if (held.Documents > 0)
                held.Complete();
            kept.Complete();
        }

        WholeFile.Write(report, Output.JsonText(new { cleaner.Report, Reader = reader.Statistics }));
        DataVerb.Complain(reader.Statistics);
        if (cleaner.Report.Validation.Documents == 0 && fraction > 0)
            Output.Warn($"no document fell into validation at a fraction of {fraction}; raise it or add documents.");
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Folder = folder, cleaner.Report, Reader = reader.Statistics });
        else
            Output.Line(cleaner.Report.ToString().TrimEnd());
        return 0;
    }

    static int CleanBabyLm(BabyLmCorpus corpus, ParseResult parsed, string folder, string report, CancellationToken cancellation)
    {
        if (parsed.GetResult(ValidationFraction) is { Implicit: false })
            throw new UsageException("--validation-fraction does not go with BabyLM's files: their validation text is in .dev files of its own.");
        corpus.Clean(parsed.GetRequiredValue(Inputs), folder, parsed.ThreadCount(), cancellation);
        var done = new { Recipe = parsed.GetRequiredValue(Recipe), corpus.Files };
        WholeFile.Write(report, Output.JsonText(done));
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(done);
            return 0;
        }

        foreach (BabyLmFile file in corpus.Files)
            Output.Line($"{file.Path}: {file.CharactersBefore} characters before, {file.CharactersAfter} after, {file.Documents} documents");
        return 0;
    }
}
