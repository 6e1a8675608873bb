using System.Text;
using Cria.Data.Cleaning;
using Cria.Data.Readers;
using Cria.Data.Shards;

namespace Cria.Data.Tests.Shards;

/// <summary>A packing that dies at any of its steps and is asked for again ends with the bytes of one that never
/// died.</summary>
public sealed class PackCrashTests
{
    static readonly string Hash = new('c', 64);

    [Theory]
    [InlineData(50), InlineData(7)]
    public void A_packing_killed_at_any_step_and_asked_for_again_gives_the_same_bytes(long tokensPerShard)
    {
        using var folder = new TemporaryFolder(inMemory: true);
        string[] inputs = Inputs(folder, files: 3);
        AtEveryStep(folder, (packer, name) => packer.PackFiles(DocumentReader.Open(inputs), folder[$"{name}/set"]), tokensPerShard);
    }

    [Fact]
    public void So_do_two_sets_at_once()
    {
        using var folder = new TemporaryFolder(inMemory: true);
        string[] inputs = Inputs(folder, files: 3);
        var split = new CorpusSplit { ValidationFraction = 0.4 };
        AtEveryStep(folder, (packer, name) => packer.PackFiles(
            DocumentReader.Open(inputs), split, folder[$"{name}/train"], folder[$"{name}/validation"]), tokensPerShard: 60);
    }

    [Fact]
    public void A_set_that_is_added_to_stays_whole_until_it_is_the_larger_one()
    {
        using var folder = new TemporaryFolder(inMemory: true);
        string[] old = Inputs(folder, files: 2), added = Inputs(folder, files: 3, first: 2);
        byte[][] before = [];
        AtEveryStep(folder,
            (packer, name) => packer.AppendFiles(DocumentReader.Open(added), folder[$"{name}/set"]),
            tokensPerShard: 50,
            prepare: name =>
            {
                Packer(UnflushedDisk.Instance, 50).PackFiles(DocumentReader.Open(old), folder[$"{name}/set"]);
                before = Documents(folder[$"{name}/set"]);
            },
            afterCrash: name =>
            {
                byte[][] now = Documents(folder[$"{name}/set"]);
                Assert.True(now.Length == before.Length || now.Length > before.Length + 2);
                Assert.Equal(before, now[..before.Length]);
            });
        byte[][] all = Documents(folder["whole/set"]);
        Packer(UnflushedDisk.Instance, 50).PackFiles(DocumentReader.Open([.. old, .. added]), folder["both"]);
        Assert.Equal(Documents(folder["both"]), all);
    }

    [Fact]
    public void Killed_again_and_again_it_still_ends()
    {
        using var folder = new TemporaryFolder(inMemory: true);
        string[] inputs = Inputs(folder, files: 12);
        Packer(UnflushedDisk.Instance, 70).PackFiles(DocumentReader.Open(inputs), folder["whole"]);
        var random = new Random(5);
        int kills = 0;
        for (bool ends = false; !ends;)
        {
            var storage = new CrashingStorage(random.Next(30));
            ends = Survives(() => Packer(storage, 70).PackFiles(DocumentReader.Open(inputs), folder["set"]));
            kills += ends ? 0 : 1;
            Assert.True(kills < 1000);
        }

        Assert.True(kills >= 5, $"{kills} kills");
        AssertSame(folder["whole"], folder["set"]);
    }

    static void AtEveryStep(
        TemporaryFolder folder,
        Action<ShardPacker, string> pack,
        long tokensPerShard,
        Action<string>? prepare = null,
        Action<string>? afterCrash = null)
    {
        prepare?.Invoke("whole");
        pack(Packer(UnflushedDisk.Instance, tokensPerShard), "whole");
        int step = 0;
        for (bool ends = false; !ends; step++)
        {
            string name = $"{step}";
            prepare?.Invoke(name);
            ends = Survives(() => pack(Packer(new CrashingStorage(step), tokensPerShard), name));
            if (!ends)
            {
                afterCrash?.Invoke(name);
                bool isPublished = Directory.Exists(folder[$"{name}/set"]) && prepare is null;
                if (!isPublished || File.Exists(folder[$"{name}/set.journal"]))
                    pack(Packer(UnflushedDisk.Instance, tokensPerShard), name);
            }

            AssertSame(folder["whole"], folder[name]);
            Directory.Delete(folder[name], recursive: true);
        }

        Assert.True(step > 30, $"{step} steps");
    }

    static bool Survives(Action pack)
    {
        try
        {
            pack();
            return true;
        }
        catch (CrashException)
        {
            return false;
        }
    }

    static ShardPacker Packer(ShardStorage storage, long tokensPerShard) =>
        new(new ByteTokenizer(), Hash, threads: 1, tokensPerShard) { Storage = storage, JournalPause = TimeSpan.Zero };

    /// <summary>A block a file, with a few documents each, one line that holds none, and one empty document.</summary>
    static string[] Inputs(TemporaryFolder folder, int files, int first = 0) => [.. Enumerable.Range(first, files).Select(file =>
    {
        var lines = new StringBuilder();
        for (int document = 0; document < 4; document++)
            lines.Append($"{{\"text\": \"file {file}, text {document}{new string('x', file * document % 5)}\"}}\n");
        return folder.Write($"in/{file}.jsonl", Encoding.UTF8.GetBytes(lines + "no document\n{\"text\": \" \"}\n"));
    })];

    static byte[][] Documents(string path)
    {
        using ShardSet set = ShardSet.Open(path);
        set.Verify();
        return [.. new DocumentChunks(set, 1000).Select(chunk =>
        {
            var ids = new int[chunk.Length + 1];
            set.Read(chunk.Start, ids);
            return ids[1..^1].Select(id => (byte)id).ToArray();
        })];
    }

    static void AssertSame(string expected, string found)
    {
        string[] names = Names(expected);
        Assert.Equal(names, Names(found));
        foreach (string name in names)
        {
            Assert.True(File.ReadAllBytes(Path.Combine(expected, name)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(found, name))), name);
        }
    }

    static string[] Names(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];
}
