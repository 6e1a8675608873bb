using Cria.Cli.Runs;

namespace Cria.Cli.Tests.Runs;

public sealed class WholeFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_there_is_replaced_and_no_temporary_file_is_left()
    {
        string path = _folder.Write("page.html", "old");
        WholeFile.Write(path, "new");
        Assert.Equal("new"u8, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void What_cannot_be_written_is_named_and_not_its_temporary_file()
    {
        string inTheWay = _folder["folder"], nowhere = _folder["no/such/file"];
        Directory.CreateDirectory(inTheWay);
        foreach (string path in (string[])[inTheWay, nowhere])
        {
            string message = Assert.Throws<IOException>(() => WholeFile.Write(path, "text")).Message;
            Assert.StartsWith($"{path} could not be written: ", message, StringComparison.Ordinal);
            Assert.DoesNotContain(".tmp", message, StringComparison.Ordinal);
        }
        Assert.Equal([inTheWay], Directory.GetFileSystemEntries(_folder.Root));
    }
}
