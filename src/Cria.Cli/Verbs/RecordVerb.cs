using System.CommandLine;
using System.Globalization;
using Cria.Cli.Frame;
using Cria.Cli.Records;
using Cria.Cli.Verbs.Records;

namespace Cria.Cli.Verbs;

/// <summary><c>cria record</c>: a recipe's entry to a track of records.</summary>
static class RecordVerb
{
    static readonly Argument<string> TrackName = new("TRACK") { Description = "A track of tracks.yaml, such as 5-minutes." };
    static readonly Argument<string> RecipePath = new("RECIPE") { Description = "A recipe (YAML) that names no text: the track does." };
    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<string?> Name = new("--name") { Description = "The entry's name; the recipe's if not given." };
    static readonly Option<string?> Out = new("--out") { HelpName = "DIR", Description = "The run's folder; runs/record-TRACK-NAME if not given." };

    static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Go on with a run that was stopped; the time that it has taken counts.",
    };

    public static Command Create() => new Verb(
        "record",
        "Train a recipe on a track, verify what comes out and write its entry.",
        "cria record 5-minutes my-recipe.yaml --name my-first")
    {
        TrackName, RecipePath, Set, Name, Out, Resume, RecordOptions.Records, GlobalOptions.Json,
        RecordVerifyVerb.Create(),
        RecordTableVerb.Create(),
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string records = parsed.GetRequiredValue(RecordOptions.Records), track = parsed.GetRequiredValue(TrackName);
        RecordOptions.CheckThreads(parsed, TrackList.Read(records).Find(track));
        var recipe = RecipeOptions.Read(parsed, parsed.GetRequiredValue(RecipePath), Set);
        string name = parsed.GetValue(Name) ?? recipe.Name;
        if (!EntryName.IsOne(name))
            throw new UsageException($"the entry would be called '{name}'; give a --name of {EntryName.Expected}.");
        string folder = parsed.GetValue(Out) ?? Path.Combine("runs", $"record-{track}-{name}");
        if (new EntryRun(records, track, name).Train(recipe, folder, parsed.GetValue(Resume), cancellation) is not { } made)
            return Interruption.ExitCode;
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { made.Entry.BitsPerByte, made.Entry.Seconds, made.Entry.Steps, Entry = made.Folder });
        else
            Output.Line(string.Create(CultureInfo.InvariantCulture,
                $"{made.Entry.BitsPerByte:F4} bits per byte in {made.Entry.Seconds:F1} seconds, {made.Entry.Steps:N0} steps; the entry is {made.Folder}\n`cria record table` puts it into the table"));
        return 0;
    }
}
