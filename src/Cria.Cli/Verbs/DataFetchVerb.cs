using System.CommandLine;
using System.Diagnostics;
using Cria.Cli.Frame;
using Cria.Data.Fetching;
using Cria.Reports;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data fetch</c>: corpora from the web, whole and checked.</summary>
static class DataFetchVerb
{
    const string TokenVariable = "HF_TOKEN", EndpointVariable = "HF_ENDPOINT";

    static readonly Argument<string[]> Sources = new("SOURCE")
    {
        Description = "A corpus by name (--list), hf:OWNER/NAME[@REVISION][:SPLIT], or addresses, each with #sha256=… if its hash is known.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<string?> Out = Text("--out", "DIR", "The folder; data/NAME if not given, data/downloads for addresses.");
    static readonly Option<string?> Revision = Text("--revision", "REV", "A branch, tag or commit of a dataset on the hub; main if not given.");
    static readonly Option<string?> Config = Text("--config", "NAME", "One of the dataset's configurations.");
    static readonly Option<string?> Split = Text("--split", "NAME", "One of its splits; all if not given.");
    static readonly Option<string?> Files = Text("--files", "PATTERN", "The files of the dataset's repository that match, of any kind, such as '*.txt'.");
    static readonly Option<string?> Unpack = Text("--unpack", "PATTERN", "Of zip archives at addresses, the entries to unpack beside them.");
    static readonly Option<int> Connections = Numbers.Count("--connections", "N", "Requests under way at once.", 1, without: 4);
    static readonly Option<bool> Verify = new("--verify") { Description = "Hash again what is there already." };
    static readonly Option<bool> List = new("--list") { Description = "The corpora that are known by name." };

    public static Command Create() => new Verb(
        "fetch",
        "Fetch a corpus: resumable, checked by size and hash, never twice.",
        "cria data fetch hf:roneneldan/TinyStories:train --out data/tinystories")
    {
        Sources, Out, Revision, Config, Split, Files, Unpack, Connections, Verify, List, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        bool json = parsed.GetValue(GlobalOptions.Json);
        string[] sources = parsed.GetValue(Sources) ?? [];
        if (parsed.GetValue(List))
            return ShowList(json);
        if (sources.Length == 0)
            throw new UsageException("a SOURCE is missing: a corpus by name (`cria data fetch --list` shows them), hf:OWNER/NAME, or an address.");

        FetchRequest request = Asked(parsed, sources);
        string folder = parsed.GetValue(Out) ?? Path.Combine("data", request.Folder);
        FetchOptions options = new()
        {
            Endpoint = Endpoint(),
            Token = Environment.GetEnvironmentVariable(TokenVariable)?.Trim() is { Length: > 0 } token ? token : null,
            Connections = parsed.GetValue(Connections),
            Verify = parsed.GetValue(Verify),
            Say = Output.Log,
        };
        FetchProgress progress = new();
        Stopwatch watch = Stopwatch.StartNew();
        FetchReport report = ProgressBar.WhileBytes(
            $"fetching {request.Folder}", () => progress.TotalBytes, () => progress.Bytes,
            () => CorpusFetch.RunAsync(request, folder, options, progress, cancellation).GetAwaiter().GetResult());
        Show(report, progress, watch.Elapsed, json);
        return 0;
    }

    static FetchRequest Asked(ParseResult parsed, string[] sources)
    {
        FetchRequest request = sources is [string name] && !name.Contains(':', StringComparison.Ordinal) && NamedCorpora.Find(name) is null
            ? throw new UsageException($"'{name}' is no corpus that is known by name; "
                + $"{NearestName.Hint(name, [.. NamedCorpora.All.Select(corpus => corpus.Name)])} Addresses begin with https://, datasets with hf:.")
            : FetchRequest.Parse(sources);
        Option<string?>[] ofTheHub = [Revision, Config, Split, Files];
        if (request.Hub is not { } hub)
        {
            if (ofTheHub.FirstOrDefault(option => parsed.GetValue(option) is not null) is { } stray)
                throw new UsageException($"{stray.Name} is for datasets on the hub, and {sources[0]} is not one.");
            string? pattern = parsed.GetValue(Unpack);
            return pattern is null || request.Corpus is null
                ? request with { Unpack = pattern }
                : throw new UsageException($"--unpack is for archives at addresses; {sources[0]} knows what to unpack.");
        }

        if (parsed.GetValue(Unpack) is not null)
            throw new UsageException("--unpack is for archives at addresses, not for datasets on the hub.");

        return request with
        {
            Hub = hub with
            {
                Revision = parsed.GetValue(Revision) ?? hub.Revision,
                Config = parsed.GetValue(Config) ?? hub.Config,
                Split = parsed.GetValue(Split) ?? hub.Split,
                Files = parsed.GetValue(Files) ?? hub.Files,
            },
        };
    }

    static Uri Endpoint()
    {
        if (Environment.GetEnvironmentVariable(EndpointVariable) is not { Length: > 0 } text)
            return new FetchOptions().Endpoint;
        bool isAddress = Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http";
        string shown = text.Contains('@', StringComparison.Ordinal) ? "no such address" : $"'{text}'"; // what holds a password is not repeated
        return isAddress ? address! : throw new UsageException($"{EndpointVariable} is {shown}; expected an address such as https://huggingface.co.");
    }

    static void Show(FetchReport report, FetchProgress progress, TimeSpan time, bool json)
    {
        if (json)
        {
            Output.Json(new
            {
                report.Source,
                report.Revision,
                report.Licence,
                report.Folder,
                BytesFetched = progress.ReceivedBytes,
                Seconds = time.TotalSeconds,
                Files = report.Files.Select(file => new { file.File, file.Split, file.Bytes, file.Sha256, State = StateOf(file) }),
            });
            return;
        }

        foreach (FetchedFile file in report.Files)
            Output.Line($"{Path.Combine(report.Folder, file.File)}: {file.Bytes} bytes, {StateOf(file)}");
        Output.Line($"{report.Source}{(report.Revision is { } commit ? $" at {commit[..12]}" : "")}: {report.Files.Count} files, "
            + $"{report.Files.Sum(file => file.Bytes)} bytes in {report.Folder}; licence: {report.Licence ?? "none is stated"}");
    }

    static string StateOf(FetchedFile file) => file.State switch
    {
        FetchState.Cached => "cached",
        FetchState.Resumed => "resumed",
        _ => "fetched",
    };

    static int ShowList(bool json)
    {
        if (json)
        {
            Output.Json(new
            {
                Corpora = NamedCorpora.All.Select(corpus =>
                    new { corpus.Name, corpus.What, corpus.Licence, corpus.Bytes, corpus.Home, Tried = corpus.IsTried }),
            });
            return 0;
        }

        foreach (NamedCorpus corpus in NamedCorpora.All)
        {
            Output.Line($"{corpus.Name,-18} {Human.Bytes(corpus.Bytes),8}  {corpus.What}");
            Output.Line($"{"",-28} {corpus.Licence}; {corpus.Home}{(corpus.IsTried ? "" : "; untried")}");
        }

        Output.Line("untried: its addresses could not be reached where Cria is made; sizes are about.");
        return 0;
    }

    static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };
}
