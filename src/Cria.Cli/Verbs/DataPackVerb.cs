using System.CommandLine;
using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;
using Cria.Data.Tokenizers;
using Cria.Interop;
using Cria.Interop.HuggingFace;
using Cria.Reports;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data pack</c>: text to token shards.</summary>
static class DataPackVerb
{
    static readonly Argument<string[]> Inputs = DataVerb.Inputs();
    static readonly Option<string> Tokenizer = TokenizerVerb.Option();
    static readonly Option<string> Out =
        DataVerb.Out("DIR", "The folder of the shards; with --validation-fraction it holds two, train and validation.");

    static readonly Option<double> ValidationFraction = DataVerb.ValidationFraction(0);
    static readonly Option<int> ShardTokens =
        Numbers.Count("--shard-tokens", "N", "Tokens in a full file, where there are several.", 1);

    static readonly Option<bool> Append = new("--append")
    {
        Description = "Add to the finished shards in DIR, which stay whole until the larger set takes their place.",
    };

    static readonly Option<string> Format = new("--format")
    {
        Description = "cria (shards), or files for other programs: bin (nanoGPT, lilLM), llmc, fineweb, litpkds.",
        DefaultValueFactory = _ => DataConvertVerb.Formats.Cria,
    };

    static DataPackVerb() =>
        Format.AcceptOnlyFromAmong([DataConvertVerb.Formats.Cria, .. DataConvertVerb.Formats.Foreign]);

    public static Command Create() => new Verb(
        "pack",
        "Turn text into token shards with a manifest, an index of documents and hashes. Stopped or killed, the same command goes on.",
        "cria data pack --tokenizer tokenizer stories.txt --out shards")
    {
        Tokenizer, Inputs, Out, ValidationFraction, ShardTokens, Format, Append, ReadingOptions.TextColumn, ReadingOptions.GroupColumn,
        ReadingOptions.Separator, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        bool isForeign = parsed.GetValue(Format) != DataConvertVerb.Formats.Cria;
        if (parsed.GetValue(Append) && (parsed.GetValue(ValidationFraction) > 0 || isForeign))
            throw new UsageException("--append adds to one folder of shards; leave --validation-fraction and --format out.");
        if (parsed.GetValue(ValidationFraction) == 0 && parsed.GetValue(ReadingOptions.GroupColumn) is not null)
            throw new UsageException("--group-column says what is held out together; give --validation-fraction with it.");
        DataConvertVerb.Formats.RefuseShardTokens(parsed.GetRequiredValue(Format), parsed.GetValue(ShardTokens));
        if (isForeign)
            DataConvertVerb.Formats.RefuseFile(parsed.GetRequiredValue(Out));
        ITokenizer tokenizer = TokenizerFile.Open(parsed.GetRequiredValue(Tokenizer)).ToTrainWith();
        ShardPacker packer = new(
            tokenizer,
            TokenizerJson.TokenizerHash(tokenizer),
            parsed.ThreadCount(),
            isForeign ? ShardOptions.UsualTokensPerShard : TokensPerShard(parsed))
        {
            KeepsJournal = isForeign,
        };
        DocumentReader reader = ReadingOptions.Open(parsed, parsed.GetRequiredValue(Inputs));
        long began = Stopwatch.GetTimestamp();
        (string[] folders, PackReport report) = ProgressBar.WhileReading(
            "packing", reader, () => Pack(parsed, packer, reader, cancellation));
        Tell(parsed, reader, folders, report, Stopwatch.GetElapsedTime(began));
        return 0;
    }

    static long TokensPerShard(ParseResult parsed) =>
        parsed.GetValue(ShardTokens) is > 0 and int given ? given : ShardOptions.UsualTokensPerShard;

    static (string[] Folders, PackReport Report) Pack(
        ParseResult parsed, ShardPacker packer, DocumentReader reader, CancellationToken cancellation)
    {
        string folder = parsed.GetRequiredValue(Out);
        double fraction = parsed.GetValue(ValidationFraction);
        if (packer.KeepsJournal)
            return Foreign(parsed, packer, reader, cancellation);
        if (parsed.GetValue(Append))
            return ([folder], packer.AppendFiles(reader, folder, cancellation));
        if (fraction == 0)
            return ([folder], packer.PackFiles(reader, folder, cancellation));
        string training = Path.Combine(folder, "train"), validation = Path.Combine(folder, "validation");
        return ([training, validation], packer.PackFiles(reader, Split(parsed), training, validation, cancellation));
    }

    static CorpusSplit Split(ParseResult parsed) =>
        new() { ValidationFraction = parsed.GetValue(ValidationFraction), Seed = parsed.GetValue(GlobalOptions.Seed) ?? 0 };

    // By way of shards, beside the folder, which is how a killed packing of any format goes on.
    static (string[] Folders, PackReport Report) Foreign(
        ParseResult parsed, ShardPacker packer, DocumentReader reader, CancellationToken cancellation)
    {
        string folder = Path.TrimEndingDirectorySeparator(parsed.GetRequiredValue(Out)), parts = folder + ".parts";
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new Data.DataException($"{folder} exists already; nothing is written over it: remove it or name another folder.");
        string training = Path.Combine(parts, "train"), validation = Path.Combine(parts, "validation");
        bool hasValidation = parsed.GetValue(ValidationFraction) > 0;
        PackReport report = hasValidation
            ? packer.PackFiles(reader, Split(parsed), training, validation, cancellation)
            : packer.PackFiles(reader, training, cancellation);
        TokenFileFormat format = DataConvertVerb.Formats.Of(parsed.GetRequiredValue(Format));
        using (ShardSet first = ShardSet.Open(training))
        using (ShardSet? second = hasValidation ? ShardSet.Open(validation) : null)
        {
            long? tokensPerFile = parsed.GetValue(ShardTokens) is > 0 and int given ? given : null;
            TokenFileExport.WriteFolder(
                format, folder, DataConvertVerb.Formats.NameOf(folder), first, second, tokensPerFile, cancellation);
        }

        Directory.Delete(parts, recursive: true);
        return (hasValidation ? [folder, folder] : [folder], report);
    }

    static void Tell(ParseResult parsed, DocumentReader reader, string[] folders, PackReport report, TimeSpan time)
    {
        DataVerb.Complain(report.Read);
        if (report.DocumentsBefore > 0)
            Output.Log($"went on after {report.DocumentsBefore:N0} documents that were packed before.");
        long bytes = report.Read.TextBytes - report.TextBytesBefore;
        double rate = bytes / time.TotalSeconds / 1e6;
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Sets = report.Sets.Select((set, i) => new
                {
                    Folder = folders[i],
                    set.Documents,
                    set.TextBytes,
                    set.Tokens,
                    Shards = set.Shards.Count,
                    set.TokenizerSha256,
                }),
                InputBytes = reader.TotalBytes,
                report.Read.Documents,
                report.Read.TextBytes,
                report.DocumentsBefore,
                report.TextBytesBefore,
                Seconds = time.TotalSeconds,
                MegabytesPerSecond = rate,
                PeakMemoryBytes = Process.GetCurrentProcess().PeakWorkingSet64,
            });
            return;
        }

        bool isForeign = parsed.GetValue(Format) != DataConvertVerb.Formats.Cria;
        for (int set = 0; set < folders.Length; set++)
        {
            ShardManifest manifest = report.Sets[set];
            string side = !isForeign || folders.Length == 1 ? "" : set == 0 ? "training, " : "validation, ";
            string tokens = isForeign // which leave one <|endoftext|> out
                ? $"{manifest.Tokens - 1} tokens"
                : $"{manifest.Tokens} tokens in {manifest.Shards.Count} shards";
            Output.Line($"{folders[set]}: {side}{manifest.Documents} documents, {tokens}, "
                + $"{(double)manifest.Tokens / manifest.TextBytes:F3} tokens per byte");
        }

        Output.Log($"{Human.Bytes(bytes)} of text in {Human.Duration(time)}, {rate:F1} MB/s");
    }
}
