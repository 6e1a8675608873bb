using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Data;
using Cria.Data.Readers;
using Cria.Data.Shards;
using Cria.Data.Tokenizers;
using Cria.Interop;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data stats</c>: the size of text or shards.</summary>
static class DataStatsVerb
{
    static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Text files, folders, patterns, or folders of shards.",
        Arity = ArgumentArity.OneOrMore,
    };

    static readonly Option<string?> Tokenizer = new("--tokenizer")
    {
        HelpName = "FILE|DIR",
        Description = "Counts the tokens of texts; shards know theirs.",
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
        ITokenizer? tokenizer = parsed.GetValue(Tokenizer) is { } file ? TokenizerFile.Open(file).Tokenizer : null;
        var measured = parsed.GetRequiredValue(Paths)
            .Select(path => (Path: path, Statistics: Measure(path, tokenizer, parsed, cancellation)))
            .ToArray();
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(new
            {
                Paths = measured.Select(entry => new
                {
                    entry.Path,
                    entry.Statistics.Documents,
                    entry.Statistics.Bytes,
                    entry.Statistics.Tokens,
                    entry.Statistics.TokensPerByte,
                    entry.Statistics.Duplicates,
                    entry.Statistics.Groups,
                    entry.Statistics.BytesPerDocument,
                }),
            });
            return 0;
        }

        foreach ((string path, DataStatistics found) in measured)
        {
            Output.Line($"{path}: {found.Documents} documents, {found.Bytes} bytes"
                + (found.Tokens is { } tokens ? $", {tokens} tokens, {found.TokensPerByte:F3} tokens per byte" : "")
                + (found.Duplicates is { } duplicates ? $", {duplicates} exact duplicates" : "")
                + (found.Groups is { } groups ? $", {groups} groups" : ""));
        }

        return 0;
    }

    static DataStatistics Measure(string path, ITokenizer? tokenizer, ParseResult parsed, CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(path, ShardManifest.FileName)))
        {
            using ShardSet set = ShardSet.Open(path);
            return DataStatistics.Of(set.Manifest);
        }

        DocumentReader reader = ReadingOptions.Open(parsed, [path]);
        DataStatistics found = ProgressBar.WhileReading($"measuring {Path.GetFileName(path)}", reader,
            () => DataStatistics.Measure(reader, tokenizer, parsed.ThreadCount(), cancellation));
        DataVerb.Complain(reader.Statistics);
        return found;
    }
}
