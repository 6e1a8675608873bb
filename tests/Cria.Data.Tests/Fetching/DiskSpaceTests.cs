using Cria.Data.Fetching;

namespace Cria.Data.Tests.Fetching;

public sealed class DiskSpaceTests
{
    static readonly byte[] Content = FetchTrial.Content(500_000);

    static FetchTrial Trial(long free)
    {
        FetchTrial trial = new();
        trial.Options = trial.Options with { FreeBytes = _ => free, Connections = 2 };
        return trial;
    }

    [Fact]
    public void What_is_there_of_a_file_needs_no_room_a_second_time()
    {
        bool isCut = true;
        using HostileServer server = new((request, reply) => !isCut ? reply.FileAsync(request, Content, "\"v1\"")
            : request.Range!.Value.First == 0 ? reply.CutFileAsync(request, Content, "\"v1\"", after: 300_000)
            : reply.AnswerAsync("404 Not Found", []));
        using FetchTrial trial = Trial(free: 500_000);
        trial.Refusal(server["a.txt"]);
        isCut = false;
        trial.Options = trial.Options with { FreeBytes = _ => 199_999 };
        Assert.Contains("199999 bytes free, and 200000 are to come", trial.Refusal(server["a.txt"]), StringComparison.Ordinal);
        trial.Options = trial.Options with { FreeBytes = _ => 200_000 };
        Assert.Equal(FetchState.Resumed, Assert.Single(trial.Fetch(server["a.txt"]).Files).State);
        trial.Has("a.txt", Content);
    }

    [Fact]
    public void Files_that_come_side_by_side_share_the_disk()
    {
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.HeadAsync("206 Partial Content", Content.Length, "ETag: \"v1\"", $"Content-Range: bytes 0-{Content.Length - 1}/{Content.Length}");
            await reply.BytesAsync(Content[..1000]);
            await reply.StallAsync();
        });
        using FetchTrial trial = Trial(free: 900_000);
        trial.Options = trial.Options with { Patience = trial.Options.Patience with { Stall = TimeSpan.FromSeconds(20), Retries = 0 } };
        Assert.Contains("900000 bytes free, and ", trial.Refusal(server["a.txt"], server["b.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_beginning_that_is_given_up_makes_room_for_the_next()
    {
        int requests = 0;
        using HostileServer server = new((request, reply) => ++requests switch
        {
            1 => reply.CutFileAsync(request, Content, "\"v1\"", after: 100_000),
            _ => reply.FileAsync(request, Content, "\"v2\""), // another file
        });
        using FetchTrial trial = Trial(free: Content.Length);
        trial.Fetch(server["a.txt"]);
        trial.Has("a.txt", Content);
    }

    [Fact]
    public void What_was_begun_over_one_connection_is_reserved_once()
    {
        int requests = 0;
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.HeadAsync("200 OK", Content.Length);
            await reply.BytesAsync(++requests < 3 ? Content[..100_000] : Content);
            reply.Cut();
        });
        using FetchTrial trial = Trial(free: Content.Length);
        trial.Fetch(server["a.txt"]);
        trial.Has("a.txt", Content);
        Assert.Equal(Content.Length + 200_000, trial.Progress.ReceivedBytes);
    }
}
