using Cria.Data;
using Cria.Training.Checkpoints;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Checkpoints;

/// <summary>A shard that is cut while a run reads it.</summary>
public sealed class CutShardTests : IDisposable
{
    const int CutAfter = 12, Left = 8;

    readonly string _folder = Directory.CreateTempSubdirectory("cria-cut-").FullName;
    readonly Dictionary<string, byte[]> _whole = [];

    public static TheoryData<string> Orders => ResumeTests.Orders;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Orders))]
    public void It_is_named_no_step_is_made_of_what_is_missing_and_the_run_goes_on_when_it_is_whole_again(string order)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cuts no file that is read");
        Recipe Change(Recipe r) => ResumeTests.Reading(r, order);
        using var calm = new SmallRun(change: Change);
        calm.Trainer.Run();

        using (var run = new SmallRun(threads: 2, _folder, Change))
        {
            (run.Seen.AfterSteps, run.Seen.Then) = (CutAfter, Cut);
            string message = Assert.Throws<DataException>(() => run.Trainer.Run()).Message;
            Assert.Contains(_whole.Keys, path => message.StartsWith(path, StringComparison.Ordinal));
            Assert.Contains("cut", message);
            Assert.DoesNotContain('\n', message);
            Assert.Equal(calm.Seen.Steps.Take(CutAfter).Select(step => step.Loss), run.Seen.Steps.Select(step => step.Loss));
            Assert.Empty(run.Seen.Events);
        }

        Assert.Null(DurableFolder.Damage(Path.Combine(_folder, "checkpoints", "step-10")));
        foreach (var (path, bytes) in _whole)
            File.WriteAllBytes(path, bytes);
        using var rest = new SmallRun(folder: _folder, change: Change);
        Assert.Equal(10, rest.Trainer.Step);
        Assert.True(rest.Trainer.Run());
        Assert.Equal(SmallRun.Lines(calm.Folder), SmallRun.Lines(_folder));
        Assert.Equal(calm.Everything(), rest.Everything());
    }

    [Fact]
    public void One_that_is_only_evaluated_on_is_named_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cuts no file that is read");
        static Recipe Change(Recipe r) => ResumeTests.Reading(r, "mixture"); // validates on shards of its own
        using (var run = new SmallRun(folder: _folder, change: Change))
        {
            (run.Seen.AfterSteps, run.Seen.Then) = (CutAfter, () => Cut("shards"));
            string message = Assert.Throws<DataException>(() => run.Trainer.Run()).Message;
            Assert.StartsWith(Assert.Single(_whole.Keys), message, StringComparison.Ordinal);
            Assert.Equal(20, run.Seen.Steps[^1].Step); // where the evaluation is due
            Assert.Empty(run.Seen.Evaluations);
        }

        Assert.Null(DurableFolder.Damage(Path.Combine(_folder, "checkpoints", "step-10")));
    }

    void Cut()
    {
        foreach (string folder in Directory.GetDirectories(_folder))
            Cut(Path.GetFileName(folder));
    }

    void Cut(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(_folder, folder), "*.bin"))
        {
            _whole[path] = File.ReadAllBytes(path);
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(Left);
        }
    }
}
