using Cria.Data.Fetching;

namespace Cria.Data.Tests.Fetching;

public sealed class LinkHeaderTests
{
    [Theory]
    [InlineData("<https://h/x?c=1>; rel=\"next\"", "https://h/x?c=1")]
    [InlineData("<https://h/x?c=1,2>; rel=\"next\"", "https://h/x?c=1,2")]
    [InlineData("<?c=1;2>;rel=next", "?c=1;2")]
    [InlineData("<a>; rel=prev, <b>; title=\"a, <c>; \\\" rel=next\"; REL=\"last Next\"", "b")]
    [InlineData("<a>; rel=\"prev\";, , <b>;rel = next , <c>; rel=next", "b")]
    [InlineData("<a>; rel=prev; rel=next", null)]
    [InlineData("<next>; rel=prev; title=next", null)]
    [InlineData("<a>; rel=nextish", null)]
    [InlineData("nonsense", null)]
    [InlineData("<", null)]
    [InlineData("", null)]
    public void The_next_page_is_found_in_every_spelling(string header, string? next)
    {
        Assert.True(LinkHeader.TryFindNext([header], out string? found));
        Assert.Equal(next, found);
    }

    [Theory]
    [InlineData("<https://h/x?c=1; rel=\"next\""), InlineData("https://h/x; rel=next"), InlineData("<a>; rel=\"next"), InlineData("<a> ; rel=prev, b; rel=next"), InlineData("<a>rel=next")]
    public void A_next_page_that_cannot_be_read_is_said(string header) => Assert.False(LinkHeader.TryFindNext([header], out _));

    [Fact]
    public void Whatever_is_said_it_ends()
    {
        const string Signs = "<>;,=\" \\nextrel\t";
        for (int seed = 0; seed < 2000; seed++)
        {
            string header = string.Concat(FetchTrial.Content(24, seed).Select(chance => Signs[chance % Signs.Length]));
            bool isSound = LinkHeader.TryFindNext([header], out string? next);
            Assert.True(isSound || next is null);
        }
    }
}
