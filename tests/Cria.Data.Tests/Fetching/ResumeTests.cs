using Cria.Data.Fetching;

namespace Cria.Data.Tests.Fetching;

public sealed class ResumeTests
{
    [Theory]
    [InlineData(1), InlineData(1000), InlineData(1 << 20), InlineData((3 << 20) + 17)]
    public void A_file_comes_whole_in_pieces_side_by_side(int length)
    {
        byte[] content = FetchTrial.Content(length);
        using HostileServer server = HostileServer.OfFile(content);
        using FetchTrial trial = new();
        FetchReport report = trial.Fetch(server["a/text.txt"]);

        trial.Has("text.txt", content);
        FetchedFile file = Assert.Single(report.Files);
        Assert.Equal((length, FetchTrial.Hash(content), FetchState.Fetched), ((int)file.Bytes, file.Sha256, file.State));
        Assert.Equal((length + (1 << 20) - 1) >> 20, server.Requests.Count);
        Assert.Equal((length, length), ((int)trial.Progress.Bytes, (int)trial.Progress.TotalBytes));
    }

    [Fact]
    public void An_empty_file_comes_too()
    {
        using HostileServer server = HostileServer.OfFile([]);
        using FetchTrial trial = new();
        trial.Fetch(server["empty.txt"]);
        trial.Has("empty.txt", []);
    }

    [Fact]
    public void A_cut_connection_goes_on_from_where_it_was()
    {
        byte[] content = FetchTrial.Content(900_000);
        int requests = 0;
        using HostileServer server = new((request, reply) => ++requests <= 3
            ? reply.CutFileAsync(request, content, "\"v1\"", after: 200_000)
            : reply.FileAsync(request, content, "\"v1\""));
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);

        trial.Has("text.txt", content);
        Assert.Equal(4, server.Requests.Count);
        Assert.Equal([0, 1, 2, 3], server.Requests.Select(request => request.Range!.Value.First / 180_000));
        Assert.All(server.Requests.Skip(1), request => Assert.Equal("\"v1\"", request["If-Range"]));
        Assert.Equal(content.Length, trial.Progress.Bytes);
    }

    [Fact]
    public void A_fetch_that_was_stopped_goes_on_in_the_next_one()
    {
        byte[] content = FetchTrial.Content((3 << 20) + 5);
        using CancellationTokenSource stop = new();
        int requests = 0;
        using HostileServer server = new(async (request, reply) =>
        {
            if (Interlocked.Increment(ref requests) != 3)
            {
                await reply.FileAsync(request, content, "\"v1\"");
                return;
            }

            (long first, long last) = request.Range!.Value;
            await reply.HeadAsync("206 Partial Content", last - first + 1, "ETag: \"v1\"", $"Content-Range: bytes {first}-{last}/{content.Length}");
            await reply.BytesAsync(content[(int)first..(int)(first + 300_000)]);
            await Task.Delay(50);
            await stop.CancelAsync();
            await reply.StallAsync();
        });
        using FetchTrial trial = new();
        trial.Options = trial.Options with { Connections = 1 };
        Assert.ThrowsAny<OperationCanceledException>(() => trial.Fetch(FetchRequest.Parse([server["text.txt"]]), stop.Token));
        Assert.False(File.Exists(trial["text.txt"]));
        Assert.True(File.Exists(trial["text.txt.part"]));

        server.Requests.Clear();
        FetchedFile file = Assert.Single(trial.Fetch(server["text.txt"]).Files);
        trial.Has("text.txt", content);
        Assert.Equal(FetchState.Resumed, file.State);
        Assert.Equal(2, server.Requests.Count);
        long first = server.Requests.First().Range!.Value.First;
        Assert.InRange(first, 2 << 20, (2 << 20) + 300_000);
        Assert.Equal((content.Length, content.Length - first), (trial.Progress.Bytes, trial.Progress.ReceivedBytes));
    }

    [Fact]
    public void A_file_that_changed_between_two_parts_is_begun_anew()
    {
        byte[] old = FetchTrial.Content(500_000, seed: 1), changed = FetchTrial.Content(400_000, seed: 2);
        int requests = 0;
        using HostileServer server = new((request, reply) => ++requests == 1
            ? reply.CutFileAsync(request, old, "\"v1\"", after: 100_000)
            : reply.FileAsync(request, changed, "\"v2\""));
        using FetchTrial trial = new();
        FetchedFile file = Assert.Single(trial.Fetch(server["text.txt"]).Files);

        trial.Has("text.txt", changed);
        Assert.Equal(FetchState.Fetched, file.State);
        Assert.Contains(trial.Said, sentence => sentence.Contains("was changed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_that_ignores_if_range_is_found_out_by_the_new_etag()
    {
        byte[] old = FetchTrial.Content(500_000, seed: 1), changed = FetchTrial.Content(500_000, seed: 2);
        int requests = 0;
        using HostileServer server = new((request, reply) => ++requests == 1
            ? reply.CutFileAsync(request, old, "\"v1\"", after: 100_000)
            : reply.FileAsync(request with { Headers = new Dictionary<string, string> { ["Range"] = request["Range"]! } }, changed, "\"v2\""));
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);
        trial.Has("text.txt", changed);
    }

    [Fact]
    public void Mirrors_that_name_one_file_differently_do_not_matter_where_its_hash_is_known()
    {
        byte[] content = FetchTrial.Content(500_000);
        int requests = 0;
        using HostileServer server = new((request, reply) => ++requests == 1
            ? reply.CutFileAsync(request, content, "\"a\"", after: 100_000)
            : reply.FileAsync(request, content, "\"b\""));
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"] + "#sha256=" + FetchTrial.Hash(content));
        trial.Has("text.txt", content);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(100_000, server.Requests.Last().Range!.Value.First);
    }

    [Fact]
    public void A_server_without_ranges_begins_again_after_a_cut()
    {
        byte[] content = FetchTrial.Content(300_000);
        int requests = 0;
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.HeadAsync("200 OK", content.Length);
            await reply.BytesAsync(++requests == 1 ? content[..1000] : content);
            if (requests == 1)
                reply.Cut();
        });
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);
        trial.Has("text.txt", content);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(content.Length, trial.Progress.Bytes);
    }

    [Fact]
    public void Ranges_without_etag_or_date_are_not_trusted_unless_the_hash_is_known()
    {
        byte[] content = FetchTrial.Content((1 << 20) + 9);
        using HostileServer server = new(async (request, reply) =>
        {
            if (request.Range is not { } range)
            {
                await reply.AnswerAsync("200 OK", content);
                return;
            }

            int last = (int)Math.Min(range.Last, content.Length - 1);
            await reply.AnswerAsync("206 Partial Content", content[(int)range.First..(last + 1)], $"Content-Range: bytes {range.First}-{last}/{content.Length}");
        });
        using FetchTrial trial = new();
        trial.Fetch(server["a.txt"]);
        trial.Has("a.txt", content);
        Assert.Null(server.Requests.Last().Range);

        server.Requests.Clear();
        trial.Fetch(server["b.txt"] + "#sha256=" + FetchTrial.Hash(content));
        trial.Has("b.txt", content);
        Assert.All(server.Requests, request => Assert.NotNull(request.Range));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"cria-part\",\"address_sha256\":\"\",\"sha256\":null,\"bytes\":5,\"validator\":null,\"pieces\":[[0,5,9]]}")]
    public void A_state_that_does_not_fit_is_as_good_as_none(string state)
    {
        byte[] content = FetchTrial.Content(5000);
        using HostileServer server = HostileServer.OfFile(content);
        using FetchTrial trial = new();
        Directory.CreateDirectory(trial.Folder);
        File.WriteAllBytes(trial["text.txt.part"], new byte[5]);
        File.WriteAllText(trial["text.txt.part.json"], state);
        trial.Fetch(server["text.txt"]);
        trial.Has("text.txt", content);
    }

    [Fact]
    public async Task Two_fetches_beside_each_other_take_turns()
    {
        byte[] content = FetchTrial.Content(2000);
        using HostileServer server = new(async (request, reply) =>
        {
            await Task.Delay(150);
            await reply.FileAsync(request, content, "\"v1\"");
        });
        using FetchTrial trial = new();
        FetchRequest request = FetchRequest.Parse([server["text.txt"]]);
        FetchReport[] both = await Task.WhenAll(Enumerable.Range(0, 2)
            .Select(_ => CorpusFetch.RunAsync(request, trial.Folder, trial.Options, new FetchProgress(), default)));

        trial.Has("text.txt", content);
        Assert.Single(server.Requests);
        Assert.Single(both, report => report.Files[0].State == FetchState.Cached);
        Assert.Contains(trial.Said, sentence => sentence.Contains("Another fetch", StringComparison.Ordinal));
    }
}
