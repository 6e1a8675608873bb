using System.Text;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Filters;
using Cria.Data.Cleaning.Steps;

namespace Cria.Data.Tests.Cleaning;

public sealed class WebTextStepTests
{
    [Theory]
    [InlineData("don\u00e2\u20ac\u2122t", "don\u2019t")] // Windows-1252
    [InlineData("caf\u00c3\u00a9 \u00c3\u00a0 la", "caf\u00e9 \u00e0 la")] // Latin-1 and Windows-1252 alike
    [InlineData("\u00e2\u0080\u009cyes\u00e2\u0080\u009d", "\u201cyes\u201d")] // Latin-1
    [InlineData("\u00e2\u20ac\u0153yes\u00e2\u20ac\u009d", "\u201cyes\u201d")]
    [InlineData("caf\u00c3\u0192\u00c2\u00a9", "caf\u00e9")] // twice
    [InlineData("\u00f0\u0178\u02dc\u20ac\u00f0\u0178\u02dc\u20ac", "\U0001F600\U0001F600")]
    [InlineData("\u00d0\u0178\u00d1\u20ac\u00d0\u00b8", "\u041f\u0440\u0438")]
    [InlineData("\u00c3\u00a9 K\u00c3\u2013LN C\u00c3\u201dTE", "\u00e9 K\u00d6LN C\u00d4TE"), InlineData("K\u00c3\u2013LN", "K\u00d6LN")]
    [InlineData("CORAZ\u00c3\u201cN", "CORAZ\u00d3N"), InlineData("I\u00c2\u00a0am", "I\u00a0am"), InlineData("AMANH\u00c3\u0192\u00e2\u20ac\u00a6", "AMANH\u00c3\u2026")]
    [InlineData("ok \u00c3\u00a9\nna\u00efve \u00c3\u00a9\n", "ok \u00e9\nna\u00efve \u00c3\u00a9\n")] // a line that is in order with it is left
    public void Mojibake_becomes_what_it_was(string text, string expected) => Check(new Mojibake(), text, expected);

    [Theory]
    [InlineData("na\u00efve, S\u00c3O PAULO, \u00c9cole")]
    [InlineData("\u00ab CAF\u00c9\u00bb")] // \u00c9\u00bb could be a character of two bytes
    [InlineData("\u00ab CAF\u00c9\u00bb et \u00ab TH\u00c9\u00bb"), InlineData("\u00ab CAF\u00c9\u00a0\u00bb et TH\u00c9\u00a0!")]
    [InlineData("Ela disse que vem AMANH\u00c3\u2026 e trouxe a IRM\u00c3\u201d"), InlineData("AMANH\u00c3\u2026E DEPOIS, IRM\u00c3\u2019S, IRM\u00c3\u2014Disse")]
    [InlineData("a IRM\u00c3\u2122, a IRM\u00c3\u2022 e a IRM\u00c3\u2013"), InlineData("uma ma\u00e7\u00e3\u2026\u201d ou caf\u00e9\u2026\u201d")]
    [InlineData("uma \u201cma\u00c3\u2026\u201d ou \u201ccaf\u00e9\u2026\u201d, at\u00e9\u2026\u201d")]
    [InlineData("\u00c3"), InlineData("\u00e2\u20ac"), InlineData("plain"), InlineData("\u4e2d\u6587 \u00c3\u00a9"), InlineData("")]
    public void What_may_be_meant_is_left_alone(string text) => Check(new Mojibake(), text, text);

    [Fact]
    public void What_was_misread_once_or_twice_comes_back_for_any_text()
    {
        Encoding latin = Encoding.Latin1;
        foreach (string text in (string[])["d\u00e9j\u00e0 vu", "\u201cquoted\u201d \u2014 \u2026", "\u00dc\u00f1\u00ef\u00e7\u00f6d\u00e9", "\u0417\u0434\u0440\u0430\u0432"])
        {
            string once = latin.GetString(Encoding.UTF8.GetBytes(text)), twice = latin.GetString(Encoding.UTF8.GetBytes(once));
            Check(new Mojibake(), once, text);
            Check(new Mojibake(), twice, text);
        }
    }

    [Theory]
    [InlineData("Text.\nThis site uses cookies to help you.\nMore.\nPlease enable JavaScript", "Text.\nMore.\n")]
    [InlineData("Share on Facebook\nA cookie is a biscuit.\n", "A cookie is a biscuit.\n")]
    public void Boilerplate_lines_go_by_phrase_and_by_pattern(string text, string expected) =>
        Check(new BoilerplateLines { Patterns = ["^Share on \\w+$"] }, text, expected);

    [Fact]
    public void A_pattern_that_could_take_forever_is_refused()
    {
        Assert.Contains("without look-around", Assert.Throws<DataException>(() => new BoilerplateLines { Patterns = ["(a+)+\\1"] }).Message,
            StringComparison.Ordinal);
        Assert.Throws<DataException>(() => new BoilerplateLines { Patterns = ["("] });
        string line = new('a', 1 << 18); // exponential with backtracking
        Check(new BoilerplateLines { Patterns = ["^(a+)+$b"] }, line, line);
    }

    [Theory]
    [InlineData("Header\n*** START OF THE PROJECT GUTENBERG EBOOK EMMA ***\nText.\n\n*** END OF THE PROJECT GUTENBERG EBOOK EMMA ***\nLicence", "Text.\n\n")]
    [InlineData("***START OF THIS PROJECT GUTENBERG EBOOK***\nA\nEnd of the Project Gutenberg EBook of Emma\nx", "A\n")]
    [InlineData("A\nEnd of Project Gutenberg's Emma, by Jane Austen\nx", "A\n")]
    [InlineData("a\n*** START OF THE PROJECT GUTENBERG EBOOK A ***\nA\n*** END OF THE PROJECT GUTENBERG EBOOK A ***\nb\n*** START OF THE PROJECT GUTENBERG EBOOK B ***\nB\n", "A\nB\n")]
    [InlineData("\f*** START OF THE PROJECT GUTENBERG EBOOK X ***\nThe whole book.\n", "The whole book.\n")]
    [InlineData("Header\r\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\r\nText.\r\n *** END OF THE PROJECT GUTENBERG EBOOK X ***\r\nx", "Text.\r\n")]
    [InlineData("Header\r*** START OF THE PROJECT GUTENBERG EBOOK X ***\rText.\r", "Header\r*** START OF THE PROJECT GUTENBERG EBOOK X ***\rText.\r")]
    [InlineData("*** START OF THE PROJECT GUTENBERG EBOOK X ***\u2028Text.\nMore.", "*** START OF THE PROJECT GUTENBERG EBOOK X ***\u2028Text.\nMore.")]
    [InlineData("Text.\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\n \n", "Text.\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\n \n")]
    [InlineData("She read of Project Gutenberg.\nEnd of story.", "She read of Project Gutenberg.\nEnd of story.")]
    public void Project_Gutenbergs_words_around_a_book_go(string text, string expected) => Check(new GutenbergLicence(), text, expected);

    [Theory]
    [InlineData("Home\nThis is a whole sentence here.\nToo short.\nIt goes on for ever and...\nHe said \"it is five words.\"",
        "This is a whole sentence here.\nHe said \"it is five words.\"")]
    [InlineData("The city[1] has a river[edit] and hills[citation needed] too[[2]3].", "The city has a river and hills too.")]
    [InlineData("We value the privacy policy of every one.\n\nAnd this one stays as it is.", "\nAnd this one stays as it is.")]
    public void C4s_lines_are_sentences(string text, string expected) => Check(new C4Lines(), text, expected);

    static void Check(ICleaningStep step, string text, string expected)
    {
        string found = step.Apply(text);
        Assert.Equal(expected, found);
        Assert.Same(found, step.Apply(found)); // a second time there is nothing to do
        if (text == expected)
            Assert.Same(text, found);
    }
}
