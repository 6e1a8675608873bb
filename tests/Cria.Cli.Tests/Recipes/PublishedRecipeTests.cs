using Cria.Cli.Recipes;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Recipes;

/// <summary>The recipes of published models: each has the parameters its authors count, and a step that can be planned.</summary>
public sealed class PublishedRecipeTests
{
    static readonly string Root = Path.Combine(LauncherTests.RepositoryRoot(), "recipes");

    /// <summary>Recipe, all parameters, and those without the embedding of positions.</summary>
    static readonly (string Name, long Parameters, long WithoutPositions)[] Published =
    [
        ("babyllama/gpt-705M.yaml", 704_928_768, 704_928_768 - 256 * 1536),
        ("babyllama/gpt-97M-strict.yaml", 97_540_608, 97_540_608 - 256 * 768),
        ("babyllama/gpt-97M.yaml", 97_540_608, 97_540_608 - 256 * 768),
        ("babyllama/gpt-j-97M-strict.yaml", 97_304_704, 97_304_704),
        ("babyllama/gpt-j-97M.yaml", 97_304_704, 97_304_704),
        ("babyllama/llama-16M.yaml", 16_584_960, 16_584_960),
        ("babyllama/llama-360M.yaml", 359_973_888, 359_973_888),
        ("babyllama/llama-95M-strict.yaml", 95_371_008, 95_371_008),
        ("babyllama/llama-95M.yaml", 95_371_008, 95_371_008),
        ("babyllama/llama-97M-strict.yaml", 97_241_856, 97_241_856),
        ("babyllama/llama-97M.yaml", 97_241_856, 97_241_856),
        ("babyllama/llama-bigger-strict.yaml", 109_529_856, 109_529_856),
        ("babyllama/student-58M.yaml", 58_343_936, 58_343_936),
        ("gpt2/gpt2-124m.yaml", 124_439_808, 123_653_376),
        ("inheritune/gpt2-large-32.yaml", 694_928_640, 693_617_920),
        ("inheritune/gpt2-large.yaml", 773_582_080, 772_271_360),
        ("inheritune/gpt2-medium.yaml", 354_599_936, 353_551_360),
        ("inheritune/gpt2-small.yaml", 124_373_760, 123_587_328),
        ("inheritune/gpt2-xlarge.yaml", 1_556_840_000, 1_555_201_600),
        ("lillm/lillm-300m.yaml", 291_554_304, 291_554_304),
        ("lillm/lillm-39m.yaml", 39_596_544, 39_596_544),
        ("llm-baselines/124M.yaml", 123_587_328, 123_587_328),
        ("llm-baselines/210M.yaml", 208_540_416, 208_540_416),
        ("llm-baselines/583M.yaml", 583_232_640, 583_232_640),
        ("llm-baselines/720M.yaml", 719_636_480, 719_636_480),
        ("noam/wide.yaml", 179_983_360, 179_983_360),
        ("qwen3/qwen3-40m.yaml", 39_598_080, 39_598_080),
    ];

    public static TheoryData<string> Names => [.. Published.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recipe_has_its_model_to_the_parameter(string name)
    {
        var (_, parameters, withoutPositions) = Published.Single(recipe => recipe.Name == name);
        Recipe recipe = RecipeFile.Read(Path.Combine(Root, name));
        RecipeRules.Check(recipe);
        using ILanguageModel model = ModelCatalog.Create(recipe.Model, CpuDevice.Instance);
        Assert.Equal(parameters, model.Parameters.Count);
        Assert.Equal(withoutPositions, parameters - (model.PositionEmbedding?.Shape.Length ?? 0));
        Assert.Equal(RecipeFile.Text(recipe), RecipeFile.Text(RecipeFile.Parse(RecipeFile.Text(recipe), "again.yaml", "/")));
        Assert.Throws<InvalidOperationException>(() => model.Parameters.Weights); // counted, and not allocated
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_of_the_recipe_can_be_planned(string name)
    {
        Recipe recipe = RecipeFile.Read(Path.Combine(Root, name));
        using ILanguageModel model = ModelCatalog.Create(recipe.Model, CpuDevice.Instance);
        using var plan = TrainingPlan.Record(model, recipe.Batch.MicroBatchSize, recipe.Data.SequenceLength, recipe.PlanOptions()).Plan;
        Assert.True(plan.ArenaBytes > 0 && plan.ArenaBytes < plan.UnsharedBytes);
    }

    [Fact]
    public void Every_published_recipe_is_counted_here()
    {
        string[] folders = ["babyllama", "gpt2", "inheritune", "lillm", "llm-baselines", "noam", "qwen3"];
        Assert.Equal(
            folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.yaml").Select(path => $"{folder}/{Path.GetFileName(path)}")).Order(StringComparer.Ordinal),
            Published.Select(recipe => recipe.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Inspect_prints_the_count_with_and_without_positions()
    {
        string output = CriaProcess.Succeed("inspect", Path.Combine(Root, "inheritune", "gpt2-xlarge.yaml"), "--json");
        Assert.Contains("\"parameters\": 1556840000,", output, StringComparison.Ordinal);
        Assert.Contains("\"parameters_without_positions\": 1555201600,", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_corpus_that_is_not_there_is_named_with_the_way_to_give_it()
    {
        using TemporaryFolder folder = new();
        var (code, output, error) = CriaProcess.Run("train", Path.Combine(Root, "noam", "wide.yaml"), "--out", folder["run"]);
        Runs.Refusal.Assert(1, code, output, error, "slimpajama-6b does not exist", "data.train", "--set data.train=PATH");
    }
}
