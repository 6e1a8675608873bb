using Cria.Data.Fetching;

namespace Cria.Data.Tests.Fetching;

public sealed class CacheTests : IDisposable
{
    readonly byte[] _content = FetchTrial.Content(5000);
    readonly HostileServer _server;
    readonly FetchTrial _trial = new();

    public CacheTests() => _server = HostileServer.OfFile(_content);

    public void Dispose()
    {
        _server.Dispose();
        _trial.Dispose();
    }

    [Fact]
    public void What_is_there_is_not_fetched_again()
    {
        _trial.Fetch(_server["a.txt"]);
        _server.Requests.Clear();
        FetchReport report = _trial.Fetch(_server["a.txt"], _server["b.txt"]);
        Assert.Equal([FetchState.Cached, FetchState.Fetched], report.Files.Select(file => file.State));
        Assert.Equal("/b.txt", Assert.Single(_server.Requests).Path);
        Assert.Equal(FetchTrial.Hash(_content), report.Files[0].Sha256);
    }

    [Fact]
    public void A_file_that_was_touched_is_hashed_and_kept()
    {
        _trial.Fetch(_server["a.txt"]);
        File.SetLastWriteTimeUtc(_trial["a.txt"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(FetchState.Cached, Assert.Single(_trial.Fetch(_server["a.txt"]).Files).State);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void A_file_that_was_changed_is_neither_taken_nor_written_over(bool keepsDate)
    {
        _trial.Fetch(_server["a.txt"]);
        DateTime date = File.GetLastWriteTimeUtc(_trial["a.txt"]);
        byte[] changed = [.. _content];
        changed[7] ^= 1;
        File.WriteAllBytes(_trial["a.txt"], changed);
        if (keepsDate)
        {
            File.SetLastWriteTimeUtc(_trial["a.txt"], date);
            _trial.Options = _trial.Options with { Verify = true };
        }

        Assert.Contains("nothing is written over", _trial.Refusal(_server["a.txt"]), StringComparison.Ordinal);
        Assert.Equal(changed, File.ReadAllBytes(_trial["a.txt"]));
    }

    [Fact]
    public void A_file_of_ones_own_is_kept_where_its_hash_is_right_and_never_written_over()
    {
        Directory.CreateDirectory(_trial.Folder);
        File.WriteAllBytes(_trial["a.txt"], _content);
        Assert.Contains("exists", _trial.Refusal(_server["a.txt"]), StringComparison.Ordinal);
        FetchReport report = _trial.Fetch(_server["a.txt"] + "#sha256=" + FetchTrial.Hash(_content).ToUpperInvariant());
        Assert.Equal(FetchState.Cached, Assert.Single(report.Files).State);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void A_folder_holds_one_source()
    {
        _trial.Fetch(_server["a.txt"]);
        using FakeHub hub = new();
        hub.Files.Add("train.parquet", _content);
        _trial.Options = _trial.Options with { Endpoint = hub.Address };
        Assert.Contains("choose another folder", _trial.Refusal("hf:ada/books"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{"), InlineData("[]"), InlineData("{\"format\":\"other\"}"), InlineData("{\"format\":\"cria-source\",\"source\":\"urls\",\"revision\":null,\"files\":[{}]}")]
    public void A_record_that_is_none_ends_in_a_sentence(string record)
    {
        Directory.CreateDirectory(_trial.Folder);
        File.WriteAllText(_trial["SOURCE.json"], record);
        Assert.Contains("is no record of fetched files", _trial.Refusal(_server["a.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_came_whole_before_a_failure_is_kept()
    {
        using HostileServer server = new((request, reply) => request.Path == "/b.txt"
            ? reply.AnswerAsync("404 Not Found", [])
            : reply.FileAsync(request, _content, "\"v1\""));
        _trial.Options = _trial.Options with { Connections = 1 };
        Assert.Contains("b.txt does not exist", _trial.Refusal(server["a.txt"], server["b.txt"]), StringComparison.Ordinal);
        Assert.Equal(FetchState.Cached, Assert.Single(_trial.Fetch(server["a.txt"]).Files).State);
    }

    [Fact]
    public void A_file_has_its_name_only_when_it_is_in_the_record()
    {
        _trial.Clock.DiesAt = 1;
        Assert.Throws<TimeoutException>(() => _trial.Fetch(_server["a.txt"]));
        Assert.False(File.Exists(_trial["a.txt"]));
        _trial.Clock.DiesAt = 0;
        _trial.Fetch(_server["a.txt"]);
        _trial.Has("a.txt", _content);
    }

    [Fact]
    public void What_is_in_the_record_and_not_there_is_fetched()
    {
        _trial.Fetch(_server["a.txt"]);
        File.Delete(_trial["a.txt"]);
        Assert.Equal(FetchState.Fetched, Assert.Single(_trial.Fetch(_server["a.txt"]).Files).State);
        _trial.Has("a.txt", _content);
    }
}
