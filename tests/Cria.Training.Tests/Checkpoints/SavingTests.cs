using Cria.Engine.Tensors;
using Cria.Training.Checkpoints;
using Cria.Training.Observation;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Checkpoints;

/// <summary>What is kept of a run, and what becomes of it when the disk fails.</summary>
public sealed class SavingTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("cria-saving-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Writing_in_the_background_changes_neither_a_bit_of_the_run_nor_of_its_checkpoints()
    {
        using var waits = new SmallRun(change: r => r with
        {
            Checkpoint = new() { Every = 10, Keep = 100, Background = false },
            Guard = new() { MaxRollbacks = 0 },
        });
        using var goesOn = new SmallRun(change: r => r with { Checkpoint = new() { Every = 10, Keep = 100 } });
        waits.Trainer.Run();
        goesOn.Trainer.Run();
        Assert.Equal(0, waits.Trainer.Memory.Snapshot);
        Assert.Equal([10, 20, 30, 40, 50, 60], goesOn.Seen.Checkpoints);
        Assert.Equal(waits.Seen.Checkpoints, goesOn.Seen.Checkpoints);
        foreach (int step in goesOn.Seen.Checkpoints)
            foreach (string file in (string[])["model.safetensors", "training/optimizer.safetensors", "config.json"])
                Assert.Equal(File.ReadAllBytes(In(waits, step, file)), File.ReadAllBytes(In(goesOn, step, file)));
    }

    [Fact]
    public void The_newest_are_kept_and_beside_them_those_that_are_kept_for_good()
    {
        var kept = new CheckpointRecipe { Every = 10, Keep = 1, PermanentEvery = 25, PermanentAt = [3, 11] };
        using var run = new SmallRun(change: r => r with { Checkpoint = kept });
        run.Trainer.Run();
        Assert.Equal([3, 11, 25, 50, 60], Steps(run.Folder));
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_is_told_tried_again_and_costs_nothing()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "checkpoints"));
        string blocked = Path.Combine(_folder, "checkpoints", "step-20");
        File.WriteAllText(blocked, "in the way");
        using var run = new SmallRun(folder: _folder, change: r => r with { Checkpoint = new() { Every = 10, Keep = 100 } });
        Assert.True(run.Trainer.Run());
        var failed = Assert.IsType<CheckpointFailed>(Assert.Single(run.Seen.Events));
        Assert.Equal(20, failed.Step);
        Assert.Contains(blocked, failed.Text);
        Assert.DoesNotContain('\n', failed.Text);
        Assert.Equal([10, 30, 40, 50, 60], run.Seen.Checkpoints);
        Assert.All(run.Seen.Checkpoints, step => Assert.Null(DurableFolder.Damage(In(run, step, ""))));
        using var calm = new SmallRun();
        calm.Trainer.Run();
        Assert.Equal(Weights(calm), Weights(run));
    }

    [Fact]
    public void A_last_state_that_cannot_be_written_ends_the_run_with_a_sentence_and_resumes_when_it_can()
    {
        string root = Path.Combine(_folder, "checkpoints");
        using (var run = new SmallRun(folder: _folder))
        {
            File.WriteAllText(root, "in the way of the folder");
            var e = Assert.Throws<CheckpointException>(() => run.Trainer.Run());
            Assert.Contains(Path.Combine(root, "step-60"), e.Message);
            Assert.Equal([10, 20, 30, 40, 50], run.Seen.Events.OfType<CheckpointFailed>().Select(failed => failed.Step));
            File.Delete(root);
            run.Trainer.Save();
        }
        using var resumed = new SmallRun(folder: _folder);
        Assert.Equal(60, resumed.Trainer.Step);
    }

    [Theory]
    [InlineData(20), InlineData(60)]
    public void An_evaluation_that_was_given_up_is_made_when_the_run_goes_on(int step)
    {
        using var whole = new SmallRun();
        whole.Trainer.Run();
        using (var part = new SmallRun(folder: _folder))
        {
            using var cancel = new CancellationTokenSource();
            (part.Seen.AfterSteps, part.Seen.Then) = (step, cancel.Cancel);
            Assert.False(part.Trainer.Run(cancel.Token));
            Assert.DoesNotContain(part.Seen.Evaluations, evaluation => evaluation.Step == step);
        }
        using var rest = new SmallRun(threads: 2, _folder);
        Assert.True(rest.Trainer.Run());
        Assert.Equal(SmallRun.Lines(whole.Folder), SmallRun.Lines(_folder));
        Assert.Equal(Weights(whole), Weights(rest));
    }

    [Theory]
    [InlineData(0, true), InlineData(7, true), InlineData(0, false), InlineData(20, false)]
    public void A_run_that_awaits_an_evaluation_saves_again_when_it_goes_on_with_another_interval(int every, bool evaluates)
    {
        using (var part = new SmallRun(folder: _folder))
        {
            using var cancel = new CancellationTokenSource();
            (part.Seen.AfterSteps, part.Seen.Then) = (20, cancel.Cancel);
            Assert.False(part.Trainer.Run(cancel.Token));
        }
        var evaluate = new EvaluateRecipe { Every = every, Tokens = 200 };
        using var rest = new SmallRun(folder: _folder, evaluates: evaluates, change: r => r with { Evaluate = evaluate });
        Assert.True(rest.Trainer.Run());
        Assert.Equal([30, 40, 50, 60], rest.Seen.Checkpoints);
        Assert.Equal(evaluates, rest.Seen.Evaluations.Any(evaluation => evaluation.Step == 20));
    }

    static float[] Weights(SmallRun run) => run.Model.Parameters.Weights.ToArray<float>();

    static string In(SmallRun run, int step, string file) => Path.Combine(run.Folder, "checkpoints", $"step-{step}", file);

    static int[] Steps(string folder) => [.. Directory.GetDirectories(Path.Combine(folder, "checkpoints"))
        .Select(path => int.Parse(Path.GetFileName(path)["step-".Length..], System.Globalization.CultureInfo.InvariantCulture)).Order()];
}
