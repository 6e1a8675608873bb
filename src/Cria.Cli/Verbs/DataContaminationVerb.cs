using System.CommandLine;
using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Contamination;
using Cria.Data.Readers;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data contamination</c>: what of evaluation sets stands in training text.</summary>
static class DataContaminationVerb
{
    static readonly ContaminationOptions Defaults = new();
    static readonly Argument<string[]> Inputs = DataVerb.Inputs();

    static readonly Option<string[]> Against = new("--against")
    {
        HelpName = "FILE",
        Description = "Evaluation sets: JSON lines, tables or text; every file, folder or pattern is a set.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<string[]> Fields = new("--field")
    {
        HelpName = "NAME",
        Description = "Fields or columns of the evaluation sets that are looked for; all strings of JSON lines if not given.",
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<int> Words = Numbers.Count("--words", "N",
        "Words in a row that are enough; shorter texts are matched as whole sentences.", 2, Defaults.NgramWords);

    static readonly Option<bool> WholeDocuments = new("--whole-documents")
    {
        Description = $"Remove whole documents instead of passages with {Defaults.MarginCharacters} characters on both sides.",
    };

    static readonly Option<string?> Out = new("--out") { HelpName = "FILE", Description = "Write what is left, a piece a document." };

    public static Command Create() => new Verb(
        "contamination",
        "Find text of evaluation sets in training text, and cut it out.",
        "cria data contamination books.jsonl --against blimp.jsonl --field sentence_good --out clean.jsonl")
    {
        Inputs, Against, Fields, Words, WholeDocuments, Out,
        ReadingOptions.TextColumn, ReadingOptions.GroupColumn, ReadingOptions.Separator, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] fields = parsed.GetValue(Fields) ?? [];
        EvaluationSet[] sets = [.. parsed.GetRequiredValue(Against).Select(path => EvaluationSet.Read([path], fields))];
        int words = parsed.GetValue(Words);
        Decontaminator decontaminator = new(sets, Defaults with
        {
            NgramWords = words,
            MinWords = Math.Min(Defaults.MinWords, words),
            Mode = parsed.GetValue(WholeDocuments) ? ContaminationMode.Document : ContaminationMode.Passage,
        });
        DocumentReader reader = ReadingOptions.Open(parsed, parsed.GetRequiredValue(Inputs));
        using CorpusWriter? writer = parsed.GetValue(Out) is { } path ? new CorpusWriter(path) : null;

        var watch = Stopwatch.StartNew();
        ProgressBar.While("looking for evaluation text", reader.TotalBytes, () => reader.BytesRead, () =>
        {
            Examine(reader, decontaminator, writer, parsed.ThreadCount(), cancellation);
            return 0;
        });
        double seconds = watch.Elapsed.TotalSeconds;
        writer?.Complete();
        DataVerb.Complain(reader.Statistics);
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { decontaminator.Report, Reader = reader.Statistics, Seconds = seconds });
        else
            Output.Line(decontaminator.Report.ToString().TrimEnd());
        return 0;
    }

    static void Examine(
        DocumentReader reader, Decontaminator decontaminator, CorpusWriter? writer, int threads, CancellationToken cancellation)
    {
        var examined = reader.Process(
            documents => documents.Select(document => (Document: document, Found: decontaminator.Examine(document.Text))).ToArray(),
            threads);
        foreach (var block in DataVerb.Until(examined, cancellation))
        {
            foreach ((Document document, Examination found) in block)
            {
                decontaminator.Count(document.Place, document.Text, found);
                foreach (string piece in found.Pieces)
                    writer?.Add(piece, document.Group);
            }
        }
    }
}
