using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Data.Shards;
using Cria.Reports;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data verify</c>: whether shards are what was written.</summary>
static class DataVerifyVerb
{
    static readonly Argument<string[]> Folders = new("DIR")
    {
        Description = "Folders of shards, each with its manifest.json.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Command Create() => new Verb(
        "verify",
        "Read every file of shards and compare its SHA-256 with the manifest's.",
        "cria data verify shards")
    {
        Folders, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        List<object> results = [];
        foreach (string folder in parsed.GetRequiredValue(Folders))
        {
            using ShardSet set = ShardSet.Open(folder);
            long read = 0;
            ProgressBar.WhileBytes($"verifying {folder}", () => set.SizeInBytes, () => Volatile.Read(ref read), () =>
            {
                set.Verify(new Watcher<long>(bytes => Volatile.Write(ref read, bytes)), cancellation);
                return true;
            });
            int files = set.Manifest.Shards.Count * (set.Manifest.HasIndex ? 2 : 1);
            results.Add(new { Folder = folder, Files = files, Bytes = read, set.Tokens, set.Documents, set.ManifestHash });
            if (!parsed.GetValue(GlobalOptions.Json))
                Output.Line($"{folder}: {files} files, {Human.Bytes(read)}, as they were written");
        }

        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { Sets = results });
        return 0;
    }
}
