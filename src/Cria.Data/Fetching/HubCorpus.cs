using System.Net;

namespace Cria.Data.Fetching;

/// <summary>From a request to the files it means: at one commit, of one configuration, each below the folder of its split.</summary>
sealed class HubCorpus(Transfer transfer)
{
    const string Converted = "refs/convert/parquet";
    const int MostNamed = 20;

    readonly HubClient _hub = new(transfer);

    /// <exception cref="DataException">The dataset, revision, configuration or split is not there or may not be read.</exception>
    public async Task<FoundCorpus> FindAsync(HubRequest request, CancellationToken cancellation)
    {
        try
        {
            HubRevision revision = await _hub.ResolveAsync(request.Repository, request.Revision, cancellation);
            List<HubFile> files = await _hub.ListAsync(request.Repository, revision.Commit, cancellation);
            if (request.Files is { } pattern)
                return Source(request, revision, Matching(request, files, pattern));
            List<HubFile> parquet = [.. files.Where(file => file.IsParquet)];
            if (parquet.Count > 0)
                return Source(request, revision, Chosen(request, HubLayout.Of(parquet, revision.Configs), revision));
            return await ConvertedAsync(request, revision, files, cancellation);
        }
        catch (RefusedFault fault)
        {
            throw await ExplainAsync(fault, request, cancellation);
        }
    }

    /// <summary>The sentence for a refusal by the hub, of its API or of a file.</summary>
    public async Task<DataException> ExplainAsync(RefusedFault fault, HubRequest request, CancellationToken cancellation)
    {
        string home = _hub.Home(request.Repository);
        bool hasToken = transfer.Options.Token is not null;
        switch (fault)
        {
            case { Code: "RevisionNotFound" }:
                return new DataException($"{home} has no revision \"{request.Revision}\"; leave it out for the newest, or see {home}/tree/main.", fault);
            case { Status: HttpStatusCode.Unauthorized } when !hasToken:
                return new DataException($"{home} does not exist, or may be read only by those who have accepted its licence there; "
                    + "then log in, accept it, and put an access token into the environment variable HF_TOKEN.", fault);
            case { Status: HttpStatusCode.Unauthorized }:
                return new DataException($"{home} does not take the token in HF_TOKEN; make a new one in your settings on {transfer.Options.Endpoint.Host}.", fault);
            case { Status: HttpStatusCode.Forbidden }:
                return new DataException(hasToken
                    ? $"{home} may not be read with the token in HF_TOKEN; open that page, accept its licence, and check that the token may read gated datasets."
                    : $"{home} may be read only by those who have accepted its licence there; accept it and put an access token into HF_TOKEN.", fault);
            case { Status: HttpStatusCode.NotFound }:
                IReadOnlyList<string> like = await _hub.LikeAsync(request.Repository, cancellation);
                string hint = like.Count > 0 ? $"did you mean {string.Join(" or ", like.Select(name => HubRequest.Prefix + name))}?" : "check its name there.";
                return new DataException($"{home} does not exist; {hint}", fault);
            default:
                return fault.Explain();
        }
    }

    async Task<FoundCorpus> ConvertedAsync(
        HubRequest request, HubRevision revision, IReadOnlyList<HubFile> files, CancellationToken cancellation)
    {
        string home = _hub.Home(request.Repository);
        string others = string.Join(", ", files.Select(file => Path.GetExtension(file.Name)).Where(e => e.Length > 1).Distinct().Take(6));
        string remedy = $"it has {(others.Length > 0 ? others : "none")}: choose files with --files PATTERN.";
        if (request.Revision != "main")
            throw new DataException($"{home} has no Parquet files at {request.Revision}; {remedy}");
        HubRevision converted;
        try
        {
            converted = await _hub.ResolveAsync(request.Repository, Converted, cancellation);
        }
        catch (RefusedFault fault) when (fault.Status == HttpStatusCode.NotFound)
        {
            throw new DataException($"{home} has no Parquet files, and the hub made none of its own; {remedy}", fault);
        }

        List<HubFile> made = await _hub.ListAsync(request.Repository, converted.Commit, cancellation);
        List<HubLayout.Placed> found = HubLayout.OfConverted([.. made.Where(file => file.IsParquet)], out bool isPartial);
        List<HubLayout.Placed> placed = Chosen(request, found, converted);
        if (isPartial)
            transfer.Options.Say($"The hub converted only the first 5 GB of {home} to Parquet; this is not all of it.");
        return Source(request, converted with { Licence = converted.Licence ?? revision.Licence }, placed);
    }

    static List<HubLayout.Placed> Matching(HubRequest request, List<HubFile> files, string pattern)
    {
        Func<string, bool> matches = PathPattern.Of(pattern);
        List<HubLayout.Placed> placed = [.. files.Where(file => matches(file.Path))
            .Select(file => new HubLayout.Placed(HubLayout.DefaultConfig, HubLayout.SplitOf(file.Path), file))];
        if (placed.Count == 0)
            throw new DataException($"\"{pattern}\" matches none of the {files.Count} files of {request.Repository}; it has {List(files.Select(file => file.Path))}.");
        return request.Split is { } split ? OfSplit(request, placed, split) : placed;
    }

    static List<HubLayout.Placed> Chosen(HubRequest request, List<HubLayout.Placed> placed, HubRevision revision)
    {
        string[] configs = [.. placed.Select(file => file.Config).Distinct()];
        string? usual = configs.Contains(HubLayout.DefaultConfig) ? HubLayout.DefaultConfig : configs is [string only] ? only : null;
        string? config = request.Config ?? revision.Configs.FirstOrDefault(declared => declared.IsDefault)?.Name ?? usual;
        if (config is null)
        {
            throw new DataException(configs.Length == 0
                ? $"{request.Repository} has Parquet files, but none that its card names; choose files with --files PATTERN."
                : $"{request.Repository} has {configs.Length} configurations; choose one with --config: {List(configs)}.");
        }

        List<HubLayout.Placed> chosen = [.. placed.Where(file => file.Config == config)];
        if (chosen.Count == 0)
            throw new DataException($"{request.Repository} has no configuration \"{config}\"; it has {List(configs)}.");
        return request.Split is { } split ? OfSplit(request, chosen, split) : chosen;
    }

    static List<HubLayout.Placed> OfSplit(HubRequest request, List<HubLayout.Placed> placed, string split)
    {
        List<HubLayout.Placed> chosen = [.. placed.Where(file => file.Split == split)];
        return chosen.Count > 0 ? chosen : throw new DataException(
            $"{request.Repository} has no split \"{split}\"; it has {List(placed.Select(file => file.Split).Distinct())}.");
    }

    FoundCorpus Source(HubRequest request, HubRevision revision, List<HubLayout.Placed> placed)
    {
        string source = HubRequest.Prefix + request.Repository;
        foreach (HubLayout.Placed file in placed)
            SafeName.Checked(file.File.Path, source); // of the whole path, for it becomes an address too
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        bool namesDiffer = placed.All(file => seen.Add($"{file.Split}/{file.File.Name}"));
        WantedFile[] files = [.. placed.Select(file => new WantedFile(
            SafeName.Checked($"{file.Split}/{(namesDiffer ? file.File.Name : file.File.Path)}", source),
            _hub.FileAddress(request.Repository, revision.Commit, file.File.Path),
            file.Split,
            file.File.Bytes,
            file.File.Sha256))];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        if (files.FirstOrDefault(file => !names.Add(file.Name)) is { } second)
            throw new DataException($"{source} lists {second.Name} twice, or two whose names differ in capitals only; choose files with --files PATTERN.");
        return new FoundCorpus(source, _hub.Home(request.Repository), revision.Commit, revision.Licence, files);
    }

    static string List(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return string.Join(", ", all.Take(MostNamed)) + (all.Length > MostNamed ? $" and {all.Length - MostNamed} more" : "");
    }
}
