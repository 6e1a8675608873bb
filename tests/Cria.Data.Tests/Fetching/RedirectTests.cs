namespace Cria.Data.Tests.Fetching;

public sealed class RedirectTests
{
    static readonly byte[] Content = FetchTrial.Content(5000);

    [Theory]
    [InlineData("301 Moved Permanently"), InlineData("302 Found"), InlineData("303 See Other"), InlineData("307 Temporary Redirect"), InlineData("308 Permanent Redirect")]
    public void Redirections_are_followed_and_the_name_stays(string status)
    {
        using HostileServer server = new((request, reply) => request.Path == "/text.txt"
            ? reply.RedirectAsync("/elsewhere/..%2f..%2fetc/passwd", status)
            : reply.FileAsync(request, Content, "\"v1\""));
        using FetchTrial trial = new();
        trial.Fetch(server["text.txt"]);
        trial.Has("text.txt", Content);
    }

    [Fact]
    public void The_token_goes_to_the_hub_and_to_nobody_else()
    {
        using HostileServer other = HostileServer.OfFile(Content);
        using HostileServer hub = new((request, reply) => request.Path == "/a.txt" ? reply.RedirectAsync("/b") : reply.RedirectAsync(other["signed"]));
        using FetchTrial trial = new();
        trial.Options = trial.Options with { Endpoint = hub.Address, Token = "hf_secret" };
        trial.Fetch(hub["a.txt"]);
        trial.Has("a.txt", Content);
        Assert.Equal(2, hub.Requests.Count);
        Assert.All(hub.Requests, request => Assert.Equal("Bearer hf_secret", request["Authorization"]));
        Assert.All(other.Requests, request => Assert.Null(request["Authorization"]));
        Assert.DoesNotContain("secret", string.Concat(Directory.EnumerateFiles(trial.Folder).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_does_not_travel_in_the_clear()
    {
        using FetchTrial trial = new();
        trial.Options = trial.Options with { Endpoint = new Uri("http://hub.example"), Token = "hf_secret" };
        Assert.Contains("not encrypted", trial.Refusal("hf:ada/books"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_ends_in_a_sentence()
    {
        using HostileServer server = new((request, reply) => reply.RedirectAsync("/text.txt"));
        using FetchTrial trial = new();
        Assert.Contains("more than 10 times", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
        Assert.Equal(11, server.Requests.Count);
    }

    [Theory]
    [InlineData("file:///etc/passwd", "redirects to file:")]
    [InlineData("ftp://example.org/x", "redirects to ftp:")]
    public void Other_kinds_of_addresses_are_not_followed(string to, string sentence)
    {
        using HostileServer server = new((request, reply) => reply.RedirectAsync(to));
        using FetchTrial trial = new();
        Assert.Contains(sentence, trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirection_to_nowhere_ends_in_a_sentence()
    {
        using HostileServer server = new((request, reply) => reply.AnswerAsync("302 Found", []));
        using FetchTrial trial = new();
        Assert.Contains("without saying where to", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//[bad"), InlineData("http://a:b:c/"), InlineData("https://[::")]
    public void A_redirection_to_no_address_ends_in_a_sentence(string location)
    {
        using HostileServer server = new((request, reply) => reply.RedirectAsync(location));
        using FetchTrial trial = new();
        Assert.EndsWith("check the address.", trial.Refusal(server["text.txt"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://ada:geheim@127.0.0.1/"), InlineData("https://127.0.0.1/?token=geheim"), InlineData("https://127.0.0.1/#geheim")]
    public void A_hub_whose_address_holds_a_secret_is_not_asked_and_the_secret_not_shown(string endpoint)
    {
        using FetchTrial trial = new();
        trial.Options = trial.Options with { Endpoint = new Uri(endpoint) };
        string refusal = trial.Refusal("hf:ada/books");
        Assert.Contains("leave", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", refusal, StringComparison.Ordinal);
        Assert.False(Directory.Exists(trial.Folder));
    }
}
