using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Contamination;
using Cria.Data.Tests.Cleaning.Duplicates;

namespace Cria.Data.Tests.Cleaning.Contamination;

public sealed class DecontaminatorTests
{
    const string Question = "In which of the four seasons do the storks leave their nests for the warm south of Africa?";
    const string Ran = "in which of the four seasons do the storks leave their nests for"; // its first thirteen words

    [Theory]
    [InlineData("He asked: IN which of the four seasons do, the storks leave; their (nests) for", 1)] // thirteen, other punctuation
    [InlineData("which of the four seasons do the storks leave their nests for the", 1)]
    [InlineData("in which of the four seasons do the storks leave their nests", 0)] // twelve
    [InlineData("in which of the four seasons do the big storks leave their nests for", 0)]
    [InlineData("", 0)]
    public void Thirteen_words_in_a_row_are_enough(string text, int passages)
    {
        Examination found = Finder([Question]).Examine(text);
        Assert.Equal(passages, found.Passages.Count);
        Assert.Equal(passages == 0 ? [text] : [], found.Pieces); // too short to leave pieces
    }

    [Theory]
    [InlineData("Susan revealed herself.", true)]
    [InlineData("He came. “Susan revealed herself!” she said.", true)]
    [InlineData("title\nsusan revealed herself\nmore", true)]
    [InlineData("Then Susan revealed herself.", false)]
    [InlineData("Susan revealed herself to them.", false)]
    [InlineData("He said, 'Susan revealed herself,' and left", true)]
    [InlineData("he said, ‘Susan revealed herself’ and left", true)]
    [InlineData("the boys' Susan revealed herself.", false)]
    [InlineData("They call 'Susan revealed herself' 'em", true)]
    [InlineData("Susan revealed herself 'em", false)]
    [InlineData("Susan, revealed, herself", true)]
    [InlineData("Susan revealed. Herself", true)] // the same words: what stands between them does not matter
    public void A_shorter_text_is_matched_as_a_whole_sentence(string text, bool isFound) =>
        Assert.Equal(isFound, Finder(["Susan revealed herself.", "Yes."]).Examine(text).IsFound);

    [Fact]
    public void A_possessive_ends_no_sentence()
    {
        Assert.False(Finder(["He saw the boys."]).Examine("He saw the boys' books.").IsFound);
        Assert.True(Finder(["He saw the boys."]).Examine("'He saw the boys,' she said.").IsFound);
    }

    [Fact]
    public void A_passage_goes_with_its_margin_and_whole_words_stay()
    {
        string before = PlantedCopies.RandomText(1, 200), after = PlantedCopies.RandomText(2, 200);
        Examination found = Finder([Question]).Examine($"{before} {Question} {after}");
        Assert.Equal([(before.Length + 1, before.Length + Question.Length)], found.Passages); // the question mark is no word
        Assert.Equal(2, found.Pieces.Count);
        Assert.StartsWith(found.Pieces[0] + " ", before, StringComparison.Ordinal);
        Assert.EndsWith(" " + found.Pieces[1], after, StringComparison.Ordinal);
        Assert.InRange(before.Length - found.Pieces[0].Length, 199, 206);
        Assert.InRange(after.Length - found.Pieces[1].Length, 199, 207);
    }

    [Fact]
    public void Small_pieces_go_and_a_document_in_too_many_pieces_goes_as_a_whole()
    {
        string piece = PlantedCopies.RandomText(3, 200);
        string Broken(int times) => string.Join(' ', Enumerable.Repeat($"{piece} {Question}", times));
        Assert.Equal(10, Finder([Question]).Examine(Broken(10)).Pieces.Count);
        Assert.Empty(Finder([Question]).Examine(Broken(11)).Pieces);
        Assert.Single(Finder([Question]).Examine($"{piece[..300]} {Question} {piece[..500]}").Pieces); // 100 of the 300 are not enough
        var whole = new ContaminationOptions { Mode = ContaminationMode.Document };
        Assert.Empty(new Decontaminator([Set("s", Question)], whole).Examine(Broken(1)).Pieces);
    }

    [Fact]
    public void The_report_counts_items_and_documents_of_each_set()
    {
        var finder = new Decontaminator([Set("one", Question, "Yes.", "Never heard of."), Set("two", "Before: " + Question, Question)]);
        string[] corpus = ["nothing here", $"He said: {Ran} a walk", $"Never heard of. {Ran}", "Never heard of!"];
        for (int i = 0; i < corpus.Length; i++)
            finder.Count($"f:{i}", corpus[i], finder.Examine(corpus[i]));
        ContaminationReport report = finder.Report;
        Assert.Equal((4, 3, 3), (report.Documents, report.ContaminatedDocuments, report.RemovedDocuments));
        Assert.Equal(corpus[1..].Sum(text => text.Length), report.RemovedCharacters);
        Assert.Equal(["one 2 of 2, 3", "two 2 of 2, 2"],
            report.Sets.Select(s => $"{s.Name} {s.FoundItems} of {s.LookedForItems}, {s.Documents}"));
        Assert.Equal([3, 2], report.Sets.Select(s => s.Items));
        Assert.Equal(new ContaminationExample("f:1", "one:0", Ran), report.Sets[0].Examples[0]);
        Assert.Contains("one: 2 of 3 items found in 3 documents (1 are too short", report.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Every run is compared with every place by the definition.</summary>
    [Fact]
    public void It_finds_what_a_plain_search_finds()
    {
        string[] items = [.. Enumerable.Range(0, 40).Select(i => Text((ulong)i, 3 + (i % 9)))];
        var options = new ContaminationOptions { NgramWords = 6, MinWords = 3 };
        var finder = new Decontaminator([Set("s", items)], options);
        int found = 0;
        for (ulong seed = 100; seed < 400; seed++)
        {
            string text = Text(seed, 200);
            string[] words = text.Split(' ');
            bool[] expected = new bool[words.Length];
            foreach (string[] item in items.Select(item => item.Split(' ')).Where(item => item.Length >= 6))
            {
                for (int run = 0; run + 6 <= item.Length; run++)
                {
                    for (int at = 0; at + 6 <= words.Length; at++)
                    {
                        if (words.AsSpan(at, 6).SequenceEqual(item.AsSpan(run, 6)))
                            expected.AsSpan(at, 6).Fill(true);
                    }
                }
            }

            bool[] actual = new bool[words.Length];
            foreach ((int first, int end) in finder.Examine(text).Passages)
                actual.AsSpan(text[..first].Count(c => c == ' '), text[first..end].Count(c => c == ' ') + 1).Fill(true);
            Assert.Equal(expected, actual);
            found += expected.Count(e => e);
        }

        Assert.InRange(found, 500, 50_000);

        // Three letters, so that runs meet by chance.
        static string Text(ulong seed, int words) =>
            string.Join(' ', Enumerable.Range(0, words).Select(i => (char)('a' + (KeyedHash.Combine(seed, (ulong)i) % 3))));
    }

    [Fact]
    public void Hostile_texts_take_linear_time()
    {
        Decontaminator finder = Finder(["ab ab ab", "x y z", Question, "你好世界"]);
        Assert.False(finder.Examine(string.Concat(Enumerable.Repeat("ab-", 2_000_000))).IsFound);
        Assert.Single(finder.Examine(string.Concat(Enumerable.Repeat("ab.", 1_000_000))).Passages);
        Assert.False(finder.Examine(new string('q', 20_000_000)).IsFound);
        Assert.True(finder.Examine(string.Concat(Enumerable.Repeat("你好世界。", 500_000))).IsFound);
        Assert.False(finder.Examine("\uD800\uDC00\uD800").IsFound);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(65, 3)]
    [InlineData(5, 6)]
    [InlineData(13, 0)]
    public void Options_out_of_range_are_refused(int words, int least) => Assert.Throws<DataException>(
        () => new Decontaminator([Set("s", Question)], new ContaminationOptions { NgramWords = words, MinWords = least }));

    [Fact]
    public void The_number_of_sets_is_bounded()
    {
        Assert.Throws<DataException>(() => new Decontaminator([]));
        Assert.Throws<DataException>(() => new Decontaminator([.. Enumerable.Range(0, 65).Select(i => Set($"{i}", Question))]));
    }

    static Decontaminator Finder(string[] texts) => new([Set("s", texts)]);

    static EvaluationSet Set(string name, params string[] texts) =>
        new(name, [.. texts.Select((text, i) => new EvaluationItem($"{name}:{i}", [text]))]);
}
