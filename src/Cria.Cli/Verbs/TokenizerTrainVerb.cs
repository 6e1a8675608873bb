using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Data.Readers;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Normalizers;
using Cria.Interop.HuggingFace;

namespace Cria.Cli.Verbs;

/// <summary><c>cria tokenizer train</c></summary>
static class TokenizerTrainVerb
{
    static readonly Argument<string[]> Inputs = DataVerb.Inputs();
    static readonly Option<int> VocabSize =
        Numbers.Count("--vocab-size", "N", "Special tokens, bytes and merges together.", 2, without: 4096);

    static readonly Option<string> Out = DataVerb.Out("DIR", "The folder for tokenizer.json and tokenizer_config.json.");
    static readonly Option<string> Ties = Choice("--ties", "smallest-ids", "Which of equally frequent pairs merges first: smallest-ids (Hugging Face) or greatest-bytes.", "greatest-bytes");
    static readonly Option<string> Split = Choice("--split", "gpt2", "How text is cut into words, across which nothing merges.", "llama3", "qwen2", "none");
    static readonly Option<int> MinFrequency = Numbers.Count("--min-frequency", "N", "A pair that occurs less often makes no token.", 1, without: 2);
    static readonly Option<string[]> Special = new("--special")
    {
        HelpName = "NAME",
        Description = $"A special token; once for each, in the order of their ids. Without a name there is none. Default: {BpeModel.EndOfText}.",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => [BpeModel.EndOfText],
    };

    static readonly Option<bool> AddPrefixSpace = new("--add-prefix-space") { Description = "Encode a text that does not begin with a space as if it did." };
    static readonly Option<bool> LearnPrefixSpace = new("--learn-prefix-space")
    {
        Description = "Learn from every text as if it began with a space, and encode without one, as BabyLlama does.",
    };

    static readonly Option<string> Normalize = Choice("--normalize", "none", "A normal form of Unicode for every text, before it is cut into words.", "nfc", "nfd", "nfkc", "nfkd");
    static readonly Option<bool> ByLine = new("--by-line") { Description = "Learn from every line, with its end, as from a text of its own, as Hugging Face's trainer reads files." };
    static readonly Option<string> Alphabet = Choice("--alphabet", "all", "The bytes that have a token: all 256, or those seen in the text, so that others vanish when encoding.", "seen");
    static readonly Option<int> MaxMemory = Numbers.Count("--max-memory", "MB", "What the distinct words may take. Counts beyond it go through temporary files beside --out, exactly; words beyond it are left out of the merging, the rarest first, and reported.", 1, without: 8192);

    public static Command Create() => new Verb(
        "train",
        "Learn a byte-level BPE vocabulary from text.",
        "cria tokenizer train stories.txt --vocab-size 4096 --out tokenizer")
    {
        Inputs, VocabSize, Out, Split, MinFrequency, Special, Ties, AddPrefixSpace, LearnPrefixSpace, Normalize, ByLine, Alphabet,
        MaxMemory, ReadingOptions.TextColumn, ReadingOptions.Separator, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = parsed.GetRequiredValue(Out);
        string file = Path.Combine(folder, TokenizerJson.FileName);
        DataVerb.RefuseExisting(file);
        BpeTrainerOptions options = Options(parsed, folder);

        DocumentReader reader = ReadingOptions.Open(parsed, parsed.GetRequiredValue(Inputs));
        BpeTrainerProgress progress = default;
        Watcher<BpeTrainerProgress> watcher = new(value => progress = value);
        BpeTraining training = ProgressBar.While(
            [
                ("counting words", () => (double)reader.BytesRead / Math.Max(1, reader.TotalBytes)),
                ("learning merges", () => (double)progress.VocabSize / options.VocabSize),
            ],
            () => BpeTrainer.Learn(Texts(reader, options), options, watcher, cancellation));
        if (parsed.GetValue(LearnPrefixSpace))
            training = training with { Options = training.Options with { AddPrefixSpace = false } };
        ITokenizer tokenizer = training.Tokenizer();
        TokenizerJson.WriteFolder(tokenizer, folder);
        DataVerb.Complain(reader.Statistics);
        Complain(training);

        string hash = TokenizerJson.TokenizerHash(tokenizer);
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Path = file, tokenizer.VocabSize, Merges = training.Merges.Count, Sha256 = hash, training.Words });
        else
            Output.Line($"{file}: {tokenizer.VocabSize} tokens, {training.Merges.Count} merges from {training.Words.Words:N0} words, "
                + $"{training.Words.DistinctWords:N0} of them different");
        return 0;
    }

    static BpeTrainerOptions Options(ParseResult parsed, string folder)
    {
        BpeTrainerOptions options = new()
        {
            VocabSize = parsed.GetValue(VocabSize),
            MinFrequency = parsed.GetValue(MinFrequency),
            SpecialTokens = parsed.GetResult(Special) is { Implicit: false, Tokens.Count: 0 } ? [] : parsed.GetRequiredValue(Special),
            Ties = parsed.GetValue(Ties) == "greatest-bytes" ? MergeTies.GreatestBytes : MergeTies.SmallestIds,
            Splitter = parsed.GetValue(Split) switch
            {
                "llama3" => Llama3Splitter.Instance,
                "qwen2" => Llama3Splitter.Qwen2,
                "none" => WholeTextSplitter.Instance,
                _ => Gpt2Splitter.Instance,
            },
            AddPrefixSpace = parsed.GetValue(AddPrefixSpace) || parsed.GetValue(LearnPrefixSpace),
            Normalizer = Enum.TryParse(parsed.GetValue(Normalize), ignoreCase: true, out UnicodeForm form)
                ? new UnicodeFormNormalizer(form)
                : null,
            ByLine = parsed.GetValue(ByLine),
            Alphabet = parsed.GetValue(Alphabet) == "seen" ? ByteAlphabet.Seen : ByteAlphabet.All,
            MaxMemory = (long)parsed.GetValue(MaxMemory) << 20,
            TemporaryFolder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            Threads = parsed.ThreadCount(),
        };
        int least = options.SpecialTokens.Count + (options.Alphabet == ByteAlphabet.All ? 256 : 1);
        if (options.VocabSize < least)
        {
            throw new UsageException($"--vocab-size got '{options.VocabSize}'; expected a whole number from {least}, "
                + "the special tokens and the bytes, such as 4096.");
        }

        if (parsed.GetValue(AddPrefixSpace) && parsed.GetValue(LearnPrefixSpace))
            throw new UsageException("--add-prefix-space adds the space whenever it encodes, and --learn-prefix-space only in learning; leave one of them out.");
        if (parsed.GetValue(AddPrefixSpace) && options.Splitter is Llama3Splitter)
            throw new UsageException("--add-prefix-space goes with --split gpt2 or none: a tokenizer.json cannot say it of other words.");
        return options;
    }

    /// <summary>Documents taken apart on all threads. By line, the last line of each has the end that the reader took off.</summary>
    static IEnumerable<ReadOnlyMemory<byte>> Texts(DocumentReader reader, BpeTrainerOptions options) =>
        reader.Process(documents => documents, options.Threads).SelectMany(documents => documents)
            .Select(document => options.ByLine ? (byte[])[.. document.Utf8.Span, (byte)'\n'] : document.Utf8);

    static void Complain(BpeTraining training)
    {
        if (training.Tokens.Count < training.Options.VocabSize)
            Output.Warn($"the text has no more pairs that occur {training.Options.MinFrequency} times: the vocabulary has {training.Tokens.Count} of {training.Options.VocabSize}.");
        if (training.Words.LostWords > 0)
            Output.Warn($"{training.Words.LostWords:N0} of {training.Words.DistinctWords:N0} different words did not fit into --max-memory and were left out: "
                + $"the rarest, each seen at most {training.Words.MostLost:N0} times, together {training.Words.LostOccurrences:N0} of {training.Words.Words:N0} words.");
    }

    static Option<string> Choice(string name, string without, string description, params string[] others)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => without };
        option.AcceptOnlyFromAmong([without, .. others]);
        return option;
    }
}
