using System.Text.Json;
using System.Text.Json.Nodes;
using Cria.Data.Fetching;

namespace Cria.Data.Tests.Fetching;

public sealed class HubTests : IDisposable
{
    readonly FakeHub _hub = new();
    readonly FetchTrial _trial = new();

    public HubTests() => _trial.Options = _trial.Options with { Endpoint = _hub.Address };

    public void Dispose()
    {
        _hub.Dispose();
        _trial.Dispose();
    }

    byte[] Add(string path)
    {
        byte[] content = FetchTrial.Content(3000 + _hub.Files.Count, seed: _hub.Files.Count);
        _hub.Files.Add(path, content);
        return content;
    }

    [Fact]
    public void A_dataset_comes_by_commit_split_by_split_over_all_pages()
    {
        byte[] readme = Add("README.md");
        byte[][] train = [Add("data/train-00000-of-00002.parquet"), Add("data/train-00001-of-00002.parquet")];
        byte[] validation = Add("data/validation-00000-of-00001-ab2b35705f029d94.parquet");
        FetchReport report = _trial.Fetch("hf:ada/books");

        Assert.Equal(("hf:ada/books", FakeHub.Commit, "mit"), (report.Source, report.Revision, report.Licence));
        Assert.Equal(["train", "train", "validation"], report.Files.Select(file => file.Split));
        _trial.Has("train/train-00000-of-00002.parquet", train[0]);
        _trial.Has("train/train-00001-of-00002.parquet", train[1]);
        _trial.Has("validation/validation-00000-of-00001-ab2b35705f029d94.parquet", validation);
        Assert.All(_hub.Asked.Where(request => request.Path.Contains("/resolve/", StringComparison.Ordinal)),
            request => Assert.Contains(FakeHub.Commit, request.Path, StringComparison.Ordinal));

        using JsonDocument record = JsonDocument.Parse(File.ReadAllText(_trial["SOURCE.json"]));
        JsonElement first = record.RootElement.GetProperty("files")[0];
        Assert.Equal(FakeHub.Commit, record.RootElement.GetProperty("revision").GetString());
        Assert.Equal("mit", record.RootElement.GetProperty("licence").GetString());
        Assert.Equal("train/train-00000-of-00002.parquet", first.GetProperty("file").GetString());
        Assert.Equal(FetchTrial.Hash(train[0]), first.GetProperty("sha256").GetString());
        Assert.Equal(train[0].Length, first.GetProperty("bytes").GetInt64());
    }

    [Theory]
    [InlineData("hf:ada/books:validation"), InlineData("hf:ada/books@v1:validation"), InlineData("hf:ada/books@" + FakeHub.Commit + ":validation")]
    public void One_split_of_one_revision_can_be_chosen(string source)
    {
        Add("data/train-00000-of-00001.parquet");
        byte[] validation = Add("data/validation-00000-of-00001.parquet");
        Assert.Equal(validation.Length, Assert.Single(_trial.Fetch(source).Files).Bytes);
    }

    [Fact]
    public void The_cards_own_configurations_come_before_names()
    {
        Add("sample/10BT/000_00000.parquet");
        Add("sample/10BT/001_00000.parquet");
        Add("data/CC-MAIN-2013-20/train-00000-of-00014.parquet");
        _hub.Card["configs"] = JsonNode.Parse("""
            [{"config_name":"default","data_files":[{"split":"train","path":"data/*/*"}]},
             {"config_name":"sample-10BT","data_files":[{"split":"train","path":["sample/10BT/*"]}]}]
            """);
        FetchRequest request = FetchRequest.Parse(["hf:ada/books"]);
        request = request with { Hub = request.Hub! with { Config = "sample-10BT" } };
        Assert.Equal(["train/000_00000.parquet", "train/001_00000.parquet"], _trial.Fetch(request).Files.Select(file => file.File));
    }

    [Fact]
    public void A_card_may_say_which_configuration_is_meant()
    {
        Add("a/x.parquet");
        Add("b/y.parquet");
        _hub.Card["configs"] = JsonNode.Parse("""[{"config_name":"a","data_files":"a/*"},{"config_name":"b","default":true,"data_dir":"b"}]""");
        Assert.Equal("train/y.parquet", Assert.Single(_trial.Fetch("hf:ada/books").Files).File);
    }

    [Fact]
    public void Of_several_configurations_one_must_be_chosen()
    {
        Add("wikitext-2-raw-v1/test-00000-of-00001.parquet");
        Add("wikitext-2-raw-v1/train-00000-of-00001.parquet");
        Add("wikitext-103-raw-v1/train-00000-of-00001.parquet");
        Assert.Contains("--config: wikitext-2-raw-v1, wikitext-103-raw-v1", _trial.Refusal("hf:ada/books"), StringComparison.Ordinal);

        FetchRequest request = FetchRequest.Parse(["hf:ada/books:train"]);
        FetchRequest wrong = request with { Hub = request.Hub! with { Config = "wikitext" } };
        Assert.Contains("no configuration \"wikitext\"", Assert.Throws<DataException>(() => _trial.Fetch(wrong)).Message, StringComparison.Ordinal);
        request = request with { Hub = request.Hub! with { Config = "wikitext-2-raw-v1" } };
        Assert.Equal("train/train-00000-of-00001.parquet", Assert.Single(_trial.Fetch(request).Files).File);
    }

    [Fact]
    public void Without_parquet_the_hubs_own_conversion_is_taken()
    {
        Add("books.py");
        _hub.Converted.Add("plain_text/partial-train/0000.parquet", FetchTrial.Content(100));
        _hub.Converted.Add("plain_text/partial-train/0001.parquet", FetchTrial.Content(200));
        _hub.Converted.Add("plain_text/test/0000.parquet", FetchTrial.Content(300));
        FetchReport report = _trial.Fetch("hf:ada/books");
        Assert.Equal(FakeHub.ConvertedCommit, report.Revision);
        Assert.Equal(["train/0000.parquet", "train/0001.parquet", "test/0000.parquet"], report.Files.Select(file => file.File));
        Assert.Contains(_trial.Said, sentence => sentence.Contains("first 5 GB", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_any_parquet_the_kinds_of_files_are_named_and_a_pattern_fetches_them()
    {
        Add("10M/aochildes.train");
        Add("10M/bnc_spoken.train");
        Add("dev/aochildes.dev");
        string refusal = _trial.Refusal("hf:ada/books");
        Assert.Contains(".train, .dev: choose files with --files", refusal, StringComparison.Ordinal);

        FetchRequest request = FetchRequest.Parse(["hf:ada/books"]);
        request = request with { Hub = request.Hub! with { Files = "10M/*" } };
        Assert.Equal(["train/aochildes.train", "train/bnc_spoken.train"], _trial.Fetch(request).Files.Select(file => file.File));
        request = request with { Hub = request.Hub! with { Files = "*.csv" } };
        Assert.Contains("matches none of the 3 files", Assert.Throws<DataException>(() => _trial.Fetch(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_the_same_name_keep_their_folders()
    {
        Add("a/part.parquet");
        Add("b/part.parquet");
        Assert.Equal(["train/a/part.parquet", "train/b/part.parquet"], _trial.Fetch("hf:ada/books").Files.Select(file => file.File));
    }

    [Fact]
    public void A_gated_dataset_names_the_token_and_the_page()
    {
        Add("train.parquet");
        _hub.Gate = "hf_right";
        string page = $"{_hub.Address}datasets/ada/books";
        string without = _trial.Refusal("hf:ada/books");
        Assert.Contains(page, without, StringComparison.Ordinal);
        Assert.Contains("HF_TOKEN", without, StringComparison.Ordinal);

        _trial.Options = _trial.Options with { Token = "hf_wrong" };
        string wrong = _trial.Refusal("hf:ada/books");
        Assert.Contains("accept its licence", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_wrong", wrong, StringComparison.Ordinal);

        _trial.Options = _trial.Options with { Token = "hf_right" };
        _trial.Fetch("hf:ada/books");
        Assert.NotEmpty(_hub.AskedOfStorage);
        Assert.All(_hub.AskedOfStorage, request => Assert.Null(request["Authorization"]));
    }

    [Fact]
    public void What_is_not_there_is_answered_with_what_is_near()
    {
        Add("data/train-00000-of-00001.parquet");
        Assert.Contains("did you mean hf:ada/books?", _trial.Refusal("hf:ada/book"), StringComparison.Ordinal);
        Assert.Contains("no revision \"v2\"", _trial.Refusal("hf:ada/books@v2"), StringComparison.Ordinal);
        Assert.Contains("no split \"dev\"; it has train", _trial.Refusal("hf:ada/books:dev"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_trial.Folder), "a refused request leaves no folder");
    }

    [Fact]
    public void A_hash_that_the_hub_does_not_keep_leaves_no_file()
    {
        Add("train.parquet");
        _hub.HashSaid = _ => new string('a', 64);
        Assert.Contains(new string('a', 64), _trial.Refusal("hf:ada/books"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_trial["train"]));
    }

    [Theory]
    [InlineData("../../etc/passwd.parquet"), InlineData("/etc/train.parquet"), InlineData("a/../../train.parquet"), InlineData("C:\\train.parquet")]
    [InlineData("a\nb.parquet"), InlineData("CON.parquet"), InlineData("x./train.parquet")]
    public void A_path_that_leaves_the_folder_is_refused(string path)
    {
        Add(path);
        Assert.Contains("such names are not written", _trial.Refusal("hf:ada/books"), StringComparison.Ordinal);
        Assert.DoesNotContain(_hub.Asked, request => request.Path.Contains("/resolve/", StringComparison.Ordinal));
        Assert.False(Directory.Exists(_trial.Folder));
    }

    [Theory]
    [InlineData("<html>", "no JSON"), InlineData("{}", "no commit"), InlineData("{\"sha\":\"../../x\"}", "no commit"), InlineData("[]", "no commit")]
    public void A_server_that_is_no_hub_ends_in_a_sentence(string body, string sentence)
    {
        using HostileServer server = new((request, reply) => reply.AnswerAsync("200 OK", System.Text.Encoding.ASCII.GetBytes(body)));
        _trial.Options = _trial.Options with { Endpoint = server.Address };
        Assert.Contains(sentence, _trial.Refusal("hf:ada/books"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "no list")]
    [InlineData("[{\"type\":\"file\",\"size\":5}]", "without a path")]
    [InlineData("[{\"type\":\"file\",\"path\":\"a.parquet\"}]", "no size")]
    [InlineData("[{\"type\":\"file\",\"path\":\"a.parquet\",\"size\":-1}]", "cannot be")]
    [InlineData("[{\"type\":\"file\",\"path\":\"a.parquet\",\"size\":1,\"lfs\":{\"oid\":\"xyz\",\"size\":1}}]", "cannot be")]
    public void A_list_of_files_that_cannot_be_ends_in_a_sentence(string body, string sentence)
    {
        using HostileServer server = new((request, reply) => reply.AnswerAsync("200 OK", System.Text.Encoding.ASCII.GetBytes(
            request.Path.Contains("/tree/", StringComparison.Ordinal) ? body : $"{{\"sha\":\"{FakeHub.Commit}\"}}")));
        _trial.Options = _trial.Options with { Endpoint = server.Address };
        Assert.Contains(sentence, _trial.Refusal("hf:ada/books"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/elsewhere?page=2")]
    [InlineData("/api/datasets/ada/books/tree/" + FakeHub.Commit + "?recursive=true")]
    public void Pages_that_lead_away_or_never_end_are_left(string next)
    {
        using HostileServer server = new((request, reply) => request.Path.Contains("/tree/", StringComparison.Ordinal)
            ? reply.AnswerAsync("200 OK", "[]"u8.ToArray(), $"Link: <{next}>; rel=\"next\"")
            : reply.AnswerAsync("200 OK", System.Text.Encoding.ASCII.GetBytes($"{{\"sha\":\"{FakeHub.Commit}\"}}")));
        _trial.Options = _trial.Options with { Endpoint = server.Address };
        Assert.Contains("without an end", _trial.Refusal("hf:ada/books"), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Path.Contains("elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_that_differ_in_capitals_only_are_refused()
    {
        Add("a/x.parquet");
        Add("A/X.parquet");
        Assert.Contains("capitals", _trial.Refusal("hf:ada/books"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<ADDRESS>; rel=next"), InlineData("<ADDRESS&marks=a,b>; rel=\"next\"")]
    public void No_spelling_of_the_next_page_ends_the_list_early(string link)
    {
        for (int i = 0; i < 5; i++)
            Add($"data/train-0000{i}-of-00005.parquet");
        _hub.LinkSaid = address =>
        {
            string[] parts = address.Split("&cursor=");
            return link.Replace("ADDRESS&marks=a,b", $"{parts[0]}&marks=a,b&cursor={parts[1]}", StringComparison.Ordinal)
                .Replace("ADDRESS", address, StringComparison.Ordinal);
        };
        Assert.Equal(5, _trial.Fetch("hf:ada/books").Files.Count);
    }

    [Theory]
    [InlineData("<ADDRESS; rel=\"next\""), InlineData("<http://[bad>; rel=\"next\""), InlineData("</elsewhere>; rel=\"next\"")]
    public void A_next_page_that_cannot_be_read_does_not_end_the_list(string link)
    {
        for (int i = 0; i < 5; i++)
            Add($"data/train-0000{i}-of-00005.parquet");
        _hub.LinkSaid = address => link.Replace("ADDRESS", address, StringComparison.Ordinal);
        Assert.Contains("next page", _trial.Refusal("hf:ada/books"), StringComparison.Ordinal);
    }
}
