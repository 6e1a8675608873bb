using System.IO.Compression;
using Cria.Data.Cleaning.Contamination;

namespace Cria.Data.Tests.Cleaning.Contamination;

public sealed class EvaluationSetTests
{
    [Fact]
    public void Of_JSON_lines_the_fields_are_taken_and_lists_opened()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("quiz.jsonl", """
            {"query": "Who?", "choices": ["A", "B"], "gold": 1, "meta": {"source": "book"}}

            {"query": "What\u0021", "choices": []}
            {"gold": 3}
            """u8);
        EvaluationSet all = EvaluationSet.Read([path]);
        Assert.Equal("quiz", all.Name);
        Assert.Equal(["Who? A B book", "What!"], Texts(all));
        Assert.Equal([$"{path}:1", $"{path}:3"], all.Items.Select(item => item.Place));
        Assert.Equal(["Who? A B", "What!"], Texts(EvaluationSet.Read([path], ["query", "choices"])));
        Assert.Equal(["book"], Texts(EvaluationSet.Read([path], ["meta.source"], "named")));
        Assert.Equal("named", EvaluationSet.Read([path], ["meta.source"], "named").Name);
    }

    [Fact]
    public void Of_text_every_line_is_an_item()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("sentences.txt", "one\ntwo\n\nthree"u8);
        Assert.Equal(["one", "two", "three"], Texts(EvaluationSet.Read([path])).Select(text => text.Trim()));
    }

    [Fact]
    public void Fields_do_not_matter_to_text_beside_a_table()
    {
        using var folder = new TemporaryFolder();
        string text = folder.Write("ev.txt", "one\ntwo"u8), table = folder.Write("ev.jsonl", "{\"a\": \"three\", \"b\": \"no\"}"u8);
        Assert.Equal(["three", "one", "two"], Texts(EvaluationSet.Read([table, text], ["a"])).Select(item => item.Trim()));
    }

    [Fact]
    public void Packed_files_are_opened()
    {
        using var folder = new TemporaryFolder();
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write("""{"a": "x"}"""u8);
        Assert.Equal(["x"], Texts(EvaluationSet.Read([folder.Write("s.jsonl.gz", packed.ToArray())])));
    }

    [Theory]
    [InlineData("{\"a\": \"x\"}\n{broken", "s.jsonl:2")]
    [InlineData("{\"b\": 1}", "no evaluation text in the fields a")]
    [InlineData("[]", "no evaluation text")]
    [InlineData("{\"a\": \"\\ud800\"}", "s.jsonl:1")]
    public void Malformed_sets_are_one_sentence(string content, string said)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("s.jsonl", System.Text.Encoding.UTF8.GetBytes(content));
        Assert.Contains(said, Assert.Throws<DataException>(() => EvaluationSet.Read([path], ["a"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BLiMP_is_read_whole_and_finds_itself()
    {
        string path = Path.Combine(TestData.Root, "eval/blimp/determiner_noun_agreement_1.jsonl");
        TestData.Need(path);
        EvaluationSet set = EvaluationSet.Read([path], ["sentence_good", "sentence_bad"]);
        Assert.Equal(1000, set.Items.Count);
        var finder = new Decontaminator([set]);
        foreach (EvaluationItem item in set.Items)
            finder.Count(item.Place, item.Texts[0], finder.Examine($"He wrote: “{item.Texts[0]}” And left."));
        Assert.InRange(finder.Report.Sets[0].FoundItems, finder.Report.Sets[0].LookedForItems, 1000);
        Assert.Equal(1000, finder.Report.ContaminatedDocuments);
    }

    static IEnumerable<string> Texts(EvaluationSet set) => set.Items.Select(item => string.Join(' ', item.Texts));
}
