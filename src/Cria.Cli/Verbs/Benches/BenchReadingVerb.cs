using System.CommandLine;
using System.Globalization;
using Cria.Cli.Benchmarks;
using Cria.Cli.Frame;

namespace Cria.Cli.Verbs.Benches;

/// <summary><c>cria bench reading</c>: how fast files become documents.</summary>
static class BenchReadingVerb
{
    static readonly Argument<string[]> Inputs = DataVerb.Inputs();

    public static Command Create() => new Verb(
        "reading",
        "How fast files become documents, stage by stage.",
        "cria bench reading books.jsonl.gz")
    {
        Inputs, ReadingOptions.TextColumn, ReadingOptions.Separator, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        ReadingResult[] results =
        [
            .. parsed.GetRequiredValue(Inputs)
                .Select(path => ReadingBench.Measure(ReadingOptions.Open(parsed, [path]), path, parsed.ThreadCount(), cancellation)),
        ];
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Results = results });
        else
            foreach (ReadingResult result in results)
                Output.Line(Text(result));
        return 0;
    }

    static string Text(ReadingResult r) => string.Create(CultureInfo.InvariantCulture,
        $"{r.Path}: {r.Documents:N0} documents, {r.TextBytes / 1e6:F0} MB of text; read and cut {r.CutBytesPerSecond / 1e6:F0} MB/s, ")
        + string.Create(CultureInfo.InvariantCulture,
            $"taken apart too {r.OneThreadBytesPerSecond / 1e6:F0} MB/s, on {r.Threads} threads {r.BytesPerSecond / 1e6:F0} MB/s")
        + (r.RuntimeGunzipBytesPerSecond is { } gunzip
            ? string.Create(CultureInfo.InvariantCulture, $"; unpacking alone {gunzip / 1e6:F0} MB/s of content")
            : "");
}
