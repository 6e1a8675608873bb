using System.Text;
using Cria.Data.Fetching;

namespace Cria.Data.Tests.Fetching;

public sealed class HostileAnswerTests
{
    static readonly byte[] Content = FetchTrial.Content(200_000);

    [Fact]
    public void A_server_that_stalls_is_left_and_asked_again()
    {
        int requests = 0;
        using HostileServer server = new(async (request, reply) =>
        {
            if (++requests > 1)
            {
                await reply.FileAsync(request, Content, "\"v1\"");
                return;
            }

            await reply.HeadAsync("206 Partial Content", Content.Length, "ETag: \"v1\"", $"Content-Range: bytes 0-{Content.Length - 1}/{Content.Length}");
            await reply.BytesAsync(Content[..50_000]);
            await reply.StallAsync();
        });
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);
        trial.Has("text.txt", Content);
        Assert.Contains("next to nothing", Assert.Single(trial.Said), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_drips_is_as_good_as_stalled()
    {
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.HeadAsync("200 OK", Content.Length);
            while (true)
            {
                await reply.BytesAsync([1]);
                await Task.Delay(20);
            }
        });
        using FetchTrial trial = new();
        trial.Options = trial.Options with { Patience = trial.Options.Patience with { Retries = 1 } };
        Assert.Contains("next to nothing", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
        Assert.Equal([".cria-fetch.lock"], Directory.EnumerateFiles(trial.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Headers_that_never_end_are_not_waited_for()
    {
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.TextAsync("HTTP/1.1 200 OK\r\n");
            for (int i = 0; ; i++)
            {
                await reply.TextAsync($"X-{i}: y\r\n");
                await Task.Delay(20);
            }
        });
        using FetchTrial trial = new();
        trial.Options = trial.Options with { Patience = trial.Options.Patience with { Retries = 0, RetriesUnreached = 0 } };
        Assert.Contains("did not answer within 0.4 s", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_of_megabytes_are_refused()
    {
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.TextAsync("HTTP/1.1 200 OK\r\n");
            while (true)
                await reply.TextAsync($"X: {new string('y', 8000)}\r\n");
        });
        using FetchTrial trial = new();
        trial.Options = trial.Options with { Patience = trial.Options.Patience with { Retries = 0, RetriesUnreached = 0 } };
        Assert.Contains("127.0.0.1 broke off", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_without_an_end_is_cut_at_the_limit()
    {
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.TextAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true)
            {
                await reply.TextAsync("10000\r\n");
                await reply.BytesAsync(new byte[0x10000]);
                await reply.TextAsync("\r\n");
            }
        });
        using FetchTrial trial = new();
        trial.Options = trial.Options with { UnknownLengthBytes = 1_000_000 };
        Assert.Contains("without saying how many", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
        Assert.False(File.Exists(trial["text.txt.part"]));
    }

    [Fact]
    public void A_length_that_is_not_said_is_no_fault()
    {
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.TextAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Content.Length:x}\r\n");
            await reply.BytesAsync(Content);
            await reply.TextAsync("\r\n0\r\n\r\n");
        });
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);
        trial.Has("text.txt", Content);
    }

    [Fact]
    public void A_length_that_is_too_long_ends_in_a_sentence()
    {
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.HeadAsync("200 OK", Content.Length + 1000);
            await reply.BytesAsync(Content);
            reply.Cut();
        });
        using FetchTrial trial = new();
        trial.Options = trial.Options with { Patience = trial.Options.Patience with { Retries = 2 } };
        string refusal = trial.Refusal(server["text.txt"]);
        Assert.Contains($"broke off after {Content.Length} bytes, 3 times", refusal, StringComparison.Ordinal);
        Assert.False(File.Exists(trial["text.txt"]));
    }

    [Fact]
    public void A_length_that_is_too_short_is_found_by_the_hash()
    {
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.HeadAsync("200 OK", Content.Length - 1000);
            await reply.BytesAsync(Content);
            reply.Cut();
        });
        using FetchTrial trial = new();
        string refusal = trial.Refusal(server["text.txt"] + "#sha256=" + FetchTrial.Hash(Content));
        Assert.Contains(FetchTrial.Hash(Content), refusal, StringComparison.Ordinal);
        Assert.Contains("3 times", refusal, StringComparison.Ordinal);
        Assert.False(File.Exists(trial["text.txt"]));
        Assert.False(File.Exists(trial["text.txt.part"]));
    }

    [Theory]
    [InlineData("bytes 5-99/200000")] // begins elsewhere
    [InlineData("bytes 0-1999999/2000000")] // is longer than asked
    [InlineData("bytes 0-99/50")] // ends behind the file
    [InlineData("bytes 0-99/*")] // the whole is not known
    [InlineData("lines 0-99/200000")]
    [InlineData("nonsense")]
    public void A_range_that_was_not_asked_for_is_refused(string range)
    {
        using HostileServer server = new((request, reply) =>
            reply.AnswerAsync("206 Partial Content", Content[..100], "ETag: \"v1\"", $"Content-Range: {range}"));
        using FetchTrial trial = new();
        Assert.Contains("were asked for", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_whose_length_is_another_is_refused()
    {
        using HostileServer server = new((request, reply) =>
            reply.AnswerAsync("206 Partial Content", Content[..50], "ETag: \"v1\"", $"Content-Range: bytes 0-99/100"));
        using FetchTrial trial = new();
        Assert.Contains("says 50 bytes for the range", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_416_for_a_file_that_is_not_empty_ends_in_a_sentence()
    {
        using HostileServer server = new((request, reply) => reply.AnswerAsync("416 Range Not Satisfiable", [], "Content-Range: bytes */77"));
        using FetchTrial trial = new();
        Assert.Contains("416", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_416_in_the_middle_begins_anew()
    {
        int requests = 0;
        using HostileServer server = new((request, reply) => ++requests switch
        {
            1 => reply.CutFileAsync(request, Content, "\"v1\"", after: 1000),
            2 => reply.AnswerAsync("416 Range Not Satisfiable", [], "Content-Range: bytes */0"),
            _ => reply.FileAsync(request, Content, "\"v1\""),
        });
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);
        trial.Has("text.txt", Content);
    }

    [Fact]
    public void A_packed_answer_is_refused_except_for_a_file_that_is_packed_itself()
    {
        using HostileServer server = new((request, reply) => reply.AnswerAsync("200 OK", Content, "Content-Encoding: gzip"));
        using FetchTrial trial = new();
        Assert.Contains("packed (gzip)", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
        trial.Fetch(server["text.jsonl.gz"]);
        trial.Has("text.jsonl.gz", Content);
        Assert.All(server.Requests, request => Assert.Equal("identity", request["Accept-Encoding"]));
    }

    [Fact]
    public void A_login_page_is_no_file_unless_a_page_was_asked_for()
    {
        byte[] page = Encoding.ASCII.GetBytes("<html>log in");
        using HostileServer server = new((request, reply) => reply.AnswerAsync("200 OK", page, "Content-Type: text/html; charset=utf-8"));
        using FetchTrial trial = new();
        Assert.Contains("web page", trial.Refusal(server["text.parquet"]), StringComparison.Ordinal);
        trial.Fetch(server["alice.html"]);
        trial.Has("alice.html", page);
    }

    [Fact]
    public void A_wrong_hash_leaves_nothing_behind()
    {
        using HostileServer server = HostileServer.OfFile(Content);
        using FetchTrial trial = new();
        string wanted = new('0', 64);
        string refusal = trial.Refusal(server["text.txt"] + "#sha256=" + wanted);
        Assert.Contains(wanted, refusal, StringComparison.Ordinal);
        Assert.Contains(FetchTrial.Hash(Content), refusal, StringComparison.Ordinal);
        Assert.Equal([".cria-fetch.lock"], Directory.EnumerateFiles(trial.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Something_that_is_no_http_ends_in_a_sentence()
    {
        using HostileServer server = new(async (request, reply) =>
        {
            await reply.TextAsync("220 mail.example ESMTP\r\n\r\n");
            reply.Cut();
        });
        using FetchTrial trial = new();
        Assert.Contains("127.0.0.1", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_said_before_anything_comes()
    {
        using HostileServer server = HostileServer.OfFile(Content);
        using FetchTrial trial = new();
        trial.Options = trial.Options with { FreeBytes = _ => 1000 };
        Assert.Contains("1000 bytes free, and 200000 are to come", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
    }

    static async Task ChunkedAsync(HostileReply reply, string head, byte[] body)
    {
        await reply.TextAsync($"HTTP/1.1 {head}\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n");
        await reply.BytesAsync(body);
        await reply.TextAsync("\r\n0\r\n\r\n");
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(5000)]
    public async Task A_body_that_goes_on_behind_the_length_the_hub_states_is_not_cut_and_taken(int more)
    {
        byte[] content = Content[..1000];
        using HostileServer server = new((request, reply) => ChunkedAsync(reply, "200 OK", Content[..(1000 + more)]));
        using FetchTrial trial = new();
        WantedFile wanted = new("text.txt", new Uri(server["text.txt"]), Bytes: content.Length);
        using Transfer transfer = new(trial.Options, trial.Folder, trial.Progress);
        Directory.CreateDirectory(trial.Folder);
        SourceRecord record = SourceRecord.Open(trial.Folder, new FoundCorpus("urls", null, null, null, [wanted]));
        Task<FetchedFile> fetch = new FileDownload(transfer, wanted, trial.Folder, record).RunAsync(default);
        if (more == 0)
        {
            await fetch;
            trial.Has("text.txt", content);
            return;
        }

        DataException refusal = await Assert.ThrowsAsync<DataException>(() => fetch);
        Assert.Contains("more of text.txt than its 1000 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(trial["text.txt"]) || File.Exists(trial["text.txt.part"]));
    }

    [Fact]
    public void A_range_that_goes_on_behind_its_end_is_refused()
    {
        using HostileServer server = new((request, reply) =>
            ChunkedAsync(reply, "206 Partial Content\r\nETag: \"v1\"\r\nContent-Range: bytes 0-99/100", Content[..101]));
        using FetchTrial trial = new();
        Assert.Contains("than the bytes 0-99 that were asked for", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
        Assert.False(File.Exists(trial["text.txt"]));
    }
}
