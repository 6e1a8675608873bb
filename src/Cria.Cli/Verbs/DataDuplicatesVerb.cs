using System.CommandLine;
using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Duplicates;
using Cria.Data.Readers;
using Cria.Reports;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data duplicates</c>: what of a corpus is there twice, exactly or nearly.</summary>
static class DataDuplicatesVerb
{
    static readonly NearDuplicateOptions Defaults = new();
    static readonly Argument<string[]> Inputs = DataVerb.Inputs();

    static readonly Option<double> Threshold = Numbers.Real("--threshold", "J",
        "The Jaccard index of two documents' shingles from which the later one is a near-duplicate.", Defaults.Threshold, 0.01, 1);

    static readonly Option<int> ShingleWords =
        Numbers.Count("--shingle-words", "N", "Words in a shingle, up to 64.", 1, Defaults.ShingleWords);

    static readonly Option<int> Hashes =
        Numbers.Count("--hashes", "N", "Minima in a signature: a power of two from 16 to 4096.", 16, Defaults.Hashes);

    static readonly Option<int> Bands = Numbers.Count("--bands", "N", "Bands, with --rows; the threshold chooses both if not given.", 1, example: 16);
    static readonly Option<int> Rows = Numbers.Count("--rows", "N", "Rows of a band, with --bands.", 1, example: 8);
    static readonly Option<int> Memory = Numbers.Count("--memory", "MB", "Megabytes for tables; beyond that, temporary files.", 1, 1024);
    static readonly Option<int> Show = Numbers.Count("--show", "N", "How many pairs to list: the first of the corpus.", 0, 10);

    public static Command Create() => new Verb(
        "duplicates",
        "Find documents that are there twice, exactly or nearly (MinHash, verified).",
        "cria data duplicates books.jsonl --threshold 0.7")
    {
        Inputs, Threshold, ShingleWords, Hashes, Bands, Rows, Memory, Show,
        ReadingOptions.TextColumn, ReadingOptions.Separator, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        int threads = parsed.ThreadCount();
        DocumentReader reader = ReadingOptions.Open(parsed, parsed.GetRequiredValue(Inputs));
        CorpusCleaner different = new(CleaningRecipe.None with { RemovesDuplicates = true }, threads: threads);
        ulong seed = parsed.GetValue(GlobalOptions.Seed) ?? 0;
        using NearDuplicateFinder<CleanDocument> finder = new(
            document => document.Text, document => document.Utf8Bytes, document => document.Source.Place, OptionsOf(parsed), threads, seed);
        IEnumerable<CleanDocument> Corpus() => DataVerb.Until(different.Clean(reader), cancellation);

        Findings found = ProgressBar.While("looking for duplicates", 2 * reader.TotalBytes, Progress(reader), () =>
        {
            finder.Sketch(Corpus());
            return Findings.Of(finder.Judge(Corpus()), parsed.GetValue(Show));
        });
        DataVerb.Complain(reader.Statistics);
        double seconds = watch.Elapsed.TotalSeconds;
        if (parsed.GetValue(GlobalOptions.Json))
            PrintJson(finder, different.Report, found, seconds, OptionsOf(parsed));
        else
            Print(finder, different.Report, found, OptionsOf(parsed));
        return 0;
    }

    static NearDuplicateOptions OptionsOf(ParseResult parsed)
    {
        (int bands, int rows) = (parsed.GetValue(Bands), parsed.GetValue(Rows));
        if (bands > 0 != rows > 0)
            throw new UsageException("--bands and --rows belong together; give both or none.");
        return Defaults with
        {
            Threshold = parsed.GetValue(Threshold),
            ShingleWords = parsed.GetValue(ShingleWords),
            Hashes = parsed.GetValue(Hashes),
            Banding = bands > 0 ? new Banding(bands, rows) : null,
            MemoryBytes = (long)parsed.GetValue(Memory) << 20,
        };
    }

    /// <summary>Bytes read in both passes together: where the reader has begun anew, the first pass lies behind.</summary>
    static Func<double> Progress(DocumentReader reader)
    {
        long most = 0;
        return () =>
        {
            long read = reader.BytesRead;
            most = Math.Max(most, read);
            return read < most ? reader.TotalBytes + read : read;
        };
    }

    static void Print(
        NearDuplicateFinder<CleanDocument> finder, CleaningReport report, Findings found, NearDuplicateOptions options)
    {
        Output.Line($"{report.Before}; {options.ShingleWords} words a shingle, {finder.Banding.Bands} bands of {finder.Banding.Rows} rows");
        Output.Line($"exact duplicates: {report.Duplicates.Documents} documents ({Share(report.Duplicates.Documents, report)})");
        Output.Line($"near-duplicates (Jaccard index {options.Threshold} or more): {found.Documents} documents "
            + $"({Share(found.Documents, report)}), {Human.Bytes(found.Bytes)} of text, of {found.Originals.Count} that stay; "
            + $"{finder.Counts.Candidates} candidate pairs, {finder.Counts.Verified} verified");
        if (found.Originals.Count > 0)
            Output.Line($"  the most of one document: {found.Originals.Values.Max()}");
        foreach (Pair pair in found.Pairs)
            Output.Line($"  {pair.Jaccard:F3}  {pair.Place}  is nearly  {pair.Original}");
        if (found.Pairs.Count < found.Documents)
            Output.Line($"  … {found.Documents - found.Pairs.Count} more; --show lists them");
    }

    static string Share(long documents, CleaningReport report) => Human.Percent((double)documents / report.Before.Documents);

    static void PrintJson(
        NearDuplicateFinder<CleanDocument> finder, CleaningReport report, Findings found, double seconds, NearDuplicateOptions options) =>
        Output.Json(new
        {
            report.Before.Documents,
            report.Before.Bytes,
            ExactDuplicates = report.Duplicates.Documents,
            NearDuplicates = found.Documents,
            NearDuplicateBytes = found.Bytes,
            Originals = found.Originals.Count,
            finder.Counts.WithoutWords,
            finder.Counts.Candidates,
            finder.Counts.Verified,
            finder.Counts.Confirmed,
            finder.Counts.SpilledBytes,
            options.Threshold,
            options.ShingleWords,
            options.Hashes,
            finder.Banding.Bands,
            finder.Banding.Rows,
            Seconds = seconds,
            found.Pairs,
        });

    sealed record Pair(string Place, string Original, double Jaccard);

    /// <summary>What the second pass found.</summary>
    sealed class Findings
    {
        public long Documents { get; private set; }

        public long Bytes { get; private set; }

        /// <summary>How many near-duplicates each document that stays has.</summary>
        public Dictionary<int, int> Originals { get; } = [];

        public List<Pair> Pairs { get; } = [];

        public static Findings Of(IEnumerable<Judged<CleanDocument>> judged, int show)
        {
            Findings found = new();
            foreach (Judged<CleanDocument> item in judged)
            {
                if (item.Duplicate is not { } duplicate)
                    continue;
                found.Documents++;
                found.Bytes += item.Document.Utf8Bytes;
                found.Originals[duplicate.Original] = found.Originals.GetValueOrDefault(duplicate.Original) + 1;
                if (found.Pairs.Count < show)
                    found.Pairs.Add(new Pair(item.Document.Source.Place, duplicate.OriginalPlace, duplicate.Jaccard));
            }

            return found;
        }
    }
}
