using Cria.Data;
using Cria.Evaluation.Pairs;

namespace Cria.Evaluation.Tests.Pairs;

public sealed class PairSetTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("cria-pairs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Lines_of_blimp_have_paradigm_and_field_and_those_without_are_named_by_their_file()
    {
        Write("a.jsonl", """{"sentence_good":"Susan revealed herself.","sentence_bad":"Susan revealed themselves.","field":"morphology","linguistics_term":"anaphor_agreement","UID":"anaphor_number_agreement","pairID":"0"}""" +
            "\r\n\n" + """{"sentence_good":"Amanda was respected.","sentence_bad":"The table was respected \u2026","linguistics_term":"s-selection","UID":"animate_subject_passive"}""");
        Write("hypernym.jsonl", """{"sentence_bad":"b","sentence_good":"a"}""");
        Write("README.md", "no pairs");

        var set = PairSet.Read([_folder], PairFormat.JsonLines);

        Assert.Equal(2, set.Files);
        Assert.Equal(0, set.Repeated);
        Assert.Equal(
        [
            new("anaphor_number_agreement", "anaphor_agreement", "Susan revealed herself.", "Susan revealed themselves."),
            new("animate_subject_passive", "argument_structure", "Amanda was respected.", "The table was respected …"),
            new("hypernym", "hypernym", "a", "b"),
        ], set.Pairs);
    }

    [Fact]
    public void Zorros_lines_are_pairs_the_bad_one_first()
    {
        Write("filler-gap-wh_question_object.txt", "bad one .\ngood one .\nbad two .\ngood two .\n");
        var set = PairSet.Read([_folder], PairFormat.BadThenGood);
        Assert.Equal(
            [new("filler-gap-wh_question_object", "filler-gap", "good one .", "bad one ."),
                new("filler-gap-wh_question_object", "filler-gap", "good two .", "bad two .")],
            set.Pairs);
    }

    [Fact]
    public void A_pair_that_two_files_have_counts_once_and_one_that_a_file_has_twice_counts_twice()
    {
        const string pair = """{"UID":"u","sentence_good":"a","sentence_bad":"b"}""";
        Write("1.jsonl", $"{pair}\n{pair}\n");
        Write("2.jsonl", $$"""
            {{pair}}
            {"UID":"other","sentence_good":"a","sentence_bad":"b"}
            """);
        var set = PairSet.Read([_folder], PairFormat.JsonLines);
        Assert.Equal(["u", "u", "other"], set.Pairs.Select(each => each.Phenomenon));
        Assert.Equal(1, set.Repeated);
    }

    [Theory]
    [InlineData("", "holds no minimal pairs")]
    [InlineData("{\"sentence_good\":\"a\"", "1.jsonl:1 is not valid JSON")]
    [InlineData("[1]", "1.jsonl:1 is no JSON object")]
    [InlineData("{\"sentence_good\":\"a\",\"sentence_bad\":\"b\"}\n{\"sentence_good\":\"a\"}", "1.jsonl:2 has no text in the field \"sentence_bad\"")]
    [InlineData("{\"sentence_good\":\"a\",\"sentence_bad\":7}", "no text in the field \"sentence_bad\"")]
    [InlineData("{\"sentence_good\":\"a\",\"sentence_bad\":\"\"}", "no text in the field \"sentence_bad\"")]
    [InlineData("{\"sentence_good\":\"a\",\"sentence_bad\":\" \"}", "is empty")]
    [InlineData("{\"sentence_good\":\"\\ud800\",\"sentence_bad\":\"a\"}", "is not valid JSON")]
    [InlineData("a\0b", "is a binary file")]
    public void Lines_that_are_no_pairs_are_refused_in_a_sentence_with_their_place(string text, string said) =>
        Assert.Contains(said, Refused(Write("1.jsonl", text), PairFormat.JsonLines), StringComparison.Ordinal);

    [Theory]
    [InlineData("bad\n", "1.txt:1 has no good sentence in the line after it")]
    [InlineData("bad\n\ngood\n", "1.txt:1 has no good sentence in the line after it")]
    [InlineData("bad\ngood\n\u00a0\nx\n", "1.txt:4 has no good sentence in the line after it")]
    public void Text_that_is_not_of_pairs_is_refused_in_a_sentence_with_its_place(string text, string said) =>
        Assert.Contains(said, Refused(Write("1.txt", text), PairFormat.BadThenGood), StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_utf_8_and_names_without_end_are_refused()
    {
        File.WriteAllBytes(Path.Combine(_folder, "1.txt"), [.. "bad "u8, 0xFF, .. "\ngood\n"u8]);
        Assert.Contains("1 bytes that are not UTF-8", Refused(Path.Combine(_folder, "1.txt"), PairFormat.BadThenGood), StringComparison.Ordinal);
        string path = Write("2.jsonl", $$"""{"UID":"{{new string('u', 101)}}","sentence_good":"a","sentence_bad":"b"}""");
        Assert.Contains("more than 100 characters", Refused(path, PairFormat.JsonLines), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refused(Path.Combine(_folder, "none"), PairFormat.JsonLines), StringComparison.Ordinal);
    }

    [Fact]
    public void All_of_blimp_is_67_paradigms_of_1000_pairs_in_12_fields()
    {
        string folder = Path.Combine(TestData.Root, "eval", "blimp");
        TestData.Need(folder);
        var set = PairSet.Read([folder], PairFormat.JsonLines);
        Assert.Equal(67_000, set.Pairs.Count);
        Assert.Equal(3_000, set.Repeated); // three paradigms stand beside the file of all
        Assert.Equal(67, set.Pairs.GroupBy(pair => pair.Phenomenon).Count(paradigm => paradigm.Count() == 1_000));
        Assert.Equal(12, set.Pairs.Select(pair => pair.Group).Distinct().Count());
    }

    string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    static string Refused(string path, PairFormat format) =>
        Assert.Throws<DataException>(() => PairSet.Read([path], format)).Message;
}
