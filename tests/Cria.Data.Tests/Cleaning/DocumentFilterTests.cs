using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Filters;
using Cria.Data.Cleaning.Steps;
using Cria.Data.Readers;

namespace Cria.Data.Tests.Cleaning;

public sealed class DocumentFilterTests
{
    const string Prose = "It was the best of times, it was the worst of times, and the people that lived with it had to be patient. ";

    [Theory]
    [InlineData("one two three", 3, 5, null), InlineData("one two", 3, 5, "2 words"), InlineData(" a\tb\nc d e f ", 3, 5, "6 words")]
    [InlineData("", 0, 5, null), InlineData("a\u00a0b", 2, 2, null)]
    public void Length_counts_words_between_white_space(string text, int least, int most, string? reason) =>
        Assert.Equal(reason, new LengthFilter { MinWords = least, MaxWords = most }.Reason(text));

    [Theory]
    [InlineData("abc", 4, 9, "3 characters"), InlineData("abcd", 4, 9, null), InlineData("abcdefghij", 4, 9, "10 characters")]
    public void Length_counts_characters(string text, int least, int most, string? reason) =>
        Assert.Equal(reason, new LengthFilter { MinCharacters = least, MaxCharacters = most }.Reason(text));

    [Theory]
    [InlineData("A plain sentence, with a comma.", null)]
    [InlineData("a { b } c | d -> e;", "54.5 % of its characters are signs")]
    [InlineData("1984 was 2001", "72.7 % of its characters are digits")]
    [InlineData("SALE NOW at home", "53.8 % of its letters are capitals")]
    [InlineData("\u4e2d\u6587\u4e2d\u6587 \u0915\u093e", null), InlineData("   \n", null), InlineData("", null)]
    public void Ratios_leave_white_space_out(string text, string? reason) => Assert.Equal(reason, new CharacterRatios().Reason(text));

    [Theory]
    [InlineData(1, "", "23 words"), InlineData(3, "", null), InlineData(5000, "", "115000 words")]
    [InlineData(3, "# # # # # # # # # #", "0.13 hashes a word"), InlineData(3, "a... b... c... d... e... f... g... h…", "0.1 ellipses a word")]
    [InlineData(3, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", "77.5 % of its words have a letter")]
    public void Gophers_rules_for_words(int times, string more, string? reason) =>
        Assert.Equal(reason, new GopherQuality().Reason(string.Concat(Enumerable.Repeat(Prose, times)) + more));

    [Fact]
    public void Gophers_rules_for_lines_and_for_English()
    {
        var filter = new GopherQuality();
        string[] lines = [.. Enumerable.Range(0, 10).Select(i => $"the {i}th of the lines that have something to say")];
        Assert.Null(filter.Reason(string.Join("\n\n", lines)));
        Assert.Equal("100 % of its lines begin with a bullet", filter.Reason(string.Concat(lines.Select(line => $"\u2022 {line}\n"))));
        Assert.Equal("40 % of its lines end with an ellipsis",
            filter.Reason(string.Join('\n', lines.Select((line, i) => i < 4 ? line + "\u2026" : line))));
        Assert.Equal("0 of the commonest English words", filter.Reason(string.Join(' ', Enumerable.Repeat("Worte ohne Artikel", 20))));
        Assert.Equal("2 characters in the mean word", filter.Reason(string.Join(' ', Enumerable.Repeat("to be of an", 20))));
        Assert.Null((filter with { MinMeanWordLength = 2 }).Reason(string.Join(' ', Enumerable.Repeat("to be of an", 20))));
    }

    [Fact]
    public void Gophers_repetition_finds_lines_paragraphs_and_runs_of_words()
    {
        var filter = new GopherRepetition();
        string[] lines = [.. Enumerable.Range(0, 20).Select(i => $"line {Number(i)} says {Number(i + 100)} and then {Number(i + 200)}")];
        Assert.Null(filter.Reason(string.Join('\n', lines)));
        Assert.Equal("35 % of its lines are duplicates", filter.Reason(string.Join('\n', lines.Select((line, i) => i % 3 == 1 ? lines[0] : line))));
        Assert.Contains("in duplicate lines", filter.Reason(string.Join('\n', lines[..6]) + "\n" + LongLine() + "\n" + LongLine()), StringComparison.Ordinal);
        Assert.Contains("in one repeated 2-gram", filter.Reason(string.Concat(Enumerable.Repeat("buy now ", 50))), StringComparison.Ordinal);
        string phrase = "these seven words come again and again";
        Assert.Contains("in duplicate 5-grams", (filter with { MaxTopNGram = [] }).Reason(string.Join(' ', Enumerable.Range(0, 5).Select(i => $"{phrase} {lines[i]} {lines[i + 5]}"))), StringComparison.Ordinal);

        static string LongLine() => string.Join(' ', Enumerable.Range(0, 40).Select(i => Number(1000 + i)));
    }

    [Theory] // 3 copies of 6 different words, then 6 others: the two later copies are duplicates, 12 of 24 words
    [InlineData(0.5, null), InlineData(0.499, "50 % of its characters are in duplicate 5-grams")]
    public void Duplicate_runs_are_counted_from_the_second_on_each_character_once(double most, string? reason) =>
        Assert.Equal(reason, new GopherRepetition { MaxTopNGram = [], MaxDuplicateNGrams = [most] }
            .Reason("a b c d e f g a b c d e f h a b c d e f i j k l"));

    [Fact]
    public void How_many_top_runs_are_limited_does_not_change_the_duplicates() =>
        Assert.Equal("50 % of its characters are in duplicate 5-grams",
            new GopherRepetition { MaxTopNGram = [1, 1, 1, 1, 1], MaxDuplicateNGrams = [0.499] }
                .Reason("a b c d e f g a b c d e f h a b c d e f i j k l"));

    [Theory]
    [InlineData("One. Two! Three?", null), InlineData("He said \"yes.\" So (it is.) And \u201cno!\u201d", null)]
    [InlineData("One. Two", "1 sentences"), InlineData("int f() { return 1; } One. Two. Three.", "a curly bracket")]
    [InlineData("Lorem Ipsum. One. Two. Three.", "lorem ipsum")]
    public void C4s_pages_have_sentences(string text, string? reason) => Assert.Equal(reason, new C4Page().Reason(text));

    [Fact]
    public void A_dropped_document_is_reported_with_its_reason_at_the_filter_that_dropped_it()
    {
        var recipe = new CleaningRecipe { Name = "mine", Steps = [new Spaces(), new LengthFilter { MinWords = 2 }, new CharacterRatios()] };
        var cleaner = new CorpusCleaner(recipe, threads: 3);
        Document[] documents = [new("one  two", "f", 1), new("  one ", "f", 2), new("{} {}", "f", 3), new("three four", "f", 4)];
        Assert.Equal(["one two", "three four"], cleaner.Clean(documents).Select(document => document.Text));
        Assert.Equal([2, 1, 1], cleaner.Report.Steps.Select(step => step.Documents));
        Assert.Equal([false, true, true], cleaner.Report.Steps.Select(step => step.Removes));
        Assert.Equal(new CleaningExample("f:2", "  one ", "", "1 words"), Assert.Single(cleaner.Report.Steps[1].Examples));
        Assert.Equal("100 % of its characters are signs", Assert.Single(cleaner.Report.Steps[2].Examples).Reason);
        Assert.Equal((4, 2), (cleaner.Report.Before.Documents, cleaner.Report.After.Documents));
    }

    [Theory]
    [InlineData("gopher"), InlineData("c4")]
    public void Recipes_of_papers_leave_numbers_and_ligatures_alone(string name)
    {
        string[] sentences = [.. Enumerable.Range(0, 20).Select(i =>
            $"The {Number(i)} {Number(i + 50)} have \u00bd of {Number(i + 100)} {Number(i + 150)} and \ufb01ve {Number(i + 200)} with {Number(i + 250)}.")];
        string text = string.Join('\n', sentences);
        Assert.Equal(text, Assert.Single(new CorpusCleaner(CleaningRecipe.ByName(name)).Clean([new Document(text, "f", 1)])).Text);
    }

    [Theory]
    [InlineData("gopher", 12_000, 0), InlineData("c4", 12_000, 0)]
    public void A_long_text_of_one_letter_or_one_word_costs_as_much_as_any_other(string name, int times, int kept)
    {
        CleaningRecipe recipe = CleaningRecipe.ByName(name);
        Document[] documents =
            [new(string.Concat(Enumerable.Repeat("word ", times)), "f", 1), new(new string('x', times), "f", 2), new(new string('[', times), "f", 3)];
        Assert.Equal(kept, new CorpusCleaner(recipe).Clean(documents).Count());
    }

    static string Number(int i) => $"w{KeyedHash.Mix((ulong)i) % 1_000_000}";
}
