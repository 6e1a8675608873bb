using Cria.Engine.Tensors;
using Cria.Training.Checkpoints;

namespace Cria.Training.Tests.Checkpoints;

/// <summary>A disk with room for one checkpoint and not for two.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public void A_checkpoint_that_does_not_fit_leaves_the_old_one_and_no_half_of_itself()
    {
        using var disk = new PrivateDisk("1m");
        using var run = new SmallRun();
        run.Trainer.TrainStep();
        run.Trainer.Save();
        string saved = Path.Combine(run.Folder, "checkpoints", "step-1"), root = Path.Combine(disk.Path, "checkpoints");
        long size = new DirectoryInfo(saved).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Directory.CreateDirectory(root);
        string first = Path.Combine(root, "step-1"), second = Path.Combine(root, "step-2");
        DurableFolder.Write(first, folder => Copy(saved, folder));
        using (var ballast = File.Create(Path.Combine(disk.Path, "ballast")))
            ballast.Write(new byte[Math.Max(0, (1 << 20) - size - size / 2 - (1 << 14))]);

        var e = Assert.Throws<CheckpointException>(() => DurableFolder.Write(second, folder => Copy(saved, folder)));
        Assert.Contains("disk is full", e.Message);
        Assert.Contains(second, e.Message);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal([first], Directory.EnumerateFileSystemEntries(root));
        Assert.Null(DurableFolder.Damage(first));
    }

    static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(from, file);
            if (name == "hashes.json")
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, name))!);
            File.WriteAllBytes(Path.Combine(to, name), File.ReadAllBytes(file));
        }
    }
}
