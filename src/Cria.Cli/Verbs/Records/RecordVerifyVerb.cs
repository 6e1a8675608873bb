using System.CommandLine;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Records;

namespace Cria.Cli.Verbs.Records;

/// <summary><c>cria record verify</c>: whether an entry holds.</summary>
static class RecordVerifyVerb
{
    static readonly Argument<string> Folder = new("ENTRY") { Description = "An entry's folder, such as records/5-minutes/2026-01-31-name." };
    static readonly Option<bool> Rerun = new("--rerun") { Description = "Train it again, step for step, and compare." };
    static readonly Option<string?> Out = new("--out") { HelpName = "DIR", Description = "Where to train again; runs/verify-TRACK-NAME if not given." };
    static readonly Option<bool> Resume = new("--resume") { Description = "Go on with a second training that was stopped." };

    public static Command Create() => new Verb(
        "verify",
        "Check an entry's files; with --rerun train it again and compare.",
        "cria record verify records/5-minutes/2026-01-31-name --rerun")
    {
        Folder, Rerun, Out, Resume, RecordOptions.Records, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string records = parsed.GetRequiredValue(RecordOptions.Records), folder = parsed.GetRequiredValue(Folder);
        bool json = parsed.GetValue(GlobalOptions.Json), trains = parsed.GetValue(Rerun);
        if (!trains && (parsed.GetValue(Resume) || parsed.GetValue(Out) is not null))
            throw new UsageException("--out and --resume are of a second training; add --rerun.");
        var (entry, _, track) = EntryCheck.Read(records, folder);
        RecordOptions.CheckThreads(parsed, track);
        if (!trains)
        {
            if (json)
                Output.Json(new { entry.BitsPerByte, entry.Seconds, Trained = false });
            else
                Output.Line(string.Create(CultureInfo.InvariantCulture,
                    $"the files fit each other and the track: {entry.BitsPerByte:F4} bits per byte in {entry.Seconds:F1} seconds; --rerun trains it again"));
            return 0;
        }
        string run = parsed.GetValue(Out) ?? Path.Combine("runs", $"verify-{entry.Track}-{entry.Name}");
        if (SecondTraining.Of(records, folder, run, parsed.GetValue(Resume), cancellation) is not { } again)
            return Interruption.ExitCode;
        if (json)
            Output.Json(again);
        else
            Output.Line(Text(entry, again));
        return 0;
    }

    static string Text(RecordEntry entry, SecondTraining again) => string.Create(CultureInfo.InvariantCulture,
        $"the entry holds: {again.BitsPerByte:F5} bits per byte, {again.Difference:+0.0e+0;-0.0e+0;0} from the entry's; the model is {(again.IsSameModel ? "the same to the bit" : "another in its last bits")}\n" +
        $"{again.Seconds:F1} seconds here at a peak of {again.PeakGflops:F0} GFLOP/s{(again.SecondsThere is { } there ? $" are {there.ToString("F1", CultureInfo.InvariantCulture)} at the {entry.PeakGflops:F0} of the entry's machine" : "")}; the entry took {entry.Seconds:F1} there");
}
