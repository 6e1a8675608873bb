using System.Net;
using System.Net.Sockets;

namespace Cria.Data.Tests.Fetching;

public sealed class RetryTests
{
    static readonly byte[] Content = FetchTrial.Content(5000);

    static HostileServer After(int failures, string status, params string[] headers)
    {
        int requests = 0;
        return new HostileServer((request, reply) => Interlocked.Increment(ref requests) <= failures
            ? reply.AnswerAsync(status, "busy"u8.ToArray(), headers)
            : reply.FileAsync(request, Content, "\"v1\""));
    }

    [Fact]
    public void The_wait_that_a_server_asks_for_is_kept()
    {
        using HostileServer server = After(2, "429 Too Many Requests", "Retry-After: 17");
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);
        trial.Has("text.txt", Content);
        Assert.Equal([17, 17], trial.Clock.Waits.Select(wait => wait.TotalSeconds));
        Assert.Contains("answered 429; next attempt in 17 s", trial.Said[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_until_a_date_is_kept_too()
    {
        using HostileServer server = After(1, "503 Service Unavailable", $"Retry-After: {DateTimeOffset.UtcNow.AddSeconds(90):r}");
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);
        Assert.InRange(Assert.Single(trial.Clock.Waits).TotalSeconds, 60, 90);
    }

    [Fact]
    public void A_wait_of_hours_is_said_and_not_waited()
    {
        using HostileServer server = After(1, "429 Too Many Requests", "Retry-After: 7200");
        using FetchTrial trial = new();
        Assert.Contains("asks to wait 120 minutes", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
        Assert.Empty(trial.Clock.Waits);
    }

    [Theory]
    [InlineData("500 Internal Server Error"), InlineData("502 Bad Gateway"), InlineData("504 Gateway Timeout"), InlineData("408 Request Timeout")]
    public void A_server_in_trouble_is_asked_again_after_doubling_waits(string status)
    {
        using HostileServer server = After(4, status);
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);
        trial.Has("text.txt", Content);
        Assert.Equal(4, trial.Clock.Waits.Count);
        for (int i = 0; i < 4; i++)
            Assert.InRange(trial.Clock.Waits[i].TotalSeconds, (1 << i) / 2.0, 1 << i);
    }

    [Fact]
    public void In_the_end_it_is_given_up()
    {
        using HostileServer server = After(int.MaxValue, "500 Internal Server Error");
        using FetchTrial trial = new();
        Assert.Contains("answered 500, 8 times", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
        Assert.Equal(8, server.Requests.Count);
    }

    [Theory]
    [InlineData("404 Not Found", "does not exist"), InlineData("403 Forbidden", "may not be read"), InlineData("400 Bad Request", "answered 400")]
    public void A_no_is_taken_at_once(string status, string sentence)
    {
        using HostileServer server = After(int.MaxValue, status);
        using FetchTrial trial = new();
        Assert.Contains(sentence, trial.Refusal(server["text.txt?token=geheim"]), StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.DoesNotContain("geheim", trial.Refusal(server["text.txt?token=geheim"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_is_said_soon()
    {
        using TcpListener nobody = new(IPAddress.Loopback, 0);
        nobody.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)nobody.LocalEndpoint).Port}/text.txt";
        nobody.Stop();
        using FetchTrial trial = new();
        Assert.Contains("could not be reached", trial.Refusal(address), StringComparison.Ordinal);
        Assert.Equal(2, trial.Clock.Waits.Count);
    }

    [Theory]
    [InlineData("Retry-After: 0"), InlineData("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT")]
    public void A_server_that_asks_for_no_wait_does_not_use_up_the_attempts_at_once(string header)
    {
        using HostileServer server = After(4, "503 Service Unavailable", header);
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);
        Assert.Equal(4, trial.Clock.Waits.Count);
        for (int i = 0; i < 4; i++)
            Assert.InRange(trial.Clock.Waits[i].TotalSeconds, (1 << i) / 2.0, 1 << i);
    }
}
