using Cria.Data.Readers;

namespace Cria.Data.Tests.Readers;

public sealed class InputFilesTests
{
    [Theory]
    [InlineData("", "a/3.jsonl.gz b.train c.TXT z/y/1.md")]
    [InlineData("*.t*", "b.train")]
    [InlineData("?/*", "a/3.jsonl.gz a/4.png")]
    [InlineData("**/*.md", "z/y/1.md")]
    [InlineData("z/*/1.md", "z/y/1.md")]
    [InlineData("z/**", "z/y/1.md")]
    [InlineData("**", "a/3.jsonl.gz a/4.png b.train c.TXT z/y/1.md")]
    [InlineData("**/y/**", "z/y/1.md")]
    [InlineData("c.TXT", "c.TXT")]
    public void Folders_and_patterns_give_their_files_in_order(string pattern, string expected)
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "z/y/1.md", "c.TXT", "a/4.png", "b.train", "a/3.jsonl.gz" })
            folder.Write(name, "x"u8);
        IEnumerable<string> found = DocumentReader.Open([pattern.Length == 0 ? folder.Path : folder[pattern]]).Files;
        Assert.Equal(expected.Split(' '), found.Select(path => Path.GetRelativePath(folder.Path, path)));
    }

    [Theory]
    [InlineData("", "b/one.txt elsewhere/three.txt two.txt")]
    [InlineData("**", "b/one.txt elsewhere/three.txt two.txt")]
    [InlineData("**/one.txt", "b/one.txt")]
    [InlineData("a/*", "a/one.txt")] // the link itself is named
    public void What_links_lead_to_is_read_once_by_its_own_name(string pattern, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        using var outside = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        outside.Write("three.txt", "x"u8);
        folder.Write("b/one.txt", "x"u8);
        folder.Write("two.txt", "x"u8);
        Directory.CreateSymbolicLink(folder["a"], "b");
        Directory.CreateSymbolicLink(folder["b/loop"], "..");
        Directory.CreateSymbolicLink(folder["elsewhere"], outside.Path);
        Directory.CreateSymbolicLink(folder["further"], folder["elsewhere"]);
        File.CreateSymbolicLink(folder["two-again.txt"], "two.txt");
        string[] files = [.. DocumentReader.Open([pattern.Length == 0 ? folder.Path : folder[pattern]]).Files
            .Select(path => Path.GetRelativePath(folder.Path, path))];
        Assert.Equal(expected.Split(' '), files.Select(path => path == "two-again.txt" ? "two.txt" : path));
    }

    [Theory]
    [InlineData("itself.txt"), InlineData("itself.txt/further"), InlineData("nowhere.txt")]
    public void A_link_to_nothing_is_refused_by_its_name(string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["itself.txt"], target);
        string fault = Assert.Throws<DataException>(() => DocumentReader.Open([folder.Path]).Count()).Message;
        Assert.StartsWith($"{folder["itself.txt"]} could not be opened", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_named_twice_is_read_once_in_its_first_place()
    {
        using var folder = new TemporaryFolder();
        string a = folder.Write("a.txt", "x"u8), b = folder.Write("b.txt", "x"u8);
        Assert.Equal([b, a], DocumentReader.Open([b, folder.Path, a]).Files);
    }
}
