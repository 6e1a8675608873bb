using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Records;

namespace Cria.Cli.Verbs.Records;

/// <summary><c>cria record table</c>: the entries into the records' README.</summary>
static class RecordTableVerb
{
    public static Command Create() => new Verb(
        "table",
        "Check all entries and write their tables into README.md beside tracks.yaml.",
        "cria record table")
    {
        RecordOptions.Records,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string records = parsed.GetRequiredValue(RecordOptions.Records);
        int entries = Leaderboard.Write(records);
        Output.Line($"{entries:N0} {(entries == 1 ? "entry" : "entries")} in {Path.Combine(records, "README.md")}");
        return 0;
    }
}
