using Cria.Data.Fetching;

namespace Cria.Data.Tests.Fetching;

public sealed class FetchRequestTests
{
    static string Refusal(params string[] sources) => Assert.Throws<DataException>(() =>
    {
        using FetchTrial trial = new();
        trial.Fetch(sources);
    }).Message;

    [Theory]
    [InlineData("hf:ada/books", "main", null)]
    [InlineData("hf:ada/books@v1", "v1", null)]
    [InlineData("hf:ada/books:train", "main", "train")]
    [InlineData("hf:ada/books@refs/convert/parquet:train", "refs/convert/parquet", "train")]
    public void A_dataset_has_a_revision_and_a_split(string source, string revision, string? split)
    {
        FetchRequest request = FetchRequest.Parse([source]);
        Assert.Equal(("ada/books", revision, split), (request.Hub!.Repository, request.Hub.Revision, request.Hub.Split));
        Assert.Equal("books", request.Folder);
    }

    [Theory]
    [InlineData("hf:books"), InlineData("hf:a/b/c"), InlineData("hf:../books"), InlineData("hf:ada/.."), InlineData("hf:ada/books@"), InlineData("hf:ada/books:train[:10%]")]
    public void Another_form_is_refused(string source) => Assert.Contains("expected hf:OWNER/NAME", Refusal(source), StringComparison.Ordinal);

    [Theory]
    [InlineData("ftp://example.org/a.txt", "expected http")]
    [InlineData("file:///etc/passwd", "expected http")]
    [InlineData("https://ada:pass@example.org/a.txt", "user name or password")]
    [InlineData("https://example.org/", "names no file")]
    [InlineData("https://example.org/a.txt#sha256=12", "64 hexadecimal digits")]
    [InlineData("https://example.org/..%2F..%2Fpasswd", "leaves its folder")]
    [InlineData("https://example.org/SOURCE.json", "itself writes")]
    [InlineData("https://example.org/a.txt.part", "ends like a part")]
    [InlineData("https://example.org/nul.txt", "device")]
    [InlineData("https://example.org/a%00b.txt", "character")]
    public void An_address_without_a_sound_name_is_refused(string address, string sentence) =>
        Assert.Contains(sentence, Refusal(address), StringComparison.Ordinal);

    [Fact]
    public void Two_files_of_one_name_are_refused() =>
        Assert.Contains("Two of the addresses end in A.txt", Refusal("https://example.org/x/a.txt", "https://example.org/y/A.txt"), StringComparison.Ordinal);

    [Fact]
    public void A_password_is_not_repeated() =>
        Assert.All(["https://ada:geheim@example.org/a.txt", "ftp://ada:geheim@example.org/a.txt", "https://ada:geheim@[bad/a.txt"],
            address => Assert.DoesNotContain("geheim", Refusal(address), StringComparison.Ordinal));

    [Fact]
    public void A_name_that_is_not_known_is_answered_with_those_that_are()
    {
        string refusal = Refusal("tinyshakespear");
        Assert.Contains("no corpus that is known by name", refusal, StringComparison.Ordinal);
        Assert.Contains("openwebtext", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_named_corpus_says_where_it_is_and_whose()
    {
        Assert.Equal(NamedCorpora.All.Count, NamedCorpora.All.Select(corpus => corpus.Name).Distinct().Count());
        Assert.All(NamedCorpora.All, corpus =>
        {
            Assert.True(corpus.Hub is null == corpus.Addresses.Count > 0);
            Assert.NotEmpty(corpus.Licence);
            Assert.True(corpus.Bytes > 1_000_000);
            Assert.All(corpus.Addresses, file => Assert.Equal("https", file.Address.Scheme));
            Assert.Same(corpus, FetchRequest.Parse([corpus.Name]).Corpus);
        });
    }

    [Fact]
    public void The_named_hashes_are_those_of_the_files()
    {
        string path = Path.Combine(TestData.Root, "tinyshakespeare", "input.txt");
        TestData.Need(path);
        Assert.Equal(FetchTrial.Hash(File.ReadAllBytes(path)), NamedCorpora.Find("tinyshakespeare")!.Addresses[0].Sha256);
    }
}
