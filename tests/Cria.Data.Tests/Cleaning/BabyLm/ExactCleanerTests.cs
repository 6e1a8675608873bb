using Cria.Data.Cleaning.BabyLm;

namespace Cria.Data.Tests.Cleaning.BabyLm;

public sealed class ExactCleanerTests
{
    [Theory] // what BabyLlama's own program makes of these texts
    [InlineData("simple_wikipedia", "A.\n\nB.\n\n\nC.\n", "A.B.\nC.\n")]
    [InlineData("wikipedia", "\n= = = Title One = = =\n\n  Para one. \n \nPara two.\n\n= = = Title Two = = =\n\nText.\n",
        "Title One\nPara one.Para two.Title Two\nText.")]
    [InlineData("wikipedia", "\n= = = = Sub = = = =\nText\n", "= Sub =Text")]
    [InlineData("wikipedia", "= = = Title = = =\n\nText.\n", "itle\nText.")]
    [InlineData("wikipedia", "x y = = = T = = =\nnext\n", " y Tnext")]
    [InlineData("wikipedia", "= = =  = = =\n= = = T = = =", " = =  = = =\n= = = T = = =")]
    [InlineData("qed", "(LAUGHS) HEllO THERE. HOW ARE YOU? l AM FINE!\nNormal line.  \n\nTED l.\n",
        "(laughs) heiio there. How are you? I am fine!\nNormal line.\n\nTed i.")]
    [InlineData("qed", "- WHAT'S UP, DOC?\nABc (xyz)\nAbCd", "- what's up, doc?\nAbc (xyz)\nAbcd")]
    [InlineData("qed", "A b\nAB cd\n", "A b\nAB cd")]
    [InlineData("qed", "...\n(laughs)\n\n", "...\n(laughs)\n")] // of nothing there is no share; Python divides by zero
    [InlineData("qed", "STRASSE\u2028\u00dfA B?\u00a0\u001f\u01c6A \u2160I \u03a3I\u03a3!", "Strasse\nSsa b?\u00a0\u001f\u01c5a \u2170i \u03c3i\u03c2!")]
    [InlineData("aochildes", "hello  there\t\tyou .\nwhat 's that ?\u00a0!\n\nx ;y :z", "hello there you.\nwhat 's that?!\n\nx;y :z")]
    [InlineData("bnc_spoken", "Yes .\n\nNo  , maybe .\n", "Yes.No, maybe.\n")]
    [InlineData("cbt", "`` I do n't know , '' said John 's dog . ' Tis\nit 's 5 's ’ x ’em",
        "`` I do n't know, '' said John's dog. ' Tis\nit's 5's ’ x’em")]
    [InlineData("cbt", "I 'd 've \U00010400 's e\u0301 's", "I'd 've \U00010400's e\u0301 's")]
    [InlineData("open_subtitles", "Hi\nSubtitles by X\nMore SUBTITLED stuff\nBye\nsubtitle end", "Hi\nBye\nsubtitle end")]
    [InlineData("open_subtitles", "\u017fubt\u0131tle\nSubt\u0130tle\nsub title\n", "sub title\n")]
    [InlineData("children_stories", " a  b .\n\n\nc", " a  b .\n\n\nc")]
    [InlineData("gutenberg", " a  b .\n\n\nc", " a  b .\n\n\nc")]
    [InlineData("switchboard", " a  b .\n\n\nc", " a  b .\n\n\nc")]
    public void Every_cleaner_does_what_BabyLlamas_does(string stem, string text, string expected) =>
        Assert.Equal(expected, BabyLmDomains.Of($"data/{stem}.train").Clean(text));

    [Theory]
    [InlineData("aochildes"), InlineData("bnc_spoken"), InlineData("cbt"), InlineData("children_stories"), InlineData("gutenberg")]
    [InlineData("open_subtitles"), InlineData("qed"), InlineData("simple_wikipedia"), InlineData("switchboard"), InlineData("wikipedia")]
    public void An_empty_text_stays_empty(string stem) => Assert.Equal("", BabyLmDomains.Of($"{stem}.dev").Clean(""));

    [Fact]
    public void A_name_of_no_domain_is_refused_with_the_ten()
    {
        string message = Assert.Throws<DataException>(() => BabyLmDomains.Of("data/childes.train")).Message;
        Assert.StartsWith("data/childes.train: there is no BabyLM cleaner for \"childes\"; the ten are aochildes, bnc_spoken, cbt,", message, StringComparison.Ordinal);
        Assert.Contains("simple_wikipedia, switchboard, wikipedia", message, StringComparison.Ordinal);
        Assert.Contains("end in .train or .dev", Assert.Throws<DataException>(() => BabyLmDomains.Of("qed.txt")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qed", '('), InlineData("qed", 'A'), InlineData("wikipedia", '='), InlineData("open_subtitles", 's'), InlineData("cbt", ' ')]
    public void A_megabyte_of_one_sign_takes_no_time_worth_naming(string stem, char sign) =>
        Assert.InRange(BabyLmDomains.Of($"{stem}.train").Clean(new string(sign, 1 << 20)).Length, 1, 1 << 20);
}
