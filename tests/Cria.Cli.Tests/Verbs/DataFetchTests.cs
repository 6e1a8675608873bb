using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Cria.Cli.Tests.Verbs;

public sealed class DataFetchTests
{
    const int Length = 3_000_000;

    [Fact]
    public void An_interrupted_fetch_ends_with_130_and_goes_on_the_next_time()
    {
        using TemporaryFolder folder = new();
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/books.txt", file = folder["books.txt"];
        _ = Task.Run(() => AnswerAsync(server, bytes: 1_000_000));
        using (CriaProcess process = CriaProcess.Start("data", "fetch", address, "--out", folder.Root))
        {
            WaitFor(() => File.Exists(file + ".part") && new FileInfo(file + ".part").Length == Length);
            process.Signal(Interruption.Interrupt);
            (int code, string output, string error) = process.Finish();
            Assert.Equal(130, code);
            Assert.Empty(output);
            Assert.Contains("interrupted", error, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(file + ".part.json"));
        Assert.False(File.Exists(file));
        using JsonDocument state = JsonDocument.Parse(File.ReadAllText(file + ".part.json"));
        int there = state.RootElement.GetProperty("pieces")[0][2].GetInt32();
        _ = Task.Run(() => AnswerAsync(server, bytes: Length));
        using JsonDocument report = JsonDocument.Parse(CriaProcess.Succeed("data", "fetch", address, "--out", folder.Root, "--json"));
        JsonElement fetched = report.RootElement.GetProperty("files")[0];
        Assert.Equal(("books.txt", Length), (fetched.GetProperty("file").GetString(), fetched.GetProperty("bytes").GetInt32()));
        Assert.Equal(Length - there, report.RootElement.GetProperty("bytes_fetched").GetInt32());
        Assert.Equal(new string('x', Length), File.ReadAllText(file));
        Assert.False(File.Exists(file + ".part"));
    }

    [Theory]
    [InlineData("did you mean 'tinyshakespeare'?", "tinyshakespear")]
    [InlineData("a SOURCE is missing")]
    [InlineData("--config is for datasets on the hub", "tinyshakespeare", "--config", "x")]
    [InlineData("not for datasets on the hub", "hf:a/b", "--unpack", "*")]
    public void Wrong_use_is_said_with_what_was_expected(string sentence, params string[] arguments)
    {
        (int code, _, string error) = CriaProcess.Run(["data", "fetch", .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_says_what_was_tried()
    {
        using JsonDocument list = JsonDocument.Parse(CriaProcess.Succeed("data", "fetch", "--list", "--json"));
        Assert.Contains(list.RootElement.GetProperty("corpora").EnumerateArray(),
            corpus => corpus.GetProperty("name").GetString() == "openwebtext" && !corpus.GetProperty("tried").GetBoolean());
        Assert.Contains("untried", CriaProcess.Succeed("data", "fetch", "--list"), StringComparison.Ordinal);
    }

    static void WaitFor(Func<bool> isSo)
    {
        for (int i = 0; i < 1500 && !isSo(); i++)
            Thread.Sleep(20);
        Assert.True(isSo());
    }

    /// <summary>Answers one request for a range of a file of x, and falls silent after so many of its bytes.</summary>
    static async Task AnswerAsync(TcpListener server, int bytes)
    {
        using TcpClient client = await server.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[1 << 14];
        string request = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
        int first = int.Parse(request.Split("bytes=")[1].Split('-')[0]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 206 Partial Content\r\nETag: \"1\"\r\nContent-Length: {Length - first}\r\nContent-Range: bytes {first}-{Length - 1}/{Length}\r\n\r\n"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(new string('x', Math.Min(bytes, Length - first))));
        int rest = await stream.ReadAsync(buffer);
        Assert.Equal(0, rest); // the other side has closed
    }
}
