using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cria.Data.Tests.Fetching;

/// <summary>The hub's public API with one dataset, <c>ada/books</c>, whose large files lie on another server.</summary>
sealed class FakeHub : IDisposable
{
    public const string Repository = "ada/books", Commit = "0123456789abcdef0123456789abcdef01234567", ConvertedCommit = "fedcba9876543210fedcba9876543210fedcba98";

    const int PageLength = 2;

    readonly HostileServer _api, _storage;

    public FakeHub()
    {
        _storage = new HostileServer((request, reply) => reply.FileAsync(request, All[Uri.UnescapeDataString(request.Path[1..])], "\"stored\""));
        _api = new HostileServer(AnswerAsync);
    }

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>What the hub made itself; none: no such branch.</summary>
    public Dictionary<string, byte[]> Converted { get; } = [];

    public JsonObject Card { get; } = new() { ["license"] = "mit" };

    /// <summary>The token without which nothing is given; null: anyone may read.</summary>
    public string? Gate { get; set; }

    /// <summary>What a file's hash is said to be, instead of the true one.</summary>
    public Func<string, string> HashSaid { get; set; } = hash => hash;

    /// <summary>How a next page is named.</summary>
    public Func<string, string> LinkSaid { get; set; } = address => $"<{address}>; rel=\"next\"";

    public Uri Address => _api.Address;

    public IEnumerable<HostileRequest> Asked => _api.Requests;

    public IEnumerable<HostileRequest> AskedOfStorage => _storage.Requests;

    Dictionary<string, byte[]> All => new(Files.Concat(Converted));

    public void Dispose()
    {
        _api.Dispose();
        _storage.Dispose();
    }

    Task AnswerAsync(HostileRequest request, HostileReply reply)
    {
        const string Data = $"/api/datasets/{Repository}";
        if (Gate is not null && request["Authorization"] != $"Bearer {Gate}")
            return reply.AnswerAsync(request["Authorization"] is null ? "401 Unauthorized" : "403 Forbidden", [], "X-Error-Code: GatedRepo");
        return request.Path switch
        {
            $"{Data}/revision/main" or $"{Data}/revision/v1" or $"{Data}/revision/{Commit}" => RevisionAsync(reply, Commit),
            $"{Data}/revision/refs%2Fconvert%2Fparquet" when Converted.Count > 0 => RevisionAsync(reply, ConvertedCommit),
            _ when request.Path.StartsWith($"{Data}/revision/", StringComparison.Ordinal) =>
                reply.AnswerAsync("404 Not Found", [], "X-Error-Code: RevisionNotFound"),
            _ when request.Path.StartsWith($"{Data}/tree/{Commit}?", StringComparison.Ordinal) => TreeAsync(request, reply, Files),
            _ when request.Path.StartsWith($"{Data}/tree/{ConvertedCommit}?", StringComparison.Ordinal) => TreeAsync(request, reply, Converted),
            _ when request.Path.StartsWith($"/datasets/{Repository}/resolve/", StringComparison.Ordinal) =>
                reply.RedirectAsync(new Uri(_storage.Address, request.Path.Split('/', 7)[6].Replace("/", "%2F", StringComparison.Ordinal)).AbsoluteUri),
            _ when request.Path.StartsWith("/api/datasets?search=", StringComparison.Ordinal) =>
                JsonAsync(reply, new JsonArray(new JsonObject { ["id"] = Repository })),
            _ => reply.AnswerAsync("404 Not Found", [], "X-Error-Code: RepoNotFound"),
        };
    }

    Task RevisionAsync(HostileReply reply, string commit) =>
        JsonAsync(reply, new JsonObject { ["id"] = Repository, ["sha"] = commit, ["cardData"] = Card.DeepClone() });

    Task TreeAsync(HostileRequest request, HostileReply reply, Dictionary<string, byte[]> files)
    {
        int first = request.Path.Split("cursor=") is [_, string cursor] ? int.Parse(cursor) : 0;
        JsonArray page = first == 0 ? [new JsonObject { ["type"] = "directory", ["path"] = "data", ["size"] = 0 }] : [];
        foreach ((string path, byte[] content) in files.Skip(first).Take(PageLength))
        {
            JsonObject item = new() { ["type"] = "file", ["path"] = path, ["size"] = content.Length, ["oid"] = "git" };
            if (path.EndsWith(".parquet", StringComparison.Ordinal))
                item["lfs"] = new JsonObject { ["oid"] = HashSaid(FetchTrial.Hash(content)), ["size"] = content.Length, ["pointerSize"] = 130 };
            page.Add(item);
        }

        string[] next = first + PageLength < files.Count
            ? [$"Link: {LinkSaid($"{_api.Address.AbsoluteUri.TrimEnd('/')}{request.Path.Split("&cursor=")[0]}&cursor={first + PageLength}")}"]
            : [];
        return JsonAsync(reply, page, next);
    }

    static Task JsonAsync(HostileReply reply, JsonNode json, params string[] headers) =>
        reply.AnswerAsync("200 OK", JsonSerializer.SerializeToUtf8Bytes(json),
            ["Content-Type: application/json", .. headers]);
}
