using Cria.Engine.Tensors;
using Cria.Training.Checkpoints;

namespace Cria.Training.Tests.Checkpoints;

public sealed class DurableFolderTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("cria-durable-").FullName;

    string Target => Path.Combine(_root, "target");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_was_written_is_whole_and_nothing_else_is_there()
    {
        DurableFolder.Write(Target, Fill);
        Assert.Null(DurableFolder.Damage(Target));
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_root));
        Assert.Equal("a", File.ReadAllText(Path.Combine(Target, "a.txt")));
    }

    [Fact]
    public void An_exception_while_it_is_filled_leaves_nothing()
    {
        Assert.Throws<InvalidOperationException>(() => DurableFolder.Write(Target, folder =>
        {
            Fill(folder);
            throw new InvalidOperationException();
        }));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public void What_a_killed_process_left_is_replaced()
    {
        Directory.CreateDirectory(Path.Combine(Target + ".tmp", "inner"));
        File.WriteAllText(Path.Combine(Target + ".tmp", "stale.txt"), "old");
        DurableFolder.Write(Target, Fill);
        Assert.False(File.Exists(Path.Combine(Target, "stale.txt")));
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public void What_cannot_take_its_name_is_a_sentence_and_leaves_nothing()
    {
        var e = Assert.Throws<CheckpointException>(() => DurableFolder.Write(Target, folder =>
        {
            Fill(folder);
            File.WriteAllText(Target, "somebody else's");
        }));
        Assert.Contains(Target, e.Message);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_root));
        Assert.Equal("somebody else's", File.ReadAllText(Target));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void What_exists_is_not_written_over(bool isFolder)
    {
        if (isFolder)
            Directory.CreateDirectory(Target);
        else
            File.WriteAllText(Target, "mine");
        Assert.Contains(Target, Assert.Throws<CheckpointException>(() => DurableFolder.Write(Target, Fill)).Message);
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public void Every_kind_of_damage_is_said_with_the_file_it_is_in()
    {
        DurableFolder.Write(Target, Fill);
        string a = Path.Combine(Target, "a.txt"), inner = Path.Combine(Target, "inner", "b.bin"), hashes = Path.Combine(Target, "hashes.json");
        byte[] bytes = File.ReadAllBytes(inner);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            File.WriteAllBytes(inner, bytes);
            Said(inner, "damaged");
            bytes[i] ^= 0x10;
        }
        File.WriteAllBytes(inner, bytes[..^1]);
        Said(inner, "damaged");
        File.WriteAllBytes(inner, bytes);
        Assert.Null(DurableFolder.Damage(Target));

        File.Move(a, a + "x");
        Said(a, "missing");
        File.WriteAllText(hashes, "{");
        Said(hashes, "damaged");
        File.WriteAllText(hashes, "[1]");
        Said(hashes, "damaged");
        File.Delete(hashes);
        Said("hashes.json", "not written to its end");
    }

    [Fact]
    public void Hashes_of_files_elsewhere_are_damage_and_are_not_read()
    {
        DurableFolder.Write(Target, Fill);
        string hashes = Path.Combine(Target, "hashes.json");
        File.WriteAllText(hashes, """{"../../../../../../../../etc/passwd":"00"}""");
        Said(hashes, "damaged");
        File.WriteAllText(hashes, """{"/etc/passwd":"00"}""");
        Said(hashes, "damaged");
    }

    void Said(string file, string what)
    {
        string damage = Assert.IsType<string>(DurableFolder.Damage(Target));
        Assert.Contains(file, damage);
        Assert.Contains(what, damage);
        Assert.DoesNotContain('\n', damage);
    }

    static void Fill(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "a.txt"), "a");
        Directory.CreateDirectory(Path.Combine(folder, "inner"));
        File.WriteAllBytes(Path.Combine(folder, "inner", "b.bin"), [1, 2, 3, 4, 5]);
    }
}
