using Cria.Data.Readers;

namespace Cria.Data.Tests.Readers;

public sealed class DocumentDivisionTests
{
    [Theory]
    [InlineData("one\n\ntwo\n\nthree", 12, "one\n\ntwo|three")]
    [InlineData("one\ntwo\nthree", 9, "one\ntwo|three")]
    [InlineData("one two three", 9, "one two |three")]
    [InlineData("one\r\n\r\ntwo\r\n\r\nthree", 15, "one\r\n\r\ntwo|three")]
    [InlineData("one\r\ntwo\r\nthree", 11, "one\r\ntwo|three")]
    [InlineData("short", 9, "short")]
    [InlineData("\nshort\r\n", 9, "\nshort\r\n")]
    [InlineData("unbroken", 3, "unb|rok|en")]
    [InlineData("\U0001F600\U0001F600", 3, "\U0001F600|\U0001F600")]
    [InlineData("a\n\n\n\n\n\n\n\nb", 4, "a|b")]
    public void Long_documents_are_cut_where_it_hurts_least(string text, int maxCharacters, string expected) =>
        Assert.Equal(expected, string.Join('|', Divide(text, maxCharacters).Select(d => d.Text)));

    [Fact]
    public void Parts_know_their_line_and_lose_nothing_but_line_ends()
    {
        string text = string.Concat(Enumerable.Range(0, 2000).Select(i => $"word{i} {(i % 7 == 0 ? "\n\n" : "")}"));
        Document[] parts = [.. Divide(text, 500)];
        Assert.All(parts, part => Assert.InRange(part.Text.Length, 1, 500));
        Assert.Equal(text.Replace("\n", "", StringComparison.Ordinal),
            string.Concat(parts.Select(p => p.Text)).Replace("\n", "", StringComparison.Ordinal));
        Assert.True(parts[^1].Line > 400);
    }

    static IEnumerable<Document> Divide(string text, int maxCharacters) =>
        DocumentDivision.Divide([new Document(text, "f", 1)], maxCharacters);
}
