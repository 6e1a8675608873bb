using Cria.Models;
using Cria.Training.Averaging;
using Cria.Training.Checkpoints;

namespace Cria.Training.Tests.Checkpoints;

/// <summary>A run is put away while a checkpoint is on its way to the disk: first that is written, then memory and files go.</summary>
public sealed class DisposalTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("cria-disposal-").FullName;
    readonly SlowStore _store = new();

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_being_written_is_finished_first_and_is_the_state_of_its_step()
    {
        var run = Open();
        byte[] saved = [];
        run.Seen.AfterSteps = 13;
        run.Seen.Then = () => throw new OperationCanceledException();
        run.Seen.WhenStepped = step => saved = step == 10 ? run.Everything() : saved;
        Assert.Throws<OperationCanceledException>(() => run.Trainer.Run());
        await _store.HasBegun;
        var disposal = Task.Run(run.Dispose);
        _store.GoOn();
        await disposal;

        Assert.Null(DurableFolder.Damage(Path.Combine(_folder, "checkpoints", "step-10")));
        using var rest = Open();
        Assert.Equal(10, rest.Trainer.Step);
        Assert.Equal(saved, rest.Everything());
    }

    [Fact]
    public async Task A_write_that_fails_meanwhile_hides_nothing_and_leaves_nothing()
    {
        var run = Open();
        run.Seen.AfterSteps = 13;
        run.Seen.Then = static () => throw new TrainingException("what ended the run");
        Assert.Equal("what ended the run", Assert.Throws<TrainingException>(() => run.Trainer.Run()).Message);
        await _store.HasBegun;
        var disposal = Task.Run(run.Dispose);
        _store.Fail();
        await disposal;
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "checkpoints")));
    }

    // Its first checkpoint, of step 10, waits to be let go; the later ones of the test's time budget would wait for it.
    SmallRun Open() => new(folder: _folder, time: new FakeTime(0.2), standIns: new() { Store = _store.Around }, change: r => r with
    {
        Steps = 0,
        Stop = new() { Time = TimeSpan.FromSeconds(20) },
        Average = [new EmaRecipe { Decay = 0.9 }, new LawaRecipe { Count = 3 }],
    });

    sealed class SlowStore : IDisposable
    {
        readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly ManualResetEventSlim _gate = new();
        bool _fails;

        public Task HasBegun => _begun.Task;

        public IModelStore Around(IModelStore inner) => new Gated(this, inner);

        public void GoOn() => _gate.Set();

        public void Fail()
        {
            _fails = true;
            _gate.Set();
        }

        public void Dispose() => _gate.Dispose();

        sealed class Gated(SlowStore store, IModelStore inner) : IModelStore
        {
            public void Save(string folder, ILanguageModel model)
            {
                store._begun.TrySetResult();
                store._gate.Wait();
                if (store._fails)
                    throw new IOException("no room");
                inner.Save(folder, model);
            }

            public void Load(string folder, ILanguageModel model) => inner.Load(folder, model);
        }
    }
}
