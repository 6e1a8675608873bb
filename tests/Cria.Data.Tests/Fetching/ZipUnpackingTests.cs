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

    [Theory]
    [InlineData("en/data.txt", "de/data.txt"), InlineData("en/data.txt", "de/DATA.txt"), InlineData("a.txt", "in/data.zip")]
    public void Two_entries_that_would_become_one_file_are_refused(string one, string two)
    {
        using FetchTrial trial = new();
        byte[] archive = Zip((one, FetchTrial.Content(500, 1)), (two, FetchTrial.Content(500, 2)));
        string refusal = Assert.Throws<DataException>(() => Fetch(trial, archive, "**")).Message;
        Assert.Contains(two, refusal, StringComparison.Ordinal);
        Assert.Equal(["SOURCE.json", "data.zip"], Directory.EnumerateFiles(trial.Folder)
            .Select(Path.GetFileName).Where(name => name![0] != '.').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_entry_is_not_taken_for_another_of_its_name()
    {
        byte[] archive = Zip(("en/data.txt", FetchTrial.Content(500, 1)), ("de/data.txt", FetchTrial.Content(500, 2)));
        using FetchTrial trial = new();
        using HostileServer server = HostileServer.OfFile(archive);
        FetchRequest request = FetchRequest.Parse([server["data.zip"]]);
        trial.Fetch(request with { Unpack = "en/*" });
        string refusal = Assert.Throws<DataException>(() => trial.Fetch(request with { Unpack = "de/*" })).Message;
        Assert.Contains("is from elsewhere", refusal, StringComparison.Ordinal);
        trial.Has("data.txt", FetchTrial.Content(500, 1));
    }

    [Fact]
    public void An_entry_has_its_name_only_when_it_is_in_the_record()
    {
        byte[] content = FetchTrial.Content(5000);
        using FetchTrial trial = new();
        using HostileServer server = HostileServer.OfFile(Zip(("a.txt", content)));
        FetchRequest request = FetchRequest.Parse([server["data.zip"]]) with { Unpack = "*" };
        trial.Clock.DiesAt = 2; // the first is the archive's
        Assert.Throws<TimeoutException>(() => trial.Fetch(request));
        trial.Clock.DiesAt = 0;
        trial.Fetch(request);
        trial.Has("a.txt", content);
    }
}
