using System.Text;

namespace Cria.Data.Tests.Fetching;

/// <summary>Servers that answer at random: what comes is the file, or a sentence.</summary>
public sealed class FetchFuzzTests
{
    static readonly string[] Statuses =
        ["200 OK", "206 Partial Content", "302 Found", "304 Not Modified", "404 Not Found", "416 Range Not Satisfiable", "429 Too Many Requests", "500 Oops", "999 ?"];

    static readonly string[] Headers =
    [
        "ETag: \"v1\"", "ETag: \"v2\"", "ETag: W/\"v1\"", "ETag: v1", "Content-Encoding: gzip", "Content-Type: text/html", "Content-Type: %",
        "Retry-After: 3", "Retry-After: soon", "Retry-After: -5", "Location: /text.txt", "Location: http://", "Location: ", "Location: //[bad", "Accept-Ranges: none",
        "Transfer-Encoding: chunked", "Last-Modified: yesterday", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT", "Content-Range: bytes 0-9/10",
        "Content-Range: bytes */*", "Content-Range: bytes 9-0/10", "Content-Range: bytes 0-9999999999999999999/5", "Content-Length: -1", "Link: <",
    ];

    [Theory]
    [InlineData(0, 25)]
    [InlineData(1000, 500)]
    public void Whatever_a_server_says_the_file_comes_or_a_sentence(int firstSeed, int seeds)
    {
        Assert.SkipUnless(firstSeed == 0 || Environment.GetEnvironmentVariable("CRIA_SLOW") == "1", "slow; CRIA_SLOW=1 runs it");
        byte[] content = FetchTrial.Content(30_000);
        int whole = 0;
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            byte[] chances = FetchTrial.Content(1 << 12, seed);
            int next = 0;
            int Chance(int below) => chances[next++ % chances.Length] % below;
            using HostileServer server = new(async (request, reply) =>
            {
                if (Chance(3) == 0)
                {
                    await reply.FileAsync(request, content, "\"v1\"");
                    return;
                }

                if (Chance(3) == 0 && request.Range is { } range && range.First < content.Length)
                {
                    await reply.CutFileAsync(request, content, "\"v1\"", after: Chance(256) * 100);
                    return;
                }

                int length = Chance(4) == 0 ? content.Length : Chance(256) * 16;
                StringBuilder head = new($"HTTP/1.1 {Statuses[Chance(Statuses.Length)]}\r\n");
                if (Chance(4) > 0)
                    head.Append($"Content-Length: {(Chance(4) == 0 ? Chance(256) : length)}\r\n");
                for (int i = Chance(5); i > 0; i--)
                    head.Append(Headers[Chance(Headers.Length)]).Append("\r\n");
                await reply.TextAsync(head.Append("\r\n").ToString());
                await reply.BytesAsync(content[..Math.Min(length, content.Length)]);
                reply.Cut();
            });
            using FetchTrial trial = new();
            trial.Options = trial.Options with { PieceBytes = 7000, UnknownLengthBytes = 1_000_000 };
            try
            {
                trial.Fetch(server["text.txt"] + "#sha256=" + FetchTrial.Hash(content));
                trial.Has("text.txt", content);
                whole++;
            }
            catch (DataException e)
            {
                Assert.False(File.Exists(trial["text.txt"]), $"seed {seed}: {e.Message}");
                Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(whole, 1, seeds - 1);
    }
}
