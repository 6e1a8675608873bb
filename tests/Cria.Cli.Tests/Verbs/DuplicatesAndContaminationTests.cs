using System.Text.Json;

namespace Cria.Cli.Tests.Verbs;

public sealed class DuplicatesAndContaminationTests : IDisposable
{
    const string Fox = "The quick brown fox jumps over the lazy dog while the sun sets behind the old stone mill by the river.";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Duplicates_are_counted_and_named()
    {
        string[] texts =
            [Fox, "Another story altogether, with nothing in common.", Fox, Fox.Replace("dog", "cat", StringComparison.Ordinal)];
        string corpus = _folder.Write("corpus.txt", string.Join("\n<|endoftext|>\n", texts));
        JsonElement found = Json("data", "duplicates", corpus);
        Assert.Equal(4, found.GetProperty("documents").GetInt32());
        Assert.Equal(1, found.GetProperty("exact_duplicates").GetInt32());
        Assert.Equal(1, found.GetProperty("near_duplicates").GetInt32());
        JsonElement pair = found.GetProperty("pairs")[0];
        Assert.Equal($"{corpus}:7", pair.GetProperty("place").GetString());
        Assert.Equal($"{corpus}:1", pair.GetProperty("original").GetString());
        Assert.Equal(16.0 / 22, pair.GetProperty("jaccard").GetDouble(), 6); // 19 shingles each, three of them spoilt

        Assert.Equal(0, Json("data", "duplicates", corpus, "--threshold", "0.8").GetProperty("near_duplicates").GetInt32());
        (int code, _, string error) = CriaProcess.Run("data", "duplicates", corpus, "--bands", "3");
        Assert.Equal(2, code);
        Assert.Contains("--rows", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluation_text_is_cut_out()
    {
        string words = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"word{i}"));
        string corpus = _folder.Write("corpus.txt", $"{words} {Fox} {words}\n<|endoftext|>\nNothing to see.");
        string quiz = _folder.Write("quiz.jsonl", $$"""{"question": "{{Fox}}", "choices": ["Yes"], "id": "unseen by everybody else"}""");
        string cleaned = _folder["cleaned.jsonl"];
        JsonElement report = Json("data", "contamination", corpus, "--against", quiz, "--field", "question", "--out", cleaned)
            .GetProperty("report");
        Assert.Equal(1, report.GetProperty("contaminated_documents").GetInt32());
        JsonElement set = report.GetProperty("sets")[0];
        Assert.Equal("quiz", set.GetProperty("name").GetString());
        Assert.Equal(1, set.GetProperty("found_items").GetInt32());

        string[] left = File.ReadAllLines(cleaned);
        Assert.Equal(3, left.Length); // before, after, and the other document
        Assert.DoesNotContain("fox", string.Concat(left), StringComparison.Ordinal);
        Assert.Contains("word0 word1", left[0], StringComparison.Ordinal);
        Assert.Contains("word98 word99", left[1], StringComparison.Ordinal);
    }

    static JsonElement Json(params string[] arguments) =>
        JsonDocument.Parse(CriaProcess.Succeed([.. arguments, "--json"])).RootElement.Clone();
}
