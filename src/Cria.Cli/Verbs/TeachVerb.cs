using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Data.Predictions;
using Cria.Data.Sampling;
using Cria.Reports;

namespace Cria.Cli.Verbs;

/// <summary><c>cria teach</c>: what trained models say of a text, to a file that students learn from.</summary>
static class TeachVerb
{
    static readonly Argument<string[]> Models = Checkpoints.Several();

    static readonly Option<string> Data = new("--data")
    {
        HelpName = "DIR",
        Description = "The tokens that students will train on: shards, or token files of other programs.",
        Required = true,
    };

    static readonly Option<int> SequenceLength =
        Numbers.Count("--sequence-length", "T", "Tokens in a window: data.sequence_length of the students' recipe.", 1);

    static readonly Option<int> Subset =
        Numbers.Count("--subset", "N", "Ask of N windows only, those of data.reader {type: windows, subset: N}.", 1, without: 0);

    static readonly Option<ulong?> SubsetSeed = Numbers.Seed("--subset-seed", "N", "Which those are: data.reader.subset_seed.");

    static readonly Option<int> TopK = Numbers.Count("--top-k", "K", "Keep the K most probable tokens of each prediction, and one probability for the rest.", 1);

    static readonly Option<int> Draws = Numbers.Count("--draws", "N",
        "Keep N tokens drawn at random from each prediction, weighted so that the expected gradient is that of the whole prediction.", 1);

    static readonly Option<double> ProposalTemperature = Numbers.Real("--proposal-temperature", "T",
        "With --draws: draw from the prediction to the power 1/T; above 1 rare tokens are drawn more often, with less weight.", 1, 0.1, 10);

    static readonly Option<double> Temperature =
        Numbers.Real("--temperature", "T", "Divides the teachers' logits, and the student's when it learns.", 1, 0.05, 100);

    static readonly Option<bool> AcrossDocuments = new("--across-documents")
    {
        Description = "Teachers see beyond the beginning of a document, for recipes with data.reader.document_masks: false.",
    };

    static readonly Option<string> Bits = new("--bits")
    {
        Description = "Of a logarithm: 16, which rounds a probability by less than 0.0002, or 32.",
        DefaultValueFactory = _ => "16",
    };

    static readonly Option<string> Out = DataVerb.Out("FILE", "The file to make; unfinished, it is FILE.tmp, and the same command goes on with it.");

    static TeachVerb()
    {
        Bits.AcceptOnlyFromAmong("16", "32");
        SequenceLength.Required = true;
    }

    public static Command Create() => new Verb(
        "teach",
        "Write down what trained models say of a text, for students to learn from without them. Stopped or killed, the same command goes on.",
        "cria teach runs/gpt2 runs/llama --data shards/train --sequence-length 128 --top-k 64 --temperature 2 --out teachers.cria")
    {
        Models, Data, SequenceLength, Subset, SubsetSeed, TopK, Draws, ProposalTemperature, Temperature, EnsembleOptions.Average,
        EnsembleOptions.Weights, AcrossDocuments, Bits, Out, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string[] paths = parsed.GetRequiredValue(Models);
        var (mean, weights) = EnsembleOptions.Read(parsed, paths.Length);
        using Teaching teaching = new(new()
        {
            Teachers = paths,
            Weights = weights,
            Mean = mean,
            Data = parsed.GetRequiredValue(Data),
            SequenceLength = parsed.GetRequiredValue(SequenceLength),
            Subset = parsed.GetValue(Subset),
            SubsetSeed = parsed.GetValue(SubsetSeed) ?? new SampleOptions().SubsetSeed,
            DocumentMasks = !parsed.GetValue(AcrossDocuments),
            Temperature = (float)parsed.GetValue(Temperature),
            Choice = Choice(parsed),
            IsHalf = parsed.GetValue(Bits) == "16",
            Out = parsed.GetRequiredValue(Out),
            Threads = parsed.ThreadCount(),
        }, Output.Log);
        var made = teaching.Run(cancellation);
        double rate = made.WindowsAsked * (double)made.Header.SequenceLength / made.Seconds;
        double perToken = made.Bytes / (double)made.Header.Rows;
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new
            {
                File = parsed.GetRequiredValue(Out),
                made.Sha256,
                made.Header.Windows,
                made.Header.SequenceLength,
                Tokens = made.Header.Rows,
                MostKept = made.Most,
                made.Bytes,
                BytesPerToken = perToken,
                made.WindowsAsked,
                made.Seconds,
                TokensPerSecond = made.WindowsAsked == 0 ? (double?)null : rate,
            });
        else
            Output.Line($"{parsed.GetRequiredValue(Out)}: {made.Header.Windows:N0} windows of {made.Header.SequenceLength:N0} tokens, {Human.Bytes(made.Bytes)}, " +
                $"{Human.Number(perToken)} bytes a token, " +
                (made.WindowsAsked == 0 ? "there before" : $"{Human.Count(rate)} tokens/s in {Human.Duration(TimeSpan.FromSeconds(made.Seconds))}"));
        return 0;
    }

    static TokenChoice Choice(ParseResult parsed)
    {
        bool isTop = parsed.GetResult(TopK) is { Implicit: false }, isDrawn = parsed.GetResult(Draws) is { Implicit: false };
        if (isTop == isDrawn)
            throw new UsageException(isTop ? "--top-k and --draws are two ways to keep less of a prediction; give one of them."
                : "what is to be kept of each prediction is not said; give --top-k 64, or --draws 50.");
        if (isTop && parsed.GetResult(ProposalTemperature) is { Implicit: false })
            throw new UsageException("--proposal-temperature belongs to --draws, and --top-k draws nothing; leave it out.");
        return isTop ? new TopTokens(parsed.GetValue(TopK))
            : new DrawnTokens(parsed.GetValue(Draws), parsed.GetValue(ProposalTemperature), parsed.GetValue(GlobalOptions.Seed) ?? 0);
    }
}
