namespace Cria.Data.Tests;

public sealed class DurableFileTests
{
    [Fact]
    public void What_is_written_replaces_what_was_there_and_leaves_no_temporary_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["page.html"], "the old page, which was longer");
        DurableFile.Write(folder["page.html"], "new"u8.ToArray());
        Assert.Equal("new", File.ReadAllText(folder["page.html"]));
        Assert.Equal([folder["page.html"]], Directory.GetFileSystemEntries(Path.GetDirectoryName(folder["page.html"])!));
    }

    [Fact]
    public void What_fails_half_way_leaves_what_was_there_and_no_temporary_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["page.html"], "old");
        var e = Assert.Throws<DataException>(() => DurableFile.Write(folder["page.html"], file =>
        {
            file.Write("half"u8);
            throw new IOException("the cable is out.");
        }));
        Assert.Equal($"{folder["page.html"]} could not be written: the cable is out; choose a folder that can be written.", e.Message);
        Assert.Equal("old", File.ReadAllText(folder["page.html"]));
        Assert.Throws<InvalidOperationException>(() => DurableFile.Write(folder["page.html"], _ => throw new InvalidOperationException()));
        Assert.False(File.Exists(folder["page.html.tmp"]));
    }

    [Fact]
    public void A_name_that_is_taken_and_a_folder_that_is_not_there_are_refused_in_a_sentence()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["taken"], "mine");
        Assert.Contains("taken could not be written", Assert.Throws<DataException>(() => DurableFile.Write(folder["taken"], [1], overwrite: false)).Message,
            StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder["taken"]));
        string inside = Path.Combine(folder["absent"], "file");
        Assert.Contains("could not be written", Assert.Throws<DataException>(() => DurableFile.Write(inside, [1])).Message, StringComparison.Ordinal);
    }
}
