using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Records;

namespace Cria.Cli.Verbs.Records;

/// <summary>What the verbs of records share.</summary>
static class RecordOptions
{
    public static readonly Option<string> Records = new("--records")
    {
        HelpName = "DIR",
        Description = "Where tracks.yaml and the entries are.",
        DefaultValueFactory = _ => "records",
    };

    /// <exception cref="UsageException">Other threads were asked for than the track has.</exception>
    public static void CheckThreads(ParseResult parsed, Track track)
    {
        if (parsed.GetValue(GlobalOptions.Threads) is > 0 and int threads && threads != track.Threads)
            throw new UsageException($"--threads is {threads}, and track {track.Name} has {track.Threads}; leave it out.");
    }
}
