using System.CommandLine;
using System.Globalization;
using Cria.Cli.Evaluations;
using Cria.Cli.Frame;
using Cria.Cli.Pages;
using Cria.Cli.Runs;
using Cria.Evaluation.Pairs;
using Cria.Evaluation.Scoring;

namespace Cria.Cli.Verbs;

/// <summary><c>cria eval</c>: how well a model, or several as one, predict texts, or tell good sentences from bad ones.</summary>
static class EvalVerb
{
    static readonly Argument<string[]> Models = Checkpoints.Several();

    static readonly Option<string[]> Text = Paths("--text", "FILE",
        "Texts to predict of any format that is read; documents are predicted whole, in chunks of the context.");

    static readonly Option<string?> Tasks = new("--tasks")
    {
        HelpName = "NAME,…",
        Description = $"Minimal pairs instead of texts: {string.Join(", ", PairTask.All.Select(task => task.Name))}.",
    };

    static readonly Option<string[]> Data = Paths("--data", "PATH",
        "The tasks' files, or folders of them; a folder inside that bears a task's name is the task's.");

    static readonly Option<string> Context = new("--context")
    {
        Description = "The token before each sentence: the one that begins a text, the one that ends it, or none, and the first is not scored.",
        DefaultValueFactory = _ => PairWords.Contexts[0],
    };

    static readonly Option<bool> LeadingSpace = new("--leading-space") { Description = "Put a space before each sentence." };

    static readonly Option<string[]> Trigram = Paths("--trigram", "FILE",
        "Texts to count a Kneser–Ney trigram on, which is put beside the models; those they were trained on make it a baseline.");

    static readonly Option<int> Batch = Numbers.Count("--batch-size", "N",
        "Sentences in one pass at most; no result depends on it.", 1, PrefixScorer.DefaultBatch);

    static readonly Option<int> Examples = Numbers.Count("--examples", "N", "Mistakes to show of every field, the largest margins first.", 0, 2);

    static readonly Option<string?> Out = new("--out") { HelpName = "FILE", Description = "Write a page with tables, charts and examples too." };

    static EvalVerb() => Context.AcceptOnlyFromAmong([.. PairWords.Contexts]);

    public static Command Create() => new Verb(
        "eval",
        "Nats a token, perplexity and bits per byte on a text, or accuracy on minimal pairs; of several models also together, as one.",
        "cria eval runs/one runs/two --text held-out.txt --average probabilities")
    {
        Models, Text, Tasks, Data, Context, LeadingSpace, Trigram, Batch, Examples, Out,
        EnsembleOptions.Average, EnsembleOptions.Weights, ReadingOptions.TextColumn, ReadingOptions.Separator, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] paths = parsed.GetRequiredValue(Models);
        var (mean, weights) = EnsembleOptions.Read(parsed, paths.Length);
        bool hasText = IsGiven(parsed, Text), hasTasks = IsGiven(parsed, Tasks);
        if (hasText == hasTasks)
            throw new UsageException(hasText ? "--text and --tasks are two evaluations; ask for one at a time."
                : $"nothing is named to be evaluated on; give --text FILE, or --tasks {PairTask.All[0].Name} --data PATH.");
        return hasText ? OnText(parsed, Open, weights, cancellation) : OnPairs(parsed, Open, cancellation);

        OpenedEnsemble Open() => new(paths, weights, mean, parsed.ThreadCount());
    }

    static int OnText(ParseResult parsed, Func<OpenedEnsemble> open, double[] weights, CancellationToken cancellation)
    {
        Option[] ofPairs = [Data, Context, LeadingSpace, Trigram, Batch, Examples, Out];
        if (ofPairs.FirstOrDefault(option => IsGiven(parsed, option)) is { } stray)
            throw new UsageException($"{stray.Name} is for --tasks, and --text is given; leave one of them out.");
        using var opened = open();
        string[] texts = parsed.GetRequiredValue(Text);
        new TextEvaluation(opened, parsed.GetRequiredValue(Models), weights).Run(
            [.. texts.Select(text => (text, ReadingOptions.Open(parsed, [text])))], parsed.GetValue(GlobalOptions.Json), cancellation);
        return 0;
    }

    static int OnPairs(ParseResult parsed, Func<OpenedEnsemble> open, CancellationToken cancellation)
    {
        var tasks = PairTask.Parse(parsed.GetRequiredValue(Tasks)!);
        if (!IsGiven(parsed, Data))
            throw new UsageException("--tasks needs --data PATH: the tasks' files, or folders of them.");
        string? page = parsed.GetValue(Out);
        if (page is not null)
            PagePath.Check(page);
        // Files are read before models are opened: a wrong one shows at once.
        PairSet[] sets = [.. tasks.Select(task => task.Read(parsed.GetRequiredValue(Data), tasks.Count == 1))];
        foreach (var (task, set) in tasks.Zip(sets).Where(each => each.Second.Repeated > 0))
            Output.Warn($"{task.Name}: {set.Repeated:N0} pairs stand in more than one file; they count once.");
        var trigram = IsGiven(parsed, Trigram) ? ReadingOptions.Open(parsed, parsed.GetRequiredValue(Trigram)) : null;
        PairEvaluationOptions options = new(
            new() { Context = PairWords.Context(parsed.GetRequiredValue(Context)), LeadingSpace = parsed.GetValue(LeadingSpace) },
            parsed.GetValue(Batch), parsed.GetValue(Examples));

        using var opened = open();
        var evaluation = new PairEvaluation(opened, parsed.GetRequiredValue(Models), options, trigram, cancellation);
        EvaluatedTask[] results = [.. tasks.Zip(sets, (task, set) => evaluation.Run(task, set, cancellation))];
        if (page is not null)
            WholeFile.Write(page, PairPage.Of(results, options.Pairs).ToHtml());
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(PairJson.Of(results, options.Pairs));
        else
            Output.Line(string.Join("\n\n", results.Select(result => PairText.Of(result, options.Pairs))));
        return 0;
    }

    static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    static Option<string[]> Paths(string name, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        AllowMultipleArgumentsPerToken = true,
    };
}
