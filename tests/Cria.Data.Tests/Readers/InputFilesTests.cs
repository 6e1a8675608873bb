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
    [InlineData("c.TXT", "c.TXT")]
    public void Folders_and_patterns_give_their_files_in_order(string pattern, string expected)
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "z/y/1.md", "c.TXT", "a/4.png", "b.train", "a/3.jsonl.gz" })
            folder.Write(name, "x"u8);
        IEnumerable<string> found = DocumentReader.Open([pattern.Length == 0 ? folder.Path : folder[pattern]]).Files;
        Assert.Equal(expected.Split(' '), found.Select(path => Path.GetRelativePath(folder.Path, path)));
    }

    [Fact]
    public void A_file_named_twice_is_read_once_in_its_first_place()
    {
        using var folder = new TemporaryFolder();
        string a = folder.Write("a.txt", "x"u8), b = folder.Write("b.txt", "x"u8);
        Assert.Equal([b, a], DocumentReader.Open([b, folder.Path, a]).Files);
    }
}
