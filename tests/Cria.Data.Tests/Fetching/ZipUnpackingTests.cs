using System.IO.Compression;
using System.Text;
using Cria.Data.Fetching;

namespace Cria.Data.Tests.Fetching;

public sealed class ZipUnpackingTests
{
    static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    static FetchReport Fetch(FetchTrial trial, byte[] archive, string pattern)
    {
        using HostileServer server = HostileServer.OfFile(archive);
        return trial.Fetch(FetchRequest.Parse([server["data.zip"]]) with { Unpack = pattern });
    }

    [Fact]
    public void The_entries_of_the_pattern_come_beside_the_archive_and_are_recorded()
    {
        byte[] one = FetchTrial.Content(5000, 1), two = FetchTrial.Content(6000, 2);
        byte[] archive = Zip(("set/10M/", []), ("set/10M/a.train", one), ("set/10M/b.train", two), ("set/dev/a.dev", one), ("../../x", one));
        using FetchTrial trial = new();
        using HostileServer server = HostileServer.OfFile(archive);
        FetchRequest request = FetchRequest.Parse([server["data.zip"]]) with { Unpack = "set/10M/*" };
        Assert.Equal(["data.zip", "a.train", "b.train"], trial.Fetch(request).Files.Select(file => file.File));
        trial.Has("a.train", one);
        trial.Has("b.train", two);
        Assert.All(trial.Fetch(request).Files, file => Assert.Equal(FetchState.Cached, file.State));
        Assert.Contains(FetchTrial.Hash(two), File.ReadAllText(trial["SOURCE.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_would_leave_the_folder_do_not()
    {
        using FetchTrial trial = new();
        Fetch(trial, Zip(("../../../evil.txt", "x"u8.ToArray())), "**");
        Assert.True(File.Exists(trial["evil.txt"]));
        using FetchTrial second = new();
        Assert.Throws<DataException>(() => Fetch(second, Zip(("a/SOURCE.json", "x"u8.ToArray())), "**"));
        Assert.DoesNotContain("x", File.ReadAllText(second["SOURCE.json"])[..1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_that_is_none_or_another_ends_in_a_sentence()
    {
        using FetchTrial trial = new();
        Assert.Contains("is no sound zip archive", Assert.Throws<DataException>(() => Fetch(trial, FetchTrial.Content(5000), "*")).Message, StringComparison.Ordinal);
        using FetchTrial second = new();
        Assert.Contains("no entry like", Assert.Throws<DataException>(() => Fetch(second, Zip(("a", [1])), "b")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, 3999), InlineData(24, 4001), InlineData(24, int.MaxValue), InlineData(16, 12345)]
    public void An_entry_whose_length_or_check_sum_is_another_is_refused(int place, int stated)
    {
        byte[] archive = Zip(("a.txt", Encoding.ASCII.GetBytes(new string('a', 4000))));
        int directory = archive.AsSpan().IndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(archive.AsSpan(directory + place), stated);
        using FetchTrial trial = new();
        Assert.Throws<DataException>(() => Fetch(trial, archive, "*"));
        Assert.False(File.Exists(trial["a.txt"]) || File.Exists(trial["a.txt.part"]));
    }
}
