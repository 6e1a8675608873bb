using System.Globalization;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Data.Corpora;
using Cria.Reports;
using Cria.Reports.Charts;
using Cria.Reports.Pages;

namespace Cria.Cli.Corpora;

/// <summary>report.html of a corpus: what it holds, what went on the way and why, with examples.</summary>
sealed class CorpusReport(BuiltCorpus corpus)
{
    public void Save(string path)
    {
        var page = new HtmlReport(corpus.Recipe.Name, Summary());
        Tiles(page);
        Parts(page.Section("What it holds"));
        Flow(page.Section("From files to shards"));
        foreach (StageReport stage in corpus.Stages.Where(stage => stage.Steps.Any(step => step.Documents > 0)))
            Stage(page.Section(Title(stage)), stage);
        Facts(page.Section("How it was made"));
        page.Footer = $"Cria {typeof(CorpusReport).Assembly.GetName().Version?.ToString(3)} · {RunMachine.Name}";
        WholeFile.Write(path, page.ToHtml());
    }

    string Summary() => corpus.Recipe.Description.Length > 0
        ? corpus.Recipe.Description.Trim()
        : $"{Number(corpus.Kept.Documents)} documents of {Number(corpus.Read.Documents)} that were read.";

    void Tiles(HtmlReport page)
    {
        BuiltPart train = corpus.Parts[0];
        page.Tile("words to train on", Human.Count(train.Words), $"{Number(train.Documents)} documents");
        page.Tile("tokens", Human.Count(train.Tokens), $"{(double)train.Bytes / Math.Max(1, train.Tokens):F2} bytes each");
        foreach (BuiltPart part in corpus.Parts.Skip(1))
            page.Tile($"words in {part.Name}", Human.Count(part.Words), $"{Number(part.Documents)} documents");
        page.Tile("of the text read is left", Human.Percent((double)corpus.Kept.Bytes / Math.Max(1, corpus.Read.Bytes)), Human.Bytes(corpus.Read.Bytes) + " read");
    }

    void Parts(ReportSection section)
    {
        section.Table(["part", "documents", "words", "text", "tokens", "bytes a token"], corpus.Parts.Select(part => (IReadOnlyList<string>)
            [part.Name, Number(part.Documents), Number(part.Words), Human.Bytes(part.Bytes), Number(part.Tokens), $"{(double)part.Bytes / Math.Max(1, part.Tokens):F2}"]));
        if (corpus.Recipe.Split.NeedsGroups)
            section.Note("validation holds documents of groups that are trained on as well; held_out holds groups of which nothing is.");
        section.Table(["part", "SHA-256 of the shards' manifest"], corpus.Parts.Select(part => (IReadOnlyList<string>)[part.Name, part.ManifestHash]));
        StageFact[] groups = [.. corpus.Stages.SelectMany(stage => stage.Facts).Where(fact => fact.Name.StartsWith("held out: ", StringComparison.Ordinal))];
        if (groups.Length > 0)
            section.Facts("Held out", [.. groups.Select(fact => (fact.Name["held out: ".Length..], fact.Value))]);
        section.Facts("Sources", [.. corpus.Recipe.Sources.Select(source =>
            (string.Join(", ", source.Files.Select(Path.GetFileName)), source.Licence.Length > 0 ? source.Licence : "no licence stated"))]);
    }

    void Flow(ReportSection section)
    {
        section.Table(["stage", "documents before", "after", "text before", "after", "time"], corpus.Stages.Select(stage => (IReadOnlyList<string>)
        [
            Title(stage), stage.Before is { } before ? Number(before.Documents) : "", stage.After is { } after ? Number(after.Documents) : "",
            stage.Before is { } text ? Human.Bytes(text.Bytes) : "", stage.After is { } left ? Human.Bytes(left.Bytes) : "",
            Human.Duration(TimeSpan.FromSeconds(stage.Seconds)),
        ]));
        (StageReport Stage, StageStep Step)[] steps = [.. corpus.Steps];
        if (steps.Length == 0)
            return;
        section.Chart(new BarChart("Documents touched", new("documents") { Format = AxisFormat.Count, Minimum = 0 })
        {
            Categories = [.. steps.Select(found => new BarCategory(found.Step.Name, Title(found.Stage)))],
            Series =
            [
                new("changed", [.. steps.Select(found => new Bar(found.Step.Removes ? double.NaN : found.Step.Documents))]),
                new("removed", [.. steps.Select(found => new Bar(found.Step.Removes ? found.Step.Documents : double.NaN))]),
            ],
        });
    }

    static void Stage(ReportSection section, StageReport stage)
    {
        section.Table(["step", "documents", "characters removed"], stage.Steps.Select(step => (IReadOnlyList<string>)
            [step.Name, Number(step.Documents), Number(step.Characters)]));
        if (stage.Facts.Count > 0)
            section.Facts("In numbers", [.. stage.Facts.Select(fact => (fact.Name, fact.Value))]);
        foreach (StageStep step in stage.Steps.Where(step => step.Examples.Count > 0))
        {
            section.Text(step.Removes ? $"{Capital(step.Name)}, for example:" : $"{Capital(step.Name)}: the first places where it did something.");
            if (step.Examples.Any(example => example.Reason.Length > 0))
                section.Table(["document", "text", "why"], step.Examples.Select(e => (IReadOnlyList<string>)[e.Place, e.Before, e.Reason]));
            else if (step.Removes)
                section.Table(["document", "text"], step.Examples.Select(e => (IReadOnlyList<string>)[e.Place, e.Before]));
            else
                section.Table(["document", "before", "after"], step.Examples.Select(e => (IReadOnlyList<string>)[e.Place, e.Before, e.After]));
        }

        foreach (string warning in stage.Warnings)
            section.Note(warning);
    }

    void Facts(ReportSection section) =>
        section.Table(["recipe.yaml"], RecipeFile.Text(corpus.Recipe).TrimEnd().Split('\n').Select(line => (IReadOnlyList<string>)[line]));

    static string Title(StageReport stage) => Capital(stage.Stage.Replace('_', ' '));

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
