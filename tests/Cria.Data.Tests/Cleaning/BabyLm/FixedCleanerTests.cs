using Cria.Data.Cleaning.BabyLm;

namespace Cria.Data.Tests.Cleaning.BabyLm;

public sealed class FixedCleanerTests
{
    [Theory]
    [InlineData("wikipedia", "\n= = = One = = =\n\n Para. \n\nMore.\n= = = = Sub = = = =\nText.\n= = = Two = = =\n\nEnd.",
        "One\n\nPara.\n\nMore.\nSub\nText.|Two\n\nEnd.")]
    [InlineData("simple_wikipedia", "A.\n\nB.\n", "A.\n\nB.")]
    [InlineData("bnc_spoken", "Yes .\n\nNo  , maybe .\n", "Yes.\n\nNo, maybe.")]
    [InlineData("qed", "(LAUGHS) HEllO THERE. HOW ARE YOU? l AM FlNE, l'M SURE!\nOK John.\n\n- WHAT'S UP, DOC?\nLOUlS Xlll lS KlNG",
        "(Laughs) hello there. How are you? I am fine, I'm sure!\nOK John.\n\n- What's up, doc?\nLouis xiii is king")]
    [InlineData("qed", "...\nUSA\nNASA is here", "...\nUSA\nNASA is here")]
    [InlineData("cbt", "_BOOK_TITLE_ : One.txt.out\n`` I do n't know , '' said John 's dog -LRB- a good one -RRB- .\n_BOOK_TITLE_ : Two.txt.out\nEnd .\n",
        "\"I don't know,\" said John's dog (a good one).|End.")]
    [InlineData("cbt", "tell 'em I saw 'em in the '90s , cried 'Tis .\n`` He said , ` Oh ! ' '' I 'LL go .\n", "tell 'em I saw 'em in the '90s, cried 'Tis.\n\"He said, 'Oh!'\" I'LL go.")]
    [InlineData("cbt", "` The boys ' books , ' said he ; the girls ' hats .\nI 'd 've x 'sa ' Tis '' ` Yes", "'The boys' books,' said he; the girls' hats.\nI'd've x 'sa ' Tis\" 'Yes")]
    [InlineData("gutenberg", "= = = PG1 = = =\n\nVerse:  \n   Indented,\n\tso.\n= = = PG22 = = =\n= = = A Tale = = =\nText.", "Verse:\n   Indented,\n\tso.|A Tale\nText.")]
    [InlineData("gutenberg", "licence\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\nText.\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\nmore", "Text.")]
    [InlineData("open_subtitles", "Hi\nSubtitles by X\nsubtitle end", "Hi")]
    [InlineData("switchboard", "a\n\n\n\nb", "a\n\nb")]
    public void Text_keeps_what_BabyLlamas_cleaning_loses(string stem, string text, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write($"{stem}.train", System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Equal(expected.Split('|'), new BabyLmCorpus(isExact: false).Read([path]).Select(document => document.Text));
    }

    [Fact]
    public void A_file_without_borders_is_cut_where_a_paragraph_ends()
    {
        using var folder = new TemporaryFolder();
        string text = string.Concat(Enumerable.Range(0, 3000).Select(i => $"Line number {i} of the story.{(i % 10 == 9 ? "\n\n" : "\n")}"));
        string path = folder.Write("aochildes.dev", System.Text.Encoding.UTF8.GetBytes(text));
        string[] documents = [.. new BabyLmCorpus(isExact: false).Read([path]).Select(document => document.Text)];
        Assert.True(documents.Length > 1);
        Assert.All(documents, document => Assert.InRange(document.Length, 1, 50_000));
        Assert.All(documents[..^1], document => Assert.EndsWith("9 of the story.", document, StringComparison.Ordinal));
        Assert.Equal(text.TrimEnd('\n'), string.Join("\n\n", documents));
    }
}
