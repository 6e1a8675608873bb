using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Runs;
using Cria.Data;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;
using Cria.Data.Tokenizers;
using Cria.Interop;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data stats</c>: the size of text or shards.</summary>
static class DataStatsVerb
{
    static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Text files, folders, patterns, folders of shards, or token files of other programs.",
        Arity = ArgumentArity.OneOrMore,
    };

    static readonly Option<string?> Tokenizer = new("--tokenizer")
    {
        HelpName = "FILE|DIR",
        Description = "Counts the tokens of texts, and the texts in token files of other programs; shards know theirs.",
    };

    public static Command Create() => new Verb(
        "stats",
        "Count documents, bytes, tokens and exact duplicates.",
        "cria data stats stories.txt --tokenizer tokenizer")
    {
        Paths, Tokenizer, ReadingOptions.TextColumn, ReadingOptions.GroupColumn, ReadingOptions.Separator, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        ITokenizer? tokenizer = parsed.GetValue(Tokenizer) is { } file ? TokenizerFile.Open(file).ToTrainWith() : null;
        MeasuredPath[] measured =
            [.. parsed.GetRequiredValue(Paths).Select(path => Measure(path, tokenizer, parsed, cancellation))];
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Paths = measured.Select(entry => entry.ToJson()) });
        else
            Array.ForEach(measured, entry => Output.Line(entry.ToLine()));
        return 0;
    }

    static MeasuredPath Measure(string path, ITokenizer? tokenizer, ParseResult parsed, CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(path, ShardManifest.FileName)))
        {
            using ShardSet set = ShardSet.Open(path);
            return new MeasuredPath(path, "shards", DataStatistics.Of(set.Manifest), new(set.Tokens, set.Bytes, set.VocabSize));
        }

        if (TokenFileSet.Has(path))
            return MeasureTokenFiles(path, tokenizer, cancellation);
        DocumentReader reader = ReadingOptions.Open(parsed, [path]);
        DataStatistics found = ProgressBar.WhileReading($"measuring {Path.GetFileName(path)}", reader,
            () => DataStatistics.Measure(reader, tokenizer, parsed.ThreadCount(), cancellation));
        DataVerb.Complain(reader.Statistics);
        return new MeasuredPath(path, "text", found, null);
    }

    static MeasuredPath MeasureTokenFiles(string path, ITokenizer? tokenizer, CancellationToken cancellation)
    {
        TokenFileSummary summary = TokenFileSummary.Of(path, tokenizer?.VocabSize ?? 1 << 16);
        StoredIds stored = new(summary.Tokens, summary.Bytes, tokenizer?.VocabSize);
        if (tokenizer is null)
            return new MeasuredPath(path, summary.Format, null, stored);
        using var set = (TokenFileSet)TokenStreams.Open(path, tokenizer);
        return new MeasuredPath(path, summary.Format, DataStatistics.Measure(set, tokenizer, cancellation), stored);
    }
}
