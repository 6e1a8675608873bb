using System.Text.Json;

namespace Cria.Data.Fetching;

/// <summary>The hub's public API: what a revision is, and which files it has.</summary>
sealed class HubClient(Transfer transfer)
{
    const long MaxBytes = 64 << 20;
    const int MostPages = 10_000, MostFiles = 1_000_000;

    readonly Uri _endpoint = transfer.Options.Endpoint;

    /// <summary>The page about a dataset.</summary>
    public string Home(string repository) => Under($"datasets/{repository}").AbsoluteUri;

    /// <summary>Where a file's bytes are.</summary>
    public Uri FileAddress(string repository, string commit, string path) =>
        Under($"datasets/{repository}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>What a branch, tag or commit stands for now.</summary>
    public async Task<HubRevision> ResolveAsync(string repository, string revision, CancellationToken cancellation)
    {
        Uri address = Under($"api/datasets/{repository}/revision/{Uri.EscapeDataString(revision)}");
        using JsonDocument json = (await GetAsync(address, cancellation)).Json;
        JsonElement root = json.RootElement;
        string? commit = Text(root, "sha");
        if (commit is not { Length: 40 } || !commit.All(char.IsAsciiHexDigitLower))
            throw Wrong(address, "has no commit in its field \"sha\"");
        JsonElement card = Member(root, "cardData");
        return new HubRevision(commit, Licence(card), HubCard.Configs(card));
    }

    /// <summary>All files, over as many pages as the list has.</summary>
    public async Task<List<HubFile>> ListAsync(string repository, string commit, CancellationToken cancellation)
    {
        List<HubFile> files = [];
        HashSet<Uri> pages = [];
        Uri? page = Under($"api/datasets/{repository}/tree/{commit}?recursive=true");
        while (page is not null)
        {
            if (!pages.Add(page) || pages.Count > MostPages || files.Count > MostFiles)
                throw Wrong(page, "lists files without an end");
            (JsonDocument json, Uri? next) = await GetAsync(page, cancellation);
            using (json)
            {
                if (json.RootElement.ValueKind != JsonValueKind.Array)
                    throw Wrong(page, "is no list of files");
                foreach (JsonElement item in json.RootElement.EnumerateArray())
                {
                    if (Text(item, "type") == "file")
                        files.Add(File(item, page));
                }
            }

            page = next;
        }

        return files;
    }

    /// <summary>Names of datasets that are like one that is not there; none where the hub does not say.</summary>
    public async Task<IReadOnlyList<string>> LikeAsync(string repository, CancellationToken cancellation)
    {
        try
        {
            string name = repository[(repository.IndexOf('/', StringComparison.Ordinal) + 1)..];
            using JsonDocument json = (await GetAsync(Under($"api/datasets?search={Uri.EscapeDataString(name)}&limit=3"), cancellation)).Json;
            return json.RootElement.ValueKind != JsonValueKind.Array ? []
                : [.. json.RootElement.EnumerateArray().Select(item => Text(item, "id")).OfType<string>().Take(3)];
        }
        catch (Exception e) when (e is DataException or RefusedFault)
        {
            return []; // a hint is not worth a second error
        }
    }

    async Task<(JsonDocument Json, Uri? Next)> GetAsync(Uri address, CancellationToken cancellation) =>
        await transfer.Retries().RunAsync(() => 0, async token =>
        {
            using HttpResponseMessage response = await transfer.Web.GetAsync(address, null, null, token);
            byte[] body = await BodyAsync(response, address, token);
            try
            {
                return (JsonDocument.Parse(body), Next(response, address));
            }
            catch (JsonException e)
            {
                throw new DataException($"{WebAddress.Shown(address)} answers with something that is no JSON; is {_endpoint.Host} a hub?", e);
            }
        }, cancellation);

    async Task<byte[]> BodyAsync(HttpResponseMessage response, Uri address, CancellationToken cancellation)
    {
        using MemoryStream body = new();
        long read = await PatientBody.ReadAsync(
            response, address.Host, transfer.Options.Patience, MaxBytes, bytes => body.Write(bytes.Span), cancellation);
        return read <= MaxBytes ? body.ToArray() : throw Wrong(address, $"is longer than {MaxBytes} bytes");
    }

    /// <summary>
    /// The next page: <c>Link: &lt;ADDRESS&gt;; rel="next"</c>. Only what stands behind its question mark is taken: a mirror may name the
    /// hub that it mirrors, and nobody leads to another list.
    /// </summary>
    /// <exception cref="DataException">There is one, and it cannot be read: the list would end early.</exception>
    static Uri? Next(HttpResponseMessage response, Uri address)
    {
        if (!response.Headers.TryGetValues("Link", out IEnumerable<string>? values))
            return null;
        if (!LinkHeader.TryFindNext(values, out string? link))
            throw Wrong(address, "says something of a next page that cannot be understood");
        if (link is null)
            return null;
        bool isAddress = Uri.TryCreate(address, link, out Uri? next) && next.IsAbsoluteUri && next.Query.Length > 1;
        return isAddress ? new UriBuilder(address) { Query = next!.Query }.Uri : throw Wrong(address, "names a next page that is no address of a page");
    }

    static HubFile File(JsonElement item, Uri page)
    {
        JsonElement large = Member(item, "lfs");
        string path = Text(item, "path") ?? throw Wrong(page, "lists a file without a path");
        long bytes = Number(large, "size") ?? Number(item, "size") ?? throw Wrong(page, $"says no size of \"{path}\"");
        string? hash = Text(large, "oid");
        bool isHash = hash is null || (hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower));
        return bytes >= 0 && isHash ? new HubFile(path, bytes, hash) : throw Wrong(page, $"says a size or hash of \"{path}\" that cannot be");
    }

    static string? Licence(JsonElement card)
    {
        const int Most = 200; // it is printed
        JsonElement licence = Member(card, "license");
        string? text = licence.ValueKind switch
        {
            JsonValueKind.String => licence.GetString(),
            JsonValueKind.Array => string.Join(", ", licence.EnumerateArray().Where(l => l.ValueKind == JsonValueKind.String).Select(l => l.GetString())),
            _ => null,
        };
        return text is null ? null : string.Concat(text.Where(c => !char.IsControl(c)).Take(Most));
    }

    Uri Under(string path) => new(_endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);

    static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;

    static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    static long? Number(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    static DataException Wrong(Uri address, string fault) =>
        new($"{WebAddress.Shown(address)} {fault}; try again later, or fetch the files by their addresses.");
}
