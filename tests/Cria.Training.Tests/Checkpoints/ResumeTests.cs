using Cria.Data.Sampling;
using Cria.Training.Averaging;
using Cria.Training.Recipes;
using Cria.Training.Tests.Averaging;

namespace Cria.Training.Tests.Checkpoints;

/// <summary>
/// A run that goes on, on any number of threads, has the bits of one that never stopped; with another micro-batch it reads the same
/// samples, and its sums are rounded otherwise.
/// </summary>
public sealed class ResumeTests : IDisposable
{
    const int Steps = 24;

    readonly string _folder = Directory.CreateTempSubdirectory("cria-resume-").FullName;

    /// <summary>The steps after which a run is killed; checkpoints are due after every tenth.</summary>
    static int[] Kills => SlowTests.Run ? [3, 13, 17, 23] : [13];

    /// <summary>Every reader, and a mixture of two sources.</summary>
    public static TheoryData<string> Orders => [.. SampleReaders.Types, "mixture"];

    public static TheoryData<AverageRecipe> Averages => AveragesTests.Kinds;

    public static Recipe Reading(Recipe recipe, string order) => recipe with
    {
        Steps = Steps,
        Data = order == "mixture"
            ? recipe.Data with { Mixture = [new() { Train = "left", Weight = 2 }, new() { Train = "right", Weight = 1 }] }
            : recipe.Data with { Reader = new() { Type = order } },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Orders))]
    public void In_every_order_of_samples_weights_optimizer_and_all_averages_are_what_they_would_have_been(string order)
    {
        Recipe Change(Recipe r) => Reading(r, order) with
        {
            Average = [.. AveragesTests.Kinds.Select((kind, i) => kind.Data with { Name = $"average_{i}" })],
        };
        using var whole = new SmallRun(change: Change);
        whole.Trainer.Run();
        Kill(Change);
        using var rest = new SmallRun(threads: SlowTests.Run ? 3 : 1, _folder, Change);
        Assert.InRange(rest.Trainer.Step, 10, 20);
        rest.Trainer.Run();
        Assert.Equal(SmallRun.Lines(whole.Folder), SmallRun.Lines(_folder));
        Assert.Equal(whole.Everything(), rest.Everything());
    }

    [Theory, MemberData(nameof(Averages))]
    public void The_average_that_is_left_behind_is_what_it_would_have_been(AverageRecipe average)
    {
        Recipe Change(Recipe r) => r with { Steps = Steps, Average = [average with { Use = AverageUse.Final }] };
        using var whole = new SmallRun(change: Change);
        whole.Trainer.Run();
        Kill(Change);
        using var rest = new SmallRun(threads: SlowTests.Run ? 3 : 1, _folder, Change);
        rest.Trainer.Run();
        Assert.Equal(average.Label, rest.Seen.Evaluations[^1].Weights);
        Assert.Equal(whole.Seen.Evaluations[^1], rest.Seen.Evaluations[^1]);
        Assert.Equal(whole.Everything(), rest.Everything());
    }

    [Fact]
    public void No_average_of_the_catalog_is_left_out() =>
        Assert.Equal(AverageCatalog.RecipeTypes.Values.ToHashSet(), Averages.Select(row => row.Data.GetType()).ToHashSet());

    [Theory, MemberData(nameof(Orders))]
    public void With_another_micro_batch_the_same_samples_are_read_and_the_same_numbers_come_out_but_for_rounding(string order)
    {
        Recipe Change(Recipe r) => Reading(r, order);
        using var whole = new SmallRun(change: Change);
        whole.Trainer.Run();
        Kill(Change);
        foreach (int microBatch in SlowTests.Run ? (int[])[1, 4] : [4])
        {
            string copy = Copied(_folder);
            try
            {
                using var rest = new SmallRun(threads: 1, copy,
                    r => Change(r) with { Batch = r.Batch with { MicroBatchSize = microBatch } });
                int stopped = rest.Trainer.Step;
                Assert.InRange(stopped, 10, 20);
                rest.Trainer.Run();
                Assert.Equal(Steps - stopped, rest.Seen.Steps.Count);
                foreach (var (expected, found) in whole.Seen.Steps.Skip(stopped).Zip(rest.Seen.Steps))
                    SameButForRounding(expected, found, isFirst: found.Step == stopped + 1);
            }
            finally
            {
                Directory.Delete(copy, recursive: true);
            }
        }
    }

    /// <summary>
    /// In the first step weights and rows are the same, and losses above zero are summed in another order; then the weights differ
    /// by the rounding of their gradients. Other samples would differ by far more.
    /// </summary>
    internal static void SameButForRounding(StepMetrics expected, StepMetrics found, bool isFirst)
    {
        const int Rows = 128;
        Assert.Equal((expected.Step, expected.Tokens, expected.LearningRate), (found.Step, found.Tokens, found.LearningRate));
        double tolerance = isFirst ? Rows * Math.Pow(2, -23) : 1e-3;
        Assert.InRange(found.Loss, expected.Loss * (1 - tolerance), expected.Loss * (1 + tolerance));
    }

    // Every time on another number of threads; what came after the last checkpoint is lost.
    void Kill(Func<Recipe, Recipe> change)
    {
        foreach (int step in Kills)
        {
            using var part = new SmallRun(threads: 1 + step % 3, _folder, change);
            part.Seen.AfterSteps = step - part.Trainer.Step;
            part.Seen.Then = static () => throw new OperationCanceledException();
            Assert.Throws<OperationCanceledException>(() => part.Trainer.Run());
        }
    }

    static string Copied(string folder)
    {
        string copy = Directory.CreateTempSubdirectory("cria-resume-").FullName;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return copy;
    }
}
