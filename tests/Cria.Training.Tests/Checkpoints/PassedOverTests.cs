using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Checkpoints;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Checkpoints;

/// <summary>What becomes of later checkpoints when a run that went back saves an earlier step.</summary>
public sealed class PassedOverTests : IDisposable
{
    readonly SmallRun _run = new();
    readonly FailingStore _store = new();
    readonly CheckpointFolder _checkpoints;

    public PassedOverTests()
    {
        _checkpoints = new(Root, _store, new CheckpointRecipe { Keep = 5 });
        foreach (int step in (int[])[10, 20, 30])
            Write(step);
    }

    string Root => Path.Combine(_run.Folder, "passed");

    public void Dispose() => _run.Dispose();

    [Fact]
    public void They_stay_until_the_new_one_is_whole()
    {
        _store.Fault = folder =>
        {
            Assert.Equal(["step-10", "step-15.tmp", "step-20", "step-30"], Names());
            throw new IOException("no space");
        };
        Assert.Throws<CheckpointException>(() => Write(15));
        Assert.Equal(["step-10", "step-20", "step-30"], Names());
    }

    [Fact]
    public void They_come_back_where_the_new_one_cannot_take_its_name()
    {
        _store.Fault = folder => File.WriteAllText(Path.Combine(Root, "step-15"), "in the way");
        Assert.Throws<CheckpointException>(() => Write(15));
        Assert.Equal(["step-10", "step-20", "step-30"], Names());
        Assert.Equal(30, _checkpoints.Newest(_ => { })!.Value.State.Step);
    }

    [Theory]
    [InlineData(15), InlineData(20)]
    public void Whole_ones_are_removed_and_damaged_ones_kept_for_a_look(int step)
    {
        File.AppendAllText(Path.Combine(Root, "step-30", "config.json"), " ");
        Write(step);
        Assert.Equal(["step-10", $"step-{step}", "step-30.damaged"], Names());
        Assert.Equal(step, _checkpoints.Newest(_ => { })!.Value.State.Step);
    }

    void Write(int step) =>
        _checkpoints.Write(_run.Model, _run.Trainer.Slots, new() { Step = step, Samples = 0, Tokens = 0, PlannedSteps = 60 });

    string[] Names() => [.. Directory.GetDirectories(Root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    sealed class FailingStore : IModelStore
    {
        readonly Interop.HuggingFace.FolderStore _store = new(new Dictionary<string, byte[]>(), 0);

        public Action<string>? Fault { get; set; }

        public void Save(string folder, ILanguageModel model)
        {
            _store.Save(folder, model);
            Fault?.Invoke(folder);
        }

        public void Load(string folder, ILanguageModel model) => _store.Load(folder, model);
    }
}
