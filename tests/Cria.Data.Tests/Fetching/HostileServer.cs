using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cria.Data.Tests.Fetching;

/// <summary>A server of one test on this machine, which says exactly the bytes that it is told to, in HTTP or not.</summary>
sealed class HostileServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _closing = new();
    readonly Func<HostileRequest, HostileReply, Task> _answer;

    public HostileServer(Func<HostileRequest, HostileReply, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = AcceptAsync();
    }

    /// <summary>A server of one file that keeps all rules.</summary>
    public static HostileServer OfFile(byte[] content, string etag = "\"v1\"") => new((request, reply) => reply.FileAsync(request, content, etag));

    public Uri Address { get; }

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<HostileRequest> Requests { get; } = new();

    public string this[string path] => new Uri(Address, path).AbsoluteUri;

    public void Dispose()
    {
        _closing.Cancel();
        _listener.Dispose();
        _closing.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_closing.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                while (await HostileRequest.ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    HostileReply reply = new(stream, _closing.Token);
                    await _answer(request, reply);
                    if (reply.IsCut)
                        return;
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
            }
        }
    }
}

/// <summary>One request.</summary>
sealed record HostileRequest(string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);

    /// <summary>The range that is asked for, both ends counted.</summary>
    public (long First, long Last)? Range
    {
        get
        {
            if (this["Range"] is not { } text)
                return null;
            string[] ends = text["bytes=".Length..].Split('-');
            return (long.Parse(ends[0]), long.Parse(ends[1]));
        }
    }

    public static async Task<HostileRequest?> ReadAsync(Stream stream)
    {
        byte[] bytes = new byte[1 << 14];
        int length = 0;
        while (!bytes.AsSpan(0, length).EndsWith("\r\n\r\n"u8)) // clients wait for the answer before they ask again
        {
            int count = await stream.ReadAsync(bytes.AsMemory(length));
            if (count == 0)
                return null;
            length += count;
        }

        string[] lines = Encoding.ASCII.GetString(bytes, 0, length).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return new HostileRequest(
            lines[0].Split(' ')[1],
            lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>What is said back.</summary>
sealed class HostileReply(Stream stream, CancellationToken closing)
{
    /// <summary>Whether the connection ends with this answer.</summary>
    public bool IsCut { get; private set; }

    public Task TextAsync(string text) => BytesAsync(Encoding.ASCII.GetBytes(text));

    public Task BytesAsync(byte[] bytes) => stream.WriteAsync(bytes, closing).AsTask();

    /// <summary>The status line and headers, and the length of what follows.</summary>
    public Task HeadAsync(string status, long length, params string[] headers) =>
        TextAsync($"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    /// <summary>A whole answer.</summary>
    public async Task AnswerAsync(string status, byte[] body, params string[] headers)
    {
        await HeadAsync(status, body.Length, headers);
        await BytesAsync(body);
    }

    public Task RedirectAsync(string to, string status = "302 Found") => AnswerAsync(status, [], $"Location: {to}");

    /// <summary>A file as the rules want it: ranges, If-Range, 416.</summary>
    public Task FileAsync(HostileRequest request, byte[] content, string etag)
    {
        bool isSame = request["If-Range"] is null || request["If-Range"] == etag;
        if (request.Range is not { } range || !isSame)
            return AnswerAsync("200 OK", content, $"ETag: {etag}");
        if (range.First >= content.Length)
            return AnswerAsync("416 Range Not Satisfiable", [], $"Content-Range: bytes */{content.Length}");
        long last = Math.Min(range.Last, content.Length - 1);
        return AnswerAsync("206 Partial Content", content[(int)range.First..(int)(last + 1)],
            $"ETag: {etag}", $"Content-Range: bytes {range.First}-{last}/{content.Length}");
    }

    /// <summary>The same, its body ending after so many bytes.</summary>
    public async Task CutFileAsync(HostileRequest request, byte[] content, string etag, int after)
    {
        (long first, long asked) = request.Range!.Value;
        long last = Math.Min(asked, content.Length - 1);
        await HeadAsync("206 Partial Content", last - first + 1, $"ETag: {etag}", $"Content-Range: bytes {first}-{last}/{content.Length}");
        await BytesAsync(content[(int)first..(int)Math.Min(last + 1, first + after)]);
        Cut();
    }

    /// <summary>Says nothing more, and holds the connection.</summary>
    public Task StallAsync() => Task.Delay(Timeout.Infinite, closing);

    public void Cut() => IsCut = true;
}
